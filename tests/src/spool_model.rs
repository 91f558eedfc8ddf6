//! A file system in memory that loses what real ones lose.
//!
//! ```
//! use std::{path::Path, sync::Arc};
//! use logtide_client::{Durability, spool::Store};
//! use logtide_core::spool::{FileId, Operation};
//! use logtide_tests::spool_model::ModelDisk;
//!
//! let disk = ModelDisk::new(7);
//! let open = || Store::open(Arc::new(disk.clone()), Path::new("/spool"), Durability::default());
//! let (mut store, _) = open()?;
//! let file = FileId { folder: 0, number: 1 };
//! store.run(Operation::Create { file, bytes: b"entries".to_vec() }).unwrap();
//! disk.crash();
//! drop(store);
//! let (_, found) = open()?;
//! assert_eq!(found[0].file, file);
//! # Ok::<(), logtide_client::spool::SpoolError>(())
//! ```

mod data;
mod handle;
mod names;
mod state;

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use logtide_client::spool::{Entry, FileSystem, Lock, OpenFile};
use logtide_core::Timestamp;

use self::{handle::Handle, state::State};

/// A file system in memory. Its clones are the same disk.
///
/// What happens at a crash is decided by the seed. Each of these is lost or not, whatever became of the others: a name that was made,
/// changed or removed since the directory was synced, and a page of 512 bytes that was written since the file was synced. Instead of pages
/// a file may also lose its end, at any byte.
#[derive(Clone, Debug)]
pub struct ModelDisk(Arc<Mutex<State>>);

/// What goes wrong on a [`ModelDisk`].
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// How many bytes find room, counted from when the faults are set; what is removed makes room. `None` for any number.
    pub free: Option<u64>,
    /// Whether nothing can be changed.
    pub read_only: bool,
    /// Whether syncs of files and directories fail. What a file had not synced is then lost or not, and a later sync, though it
    /// succeeds, does not bring it back.
    pub failing_syncs: bool,
    /// Whether no file can be given another name.
    pub failing_renames: bool,
    /// Whether no file can be removed.
    pub failing_removes: bool,
    /// Whether no file can be read.
    pub failing_reads: bool,
}

impl ModelDisk {
    /// An empty disk.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(State::new(seed))))
    }

    /// Sets what goes wrong from here on, instead of what went wrong before.
    pub fn set_faults(&self, faults: Faults) {
        self.state().set_faults(faults);
    }

    /// Cuts the power: what was not synced is lost or not, locks are released, and open files are dead. Power and disk are back at once,
    /// faults stay.
    pub fn crash(&self) {
        self.state().crash();
    }

    /// Ends all processes, as SIGKILL does: what was written is there, locks are released, and open files are dead.
    pub fn kill(&self) {
        self.state().kill();
    }

    /// Lets so many more changes happen, and then fails everything until [`crash`](Self::crash) or [`kill`](Self::kill). Writes, syncs,
    /// and changes of names are one change each.
    pub fn stop_after(&self, changes: u64) {
        self.state().stop_after(changes);
    }

    /// How many changes there were.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.state().changes()
    }

    /// How many files and directories were synced.
    #[must_use]
    pub fn syncs(&self) -> u64 {
        self.state().syncs()
    }

    /// Sets what the clock says, which goes on by a millisecond with each change.
    pub fn set_time(&self, time: Timestamp) {
        self.state().set_time(time);
    }

    /// Makes a file as it is, with its directories, all of it durable.
    pub fn put(&self, file: impl AsRef<Path>, bytes: &[u8]) {
        self.state().put(file.as_ref(), bytes);
    }

    /// What is in a file.
    #[must_use]
    pub fn get(&self, file: impl AsRef<Path>) -> Option<Vec<u8>> {
        self.state().get(file.as_ref())
    }

    /// All files, by their names.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        self.state().files()
    }

    /// Removes a file, or a directory with all that is in it, durably.
    pub fn remove_all(&self, path: impl AsRef<Path>) {
        self.state().remove_all(path.as_ref());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FileSystem for ModelDisk {
    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        self.state().list(dir)
    }

    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        self.state().create_dir(dir)
    }

    fn create(&self, file: &Path) -> io::Result<Box<dyn OpenFile>> {
        let (inode, life) = self.state().create(file)?;
        Ok(Box::new(Handle { disk: self.clone(), inode, life }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.state().rename(from, to)
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        self.state().remove(file)
    }

    fn read(&self, file: &Path, limit: u64) -> io::Result<Vec<u8>> {
        self.state().read(file, limit)
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        self.state().sync_dir(dir)
    }

    fn lock(&self, file: &Path, label: &[u8]) -> io::Result<Option<Lock>> {
        let Some((label, life)) = self.state().lock(file, label)? else { return Ok(None) };
        let guard = handle::Guard { disk: self.clone(), file: file.to_owned(), life };
        Ok(Some(Lock { label, guard: Box::new(guard) }))
    }
}

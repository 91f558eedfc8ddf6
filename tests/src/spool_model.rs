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
/// The seed decides what happens at a crash. Each name that was created, changed or removed since the directory was synced is lost
/// or kept, independently of the others. So is each page of 512 bytes that was written since the file was synced. Instead of pages,
/// a file may also lose its end, at any byte.
#[derive(Clone, Debug)]
pub struct ModelDisk(Arc<Mutex<State>>);

/// The faults of a [`ModelDisk`].
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// The free bytes, counted from when the faults are set. Removing files frees more. `None` for no limit.
    pub free: Option<u64>,
    /// Whether the disk is read-only.
    pub read_only: bool,
    /// Whether syncs of files and directories fail. Data that was not synced is then lost or kept, and a later successful sync
    /// does not restore it.
    pub failing_syncs: bool,
    /// Whether no file can be renamed.
    pub failing_renames: bool,
    /// Whether no file can be removed.
    pub failing_removes: bool,
    /// Whether no file can be read.
    pub failing_reads: bool,
}

impl ModelDisk {
    /// Creates an empty disk.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(State::new(seed))))
    }

    /// Replaces the faults.
    pub fn set_faults(&self, faults: Faults) {
        self.state().set_faults(faults);
    }

    /// Cuts the power: data that was not synced is lost or kept, locks are released, and open files become unusable. The disk is
    /// back at once, with the same faults.
    pub fn crash(&self) {
        self.state().crash();
    }

    /// Ends all processes, like SIGKILL: written data is kept, locks are released, and open files become unusable.
    pub fn kill(&self) {
        self.state().kill();
    }

    /// Lets this many more changes happen, and then fails everything until [`crash`](Self::crash) or [`kill`](Self::kill). Each
    /// write, sync, and change of a name is one change.
    pub fn stop_after(&self, changes: u64) {
        self.state().stop_after(changes);
    }

    /// Returns the number of changes.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.state().changes()
    }

    /// Returns the number of synced files and directories.
    #[must_use]
    pub fn syncs(&self) -> u64 {
        self.state().syncs()
    }

    /// Sets the clock, which advances by a millisecond with each change.
    pub fn set_time(&self, time: Timestamp) {
        self.state().set_time(time);
    }

    /// Creates a durable file with its directories.
    pub fn put(&self, file: impl AsRef<Path>, bytes: &[u8]) {
        self.state().put(file.as_ref(), bytes);
    }

    /// Returns the content of a file.
    #[must_use]
    pub fn get(&self, file: impl AsRef<Path>) -> Option<Vec<u8>> {
        self.state().get(file.as_ref())
    }

    /// Returns all files by name.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        self.state().files()
    }

    /// Durably removes a file, or a directory with everything in it.
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

//! An in-memory disk, with a possible thread switch before each operation.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError},
    time::SystemTime,
};

use super::{Condvar, Mutex, MutexGuard};
use crate::spool::{Entry, EntryKind, FileSystem, Lock, OpenFile};

/// All values in one run of a check are the same disk.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Disk;

#[derive(Default)]
struct State {
    dirs: BTreeSet<PathBuf>,
    files: BTreeMap<PathBuf, Data>,
    locks: BTreeSet<PathBuf>,
    /// The number of further changes that fail.
    failures: usize,
    hangs: bool,
    /// The number of changes that wait while the disk hangs.
    waiting: usize,
    syncs: usize,
}

/// The written bytes, and how many of them are synced.
type Data = Arc<std::sync::Mutex<(Vec<u8>, usize)>>;

shuttle::lazy_static! {
    static ref STATE: Mutex<State> = Mutex::default();
    static ref CHANGED: Condvar = Condvar::new();
}

#[derive(Debug)]
struct Handle(Data);

#[derive(Debug)]
struct Locked(PathBuf);

impl Disk {
    /// Makes the next `changes` changes fail.
    pub(crate) fn fail(self, changes: usize) {
        self.state().failures = changes;
    }

    /// Blocks all changes.
    pub(crate) fn hang(self) {
        self.state().hangs = true;
    }

    pub(crate) fn resume(self) {
        self.state().hangs = false;
        CHANGED.notify_all();
    }

    /// Waits until a change is blocked.
    pub(crate) fn wait_until_blocked(self) {
        let state = CHANGED.wait_while(self.state(), |state| state.waiting == 0);
        drop(state.unwrap_or_else(PoisonError::into_inner));
    }

    /// Whether a spool file contains the text, synced.
    pub(crate) fn holds(self, text: &str) -> bool {
        let state = self.state();
        let of_spool = |path: &Path| path.extension().is_some_and(|extension| extension == "spool");
        state.files.iter().filter(|(path, _)| of_spool(path)).any(|(_, data)| {
            let (bytes, synced) = &*lock(data);
            String::from_utf8_lossy(&bytes[..*synced]).contains(text)
        })
    }

    /// The number of file syncs.
    pub(crate) fn syncs(self) -> usize {
        self.state().syncs
    }

    /// The number of folders that clients have locked at some time.
    pub(crate) fn folders(self) -> usize {
        self.state().files.keys().filter(|path| path.ends_with("lock")).count()
    }

    /// Begins a change, or fails it.
    fn change(self) -> io::Result<MutexGuard<'static, State>> {
        let mut state = self.state();
        state.waiting += 1;
        CHANGED.notify_all();
        state = CHANGED.wait_while(state, |state| state.hangs).unwrap_or_else(PoisonError::into_inner);
        state.waiting -= 1;
        if state.failures > 0 {
            state.failures -= 1;
            return Err(io::Error::other("the check fails it"));
        }
        Ok(state)
    }

    fn state(self) -> MutexGuard<'static, State> {
        STATE.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FileSystem for Disk {
    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        let state = self.state();
        if !state.dirs.contains(dir) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let is_in = |path: &&PathBuf| path.parent() == Some(dir);
        let entry = |path: &PathBuf, kind, bytes: usize| Entry {
            name: path.file_name().unwrap_or_default().to_owned(),
            kind,
            bytes: bytes as u64,
            written: SystemTime::now().into(),
        };
        let dirs = state.dirs.iter().filter(is_in).map(|path| entry(path, EntryKind::Directory, 0));
        let files = state.files.iter().filter(|(path, _)| is_in(path));
        Ok(dirs.chain(files.map(|(path, data)| entry(path, EntryKind::File, lock(data).0.len()))).collect())
    }

    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        if self.change()?.dirs.insert(dir.to_owned()) {
            Ok(())
        } else {
            Err(io::ErrorKind::AlreadyExists.into())
        }
    }

    fn create(&self, file: &Path) -> io::Result<Box<dyn OpenFile>> {
        let data = Data::default();
        self.change()?.files.insert(file.to_owned(), data.clone());
        Ok(Box::new(Handle(data)))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.change()?;
        let data = state.files.remove(from).ok_or(io::ErrorKind::NotFound)?;
        state.files.insert(to.to_owned(), data);
        Ok(())
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        let removed = self.change()?.files.remove(file);
        removed.map(drop).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn read(&self, file: &Path, _limit: u64) -> io::Result<Vec<u8>> {
        let state = self.state();
        let data = state.files.get(file).ok_or(io::ErrorKind::NotFound)?;
        Ok(lock(data).0.clone())
    }

    fn sync_dir(&self, _dir: &Path) -> io::Result<()> {
        self.change().map(drop)
    }

    fn lock(&self, file: &Path, label: &[u8]) -> io::Result<Option<Lock>> {
        let mut state = self.change()?;
        if !state.locks.insert(file.to_owned()) {
            return Ok(None);
        }
        state.files.entry(file.to_owned()).or_default();
        Ok(Some(Lock { label: label.to_owned(), guard: Box::new(Locked(file.to_owned())) }))
    }
}

impl OpenFile for Handle {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let _state = Disk.change()?;
        lock(&self.0).0.extend(bytes);
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut state = Disk.change()?;
        state.syncs += 1;
        let (bytes, synced) = &mut *lock(&self.0);
        *synced = bytes.len();
        Ok(())
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        Disk.state().locks.remove(&self.0);
    }
}

/// Locked only briefly, and always inside the disk's lock.
fn lock(data: &Data) -> std::sync::MutexGuard<'_, (Vec<u8>, usize)> {
    data.lock().unwrap_or_else(PoisonError::into_inner)
}

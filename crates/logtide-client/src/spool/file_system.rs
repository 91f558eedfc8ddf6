//! What a store needs of a file system.

use std::{ffi::OsString, fmt, io, path::Path};

use logtide_core::Timestamp;

/// What a [`Store`](super::Store) needs of a file system. [`Disk`](super::Disk) is the real one.
///
/// All calls block.
pub trait FileSystem: fmt::Debug + Send + Sync {
    /// What is in a directory, in any order.
    ///
    /// # Errors
    ///
    /// There is no such directory, or it cannot be read.
    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>>;

    /// Makes a directory, not its parents.
    ///
    /// # Errors
    ///
    /// There is something of that name, there is no parent, or it cannot be written.
    fn create_dir(&self, dir: &Path) -> io::Result<()>;

    /// Makes an empty file and opens it. What has the name is removed before; a symbolic link is not followed.
    ///
    /// # Errors
    ///
    /// The directory cannot be written.
    fn create(&self, file: &Path) -> io::Result<Box<dyn OpenFile>>;

    /// Gives a file another name in the same directory.
    ///
    /// # Errors
    ///
    /// There is no such file, or the directory cannot be written.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    ///
    /// There is no such file, or the directory cannot be written.
    fn remove(&self, file: &Path) -> io::Result<()>;

    /// Reads a file, at most its first `limit` bytes.
    ///
    /// # Errors
    ///
    /// There is no such file, or it cannot be read.
    fn read(&self, file: &Path, limit: u64) -> io::Result<Vec<u8>>;

    /// Makes the names in a directory durable.
    ///
    /// # Errors
    ///
    /// They may not be durable.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;

    /// Locks a file, or returns `None` when somebody else holds its lock: another process, or another lock of this one.
    ///
    /// The file is made when there is none. When it holds nothing, or only the beginning of `label`, `label` is written to it and
    /// synced.
    ///
    /// # Errors
    ///
    /// The file cannot be opened and written, it is no plain file, or the file system has no locks
    /// ([`io::ErrorKind::Unsupported`]).
    fn lock(&self, file: &Path, label: &[u8]) -> io::Result<Option<Lock>>;
}

/// A file that is being written.
pub trait OpenFile: fmt::Debug + Send {
    /// Writes all of the bytes at its end.
    ///
    /// # Errors
    ///
    /// A part of them may have been written.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Makes durable what was written.
    ///
    /// # Errors
    ///
    /// What was written since the last success may be lost, even when a later call succeeds.
    fn sync(&mut self) -> io::Result<()>;
}

/// A file that is locked until this is dropped.
#[derive(Debug)]
pub struct Lock {
    /// What is in the file, at most the first 1,024 bytes.
    pub label: Vec<u8>,
    /// Releases the lock when it is dropped.
    pub guard: Box<dyn Guard>,
}

/// Holds a lock until it is dropped.
pub trait Guard: fmt::Debug + Send {}

impl<T: fmt::Debug + Send> Guard for T {}

/// Something in a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name in the directory.
    pub name: OsString,
    /// What it is. Symbolic links are not followed.
    pub kind: EntryKind,
    /// How many bytes a file has.
    pub bytes: u64,
    /// When it was written last.
    pub written: Timestamp,
}

/// What an [`Entry`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A plain file.
    File,
    /// A directory.
    Directory,
    /// Anything else, such as a symbolic link.
    Other,
}

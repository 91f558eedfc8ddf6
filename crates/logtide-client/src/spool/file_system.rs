//! The file system interface of a store.

use std::{ffi::OsString, fmt, io, path::Path};

use logtide_core::Timestamp;

/// The file system operations that a [`Store`](super::Store) needs. [`Disk`](super::Disk) implements them on the
/// machine's file system.
///
/// All calls block.
pub trait FileSystem: fmt::Debug + Send + Sync {
    /// Lists a directory, in any order.
    ///
    /// # Errors
    ///
    /// Returns an error if the directory does not exist or cannot be read.
    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>>;

    /// Creates a directory, without its parents.
    ///
    /// # Errors
    ///
    /// Returns an error if the name exists, or if the parent does not exist or cannot be written.
    fn create_dir(&self, dir: &Path) -> io::Result<()>;

    /// Creates an empty file and opens it. An existing file is removed first; a symbolic link is not followed.
    ///
    /// # Errors
    ///
    /// Returns an error if the directory cannot be written.
    fn create(&self, file: &Path) -> io::Result<Box<dyn OpenFile>>;

    /// Renames a file in its directory.
    ///
    /// # Errors
    ///
    /// Returns an error if the file does not exist or the directory cannot be written.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    ///
    /// Returns an error if the file does not exist or the directory cannot be written.
    fn remove(&self, file: &Path) -> io::Result<()>;

    /// Reads a file, at most its first `limit` bytes.
    ///
    /// # Errors
    ///
    /// Returns an error if the file does not exist or cannot be read.
    fn read(&self, file: &Path, limit: u64) -> io::Result<Vec<u8>>;

    /// Syncs a directory, so that the names in it are durable.
    ///
    /// # Errors
    ///
    /// Returns an error if the names may not be durable.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;

    /// Locks a file, or returns `None` if another process, or another lock of this one, holds its lock.
    ///
    /// The file is created if it does not exist. If it is empty, or has only the start of `label`, `label` is written
    /// to it and synced.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be opened or written, is not a regular file, or if the file system does not
    /// support locks ([`io::ErrorKind::Unsupported`]).
    fn lock(&self, file: &Path, label: &[u8]) -> io::Result<Option<Lock>>;
}

/// A file that is being written.
pub trait OpenFile: fmt::Debug + Send {
    /// Appends all of the bytes.
    ///
    /// # Errors
    ///
    /// After an error, part of the bytes may have been written.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Syncs what was written.
    ///
    /// # Errors
    ///
    /// After an error, everything written since the last success may be lost, even if a later call succeeds.
    fn sync(&mut self) -> io::Result<()>;
}

/// A file that is locked until this is dropped.
#[derive(Debug)]
pub struct Lock {
    /// The content of the file, at most the first 1,024 bytes.
    pub label: Vec<u8>,
    /// Releases the lock when it is dropped.
    pub guard: Box<dyn Guard>,
}

/// Holds a lock until it is dropped.
pub trait Guard: fmt::Debug + Send {}

impl<T: fmt::Debug + Send> Guard for T {}

/// An entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name.
    pub name: OsString,
    /// The kind. Symbolic links are not followed.
    pub kind: EntryKind,
    /// The size of a file in bytes.
    pub bytes: u64,
    /// The time of the last write.
    pub written: Timestamp,
}

/// The kind of an [`Entry`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// Anything else, such as a symbolic link.
    Other,
}

//! Why there is no store.

use std::{io, path::PathBuf};

use super::trouble::cause;

/// A directory cannot be used for entries. They are kept in memory alone.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SpoolError {
    /// It is a file.
    #[error("{} is not a directory: set a directory for the spool", .path.display())]
    NotADirectory {
        /// What was named.
        path: PathBuf,
    },
    /// The program may not write there.
    #[error("no permission for {}: give the program's user read and write access, or set another directory for the spool", .path.display())]
    Permission {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file system is read-only.
    #[error("{} is on a read-only file system: set another directory for the spool", .path.display())]
    ReadOnly {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file system has no locks.
    #[error("the file system of {} does not support locks: set a directory on a local disk for the spool", .path.display())]
    NoLocks {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// All numbers of folders are in use.
    #[error("all {limit} folders of {} are in use: set another directory for the spool", .path.display())]
    InUse {
        /// The directory.
        path: PathBuf,
        /// How many there are at most.
        limit: u32,
    },
    /// Anything else.
    #[error("cannot use {} for the spool: {}", .path.display(), cause(.source))]
    Io {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl SpoolError {
    pub(super) fn new(path: impl Into<PathBuf>, source: io::Error) -> Self {
        let path = path.into();
        match source.kind() {
            io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => Self::NotADirectory { path },
            io::ErrorKind::PermissionDenied => Self::Permission { path, source },
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path, source },
            io::ErrorKind::Unsupported => Self::NoLocks { path, source },
            _ => Self::Io { path, source },
        }
    }
}

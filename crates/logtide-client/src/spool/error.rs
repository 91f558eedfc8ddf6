//! Spool errors.

use std::{io, path::PathBuf};

use super::operation_error::cause;

/// A directory cannot be used for the spool. Entries are kept only in memory.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SpoolError {
    /// It is a file.
    #[error("{} is not a directory: set a directory for the spool", .path.display())]
    NotADirectory {
        /// The path.
        path: PathBuf,
    },
    /// The program may not write there.
    #[error("no permission for {}: give the program's user read and write access, or set another directory for the spool", .path.display())]
    Permission {
        /// The path.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The file system is read-only.
    #[error("{} is on a read-only file system: set another directory for the spool", .path.display())]
    ReadOnly {
        /// The path.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The file system does not support locks.
    #[error("the file system of {} does not support locks: set a directory on a local disk for the spool", .path.display())]
    NoLocks {
        /// The path.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// All numbers of folders are in use.
    #[error("all {limit} folders of {} are in use: set another directory for the spool", .path.display())]
    InUse {
        /// The directory.
        path: PathBuf,
        /// The maximum number of folders.
        limit: u32,
    },
    /// Any other error.
    #[error("cannot use {} for the spool: {}", .path.display(), cause(.source))]
    Io {
        /// The path.
        path: PathBuf,
        /// The error of the system.
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

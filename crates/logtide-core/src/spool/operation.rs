//! Operations on the files of a spool.

use std::fmt;

use crate::Timestamp;

/// Identifies a file of a spool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId {
    /// The number of the folder, assigned by the driver: 0 for its own, others for adopted ones.
    pub folder: u32,
    /// The number of the file in its folder. Newer files have higher numbers.
    pub number: u64,
}

/// A file that exists when a folder is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which one.
    pub file: FileId,
    /// Its size in bytes.
    pub bytes: u64,
    /// The time of the last write.
    pub written: Timestamp,
}

/// An operation for the driver to perform, one at a time. Report the result of each with
/// [`handle_completion`](crate::Pipeline::handle_completion).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[must_use]
pub enum Operation {
    /// Writes a new file: write a temporary file, sync and rename it, and then sync the folder.
    Create {
        /// Which one.
        file: FileId,
        /// Its whole content.
        bytes: Vec<u8>,
    },
    /// Appends to an existing file, and syncs it.
    Append {
        /// Which one.
        file: FileId,
        /// What to append.
        bytes: Vec<u8>,
    },
    /// Reads a whole file. Nothing is appended to it afterwards.
    Read {
        /// Which one.
        file: FileId,
    },
    /// Removes a file.
    Remove {
        /// Which one.
        file: FileId,
    },
    /// Renames a damaged file, so that no later process reads it.
    SetAside {
        /// Which one.
        file: FileId,
    },
}

impl Operation {
    /// The file of the operation.
    #[must_use]
    pub const fn file(&self) -> FileId {
        match self {
            Self::Create { file, .. }
            | Self::Append { file, .. }
            | Self::Read { file }
            | Self::Remove { file }
            | Self::SetAside { file } => *file,
        }
    }
}

/// The result of an [`Operation`]: the bytes of a file that was read, or nothing.
pub type Completion = Result<Vec<u8>, OperationError>;

/// Why an [`Operation`] failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationError {
    /// What happened.
    pub detail: String,
    /// Whether it would fail again: the file does not exist, or is larger than any that was written.
    pub is_final: bool,
}

impl fmt::Display for OperationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.detail)
    }
}

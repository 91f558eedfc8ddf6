//! What is done with the files of a spool.

use std::fmt;

use crate::Timestamp;

/// Names a file of a spool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId {
    /// The folder, by a number that the driver gives it: 0 for its own, others for those it has adopted.
    pub folder: u32,
    /// The number of the file in its folder. Higher numbers are younger.
    pub number: u64,
}

/// A file that is there already when a folder is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which one.
    pub file: FileId,
    /// How large it is.
    pub bytes: u64,
    /// When it was written last.
    pub written: Timestamp,
}

/// What the driver shall do with a file, one at a time. Each is answered by one
/// [`handle_completion`](crate::Pipeline::handle_completion).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[must_use]
pub enum Operation {
    /// Writes a new file: in a temporary one, which is synced and renamed, and then the folder is synced.
    Create {
        /// Which one.
        file: FileId,
        /// All that is in it.
        bytes: Vec<u8>,
    },
    /// Adds to a file that was created before, and syncs it.
    Append {
        /// Which one.
        file: FileId,
        /// What is added.
        bytes: Vec<u8>,
    },
    /// Reads a whole file. It is not appended to afterwards.
    Read {
        /// Which one.
        file: FileId,
    },
    /// Removes a file.
    Remove {
        /// Which one.
        file: FileId,
    },
    /// Puts a damaged file aside under another name, where no later process reads it.
    SetAside {
        /// Which one.
        file: FileId,
    },
}

impl Operation {
    /// The file that it is about.
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

/// What came of an [`Operation`]: the bytes of a file that was read, or nothing.
pub type Completion = Result<Vec<u8>, Trouble>;

/// Why an [`Operation`] failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What happened.
    pub detail: String,
    /// Whether it will fail again: there is no such file, or it is larger than any that was written.
    pub is_final: bool,
}

impl fmt::Display for Trouble {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.detail)
    }
}

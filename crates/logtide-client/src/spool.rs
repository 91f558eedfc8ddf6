//! Where a client keeps entries in files.
//!
//! A client with [`ClientOptions::spool`](crate::ClientOptions::spool) opens a [`Store`] on [`Disk`]. The seam between them, [`FileSystem`],
//! is for tests that model crashes and full disks.
//!
//! # Layout
//!
//! The directory that is named has numbered folders, and each has one owner at a time:
//!
//! ```text
//! spool/
//!   1/
//!     lock                            # held by the owner while it runs; one line: logtide-spool 1
//!     00000000000000000007.spool      # entries, see logtide_core::spool
//!     00000000000000000008.tmp        # is being written; removed at the next start
//!     00000000000000000003.damaged    # set aside
//!   2/
//! ```
//!
//! - A client takes the lowest number whose `lock` it can lock. So a service that runs once has `1` each time, and goes on with what it
//!   left there; a second process, or a second client of the process, takes the next.
//! - Folders that nobody holds and that have files are adopted: their files are delivered by whoever locks them first.
//! - A folder whose `lock` names a later version of the layout is left alone, and so is everything in a folder that is not named as above.
//! - Files are set aside when they are damaged, for a human to look at. They count for none of the limits. A folder keeps 100 of them;
//!   beyond that the oldest is removed.
//! - On Unix, new folders and files can be read by their owner alone: entries may be private.
//!
//! The directory must be on a file system with locks, and must not be one that is emptied from time to time, such as `/tmp`.

mod disk;
mod error;
mod file_system;
mod folder;
mod label;
mod name;
mod store;
mod trouble;

pub use self::{
    disk::Disk,
    error::SpoolError,
    file_system::{Entry, EntryKind, FileSystem, Guard, Lock, OpenFile},
    store::Store,
};

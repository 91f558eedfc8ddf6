//! The files of a client's spool.
//!
//! A client with [`ClientOptions::spool`](crate::ClientOptions::spool) opens a [`Store`] on [`Disk`]. Tests use
//! another [`FileSystem`], which models crashes and full disks.
//!
//! # Layout
//!
//! The directory has numbered folders, and each has one owner at a time:
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
//! - A client takes the lowest number whose `lock` it can lock. So a service that runs once always has `1`, and
//!   continues with its files. A second process, or a second client of the process, takes the next number.
//! - Folders without an owner that have files are adopted: the first process that locks them delivers their files.
//! - A folder whose `lock` has a later version of the layout is skipped, and so is everything in a folder that is not
//!   named as above.
//! - Damaged files are renamed and kept for inspection. They do not count for the limits. A folder keeps 100 of them,
//!   and then the oldest is removed.
//! - On Unix, only the owner can read new folders and files, because entries may be private.
//!
//! The directory must be on a file system with locks, and must not be cleared periodically, as `/tmp` is.

mod disk;
mod error;
mod file_system;
mod folder;
mod label;
mod name;
mod operation_error;
mod store;

pub use self::{
    disk::Disk,
    error::SpoolError,
    file_system::{Entry, EntryKind, FileSystem, Guard, Lock, OpenFile},
    store::Store,
};

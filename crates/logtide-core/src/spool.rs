//! Keeping entries in files until they are delivered.
//!
//! A [`Pipeline`](crate::Pipeline) with [`SpoolOptions`] keeps entries that it cannot send in files, and this process
//! or the next sends them later. It does no I/O: it returns an [`Operation`] on a file, and is told the result.
//!
//! # Format
//!
//! A file is text that consists of blocks. A block is a header followed by entries, one on each line:
//!
//! ```text
//! #logtide-spool 1 json 2 1795340191342 5a0d1c22
//! 1b851995 31 {"time":"…","service":"api",…}
//! 9f0e7b3c 31 {"time":"…","service":"api",…}
//! ```
//!
//! - The header has the version of the format, the [wire](crate::Wire::name) that rendered the entries, and their
//!   number. It ends with the time at which the block was written (milliseconds since 1970), and the CRC-32 of the
//!   line up to there, without the preceding space.
//! - An entry line has the CRC-32 of the entry's text, its length in bytes, and the text, which contains no line
//!   break.
//!
//! CRCs are CRC-32 as in gzip, in eight hexadecimal digits. You can send a file of the wire `json` by hand: without
//! the first two columns, its entries are elements of `logs`.
//!
//! ```sh
//! grep -v '^#' 00000000000000000001.spool | cut -d' ' -f3- | paste -sd, | sed 's/.*/{"logs":[&]}/' |
//!     curl -H "X-API-Key: $KEY" -H 'Content-Type: application/json' --data-binary @- "$URL/api/v1/ingest"
//! ```
//!
//! A damaged line loses only its entry, and a damaged header loses none.

mod block;
mod content;
mod file;
mod files;
mod operation;
mod options;
mod pause;

pub(crate) use self::{
    block::Block,
    content::{Content, read},
    file::File,
    files::{Doing, Files},
    pause::Pause,
};
pub use self::{
    operation::{Completion, FileId, Found, Operation, OperationError},
    options::SpoolOptions,
};

//! Entries in files, until they are delivered.
//!
//! A [`Pipeline`](crate::Pipeline) with [`SpoolOptions`] keeps what it cannot send in files, and sends it later: this process or the
//! next. It does no I/O: it says what is to be done with which file, by [`Operation`], and learns what came of it.
//!
//! # Format
//!
//! A file is text, in blocks. Each block is a header and as many entries as it says, one a line:
//!
//! ```text
//! #logtide-spool 1 json 2 1795340191342 5a0d1c22
//! 1b851995 31 {"time":"…","service":"api",…}
//! 9f0e7b3c 31 {"time":"…","service":"api",…}
//! ```
//!
//! - The header names the version of the format, the [wire](crate::Wire::name) that rendered the entries, how many they are, when the
//!   block was written (milliseconds since 1970), and the CRC-32 of the line up to there, without the space before it.
//! - An entry is the CRC-32 of its text, how many bytes that has, and the text, which has no line break.
//!
//! CRCs are CRC-32 as in gzip, in eight hexadecimal digits. A file of the wire `json` can be sent by hand: without the first
//! two columns its entries are elements of `logs`.
//!
//! ```sh
//! grep -v '^#' 00000000000000000001.spool | cut -d' ' -f3- | paste -sd, | sed 's/.*/{"logs":[&]}/' |
//!     curl -H "X-API-Key: $KEY" -H 'Content-Type: application/json' --data-binary @- "$URL/api/v1/ingest"
//! ```
//!
//! A damaged line costs its entry and no other, and a damaged header costs none.

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
    operation::{Completion, FileId, Found, Operation, Trouble},
    options::SpoolOptions,
};

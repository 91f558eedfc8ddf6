//! What a stream consists of.

use std::time::Duration;

/// A part of an event stream, borrowed from the chunk that finished it or from the decoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Frame<'a> {
    /// An event with data.
    Event(Event<'a>),
    /// The text of a comment, without the colon and a space behind it. Servers send comments to keep a connection alive.
    Comment(&'a str),
    /// How long to wait before the next connection, at most [`MAX_RETRY_AFTER`](logtide_core::limits::MAX_RETRY_AFTER).
    Retry(Duration),
    /// An event was larger than the bound, or its name or id longer than 4 KiB, and is lost.
    ///
    /// Its comments, retry times and id count as far as they stand before the line that went over the bound.
    Oversized {
        /// How long it was: its lines as UTF-8, each with one byte for its end, comments included.
        bytes: u64,
    },
}

/// A message that a server sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event<'a> {
    /// The type of the event; `message` where the server gave none.
    pub name: &'a str,
    /// The lines of data, joined by line feeds.
    pub data: &'a str,
    /// The last id that the server gave, with this event or an earlier one; empty where it gave none.
    pub id: &'a str,
}

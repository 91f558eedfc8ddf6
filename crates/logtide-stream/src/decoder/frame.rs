//! The parts of an event stream.

use std::time::Duration;

/// A part of an event stream, borrowed from the chunk that completed it or from the decoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Frame<'a> {
    /// An event with data.
    Event(Event<'a>),
    /// The text of a comment, without the colon and the space after it. Servers send comments to keep a connection alive.
    Comment(&'a str),
    /// How long to wait before the next connection, at most [`MAX_RETRY_AFTER`](logtide_core::limits::MAX_RETRY_AFTER).
    Retry(Duration),
    /// An event was discarded because it was larger than the limit, or its name or id was longer than 4 KiB.
    ///
    /// Its comments, retry times and id still apply if they came before the line that exceeded the limit.
    Oversized {
        /// The size of its lines in UTF-8, including comments, each with one byte for its end.
        bytes: u64,
    },
}

/// An event with data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event<'a> {
    /// The type of the event, or `message` if the server sent none.
    pub name: &'a str,
    /// The lines of data, joined by line feeds.
    pub data: &'a str,
    /// The last id that the server sent with this or an earlier event, or an empty string.
    pub id: &'a str,
}

//! The complete mode: the stream is the bell, and the query API is the book.
//!
//! Two halves run side by side. The [`Ringer`](bell::Ringer) keeps the connection to the server's stream and notes that
//! something is new, that there is a new connection, and what the server's clock says. The [`Reader`](reader::Reader)
//! reads with queries and hands out what it has not handed out before:
//!
//! - A **glance**, after the bell: newest first, until a whole page is known.
//! - A **sweep**, after each new connection and every few seconds: the whole of what can be new, oldest first. If the
//!   last sweep began at the time S, an entry that has come since carries at least S minus the look-back window, so
//!   that is where the next one begins. No entry within the window can be missed, whatever the bell does.

mod bell;
mod known;
mod pages;
mod reader;
mod sweep;
#[cfg(test)]
mod tests;

pub(crate) use self::pages::Book;

use tokio::time::Instant;

use self::{
    bell::{Doubt, Ringer},
    pages::Pages,
    reader::Reader,
};
use crate::{
    StreamError, StreamOptions,
    link::Link,
    outlet::{Closed, Outlet},
    race::race,
};

/// Hands out everything that is logged after the start, until there is a final error.
///
/// # Errors
///
/// Nobody takes the entries any more.
pub(crate) async fn run(
    link: Link,
    pages: impl Pages,
    options: StreamOptions,
    outlet: Outlet,
    started: Instant,
) -> Result<StreamError, Closed> {
    let ((bell, rung), doubt) = (bell::new(), Doubt::default());
    let ringer = Ringer::new(link, bell, doubt.clone(), options.clone(), outlet.clone());
    let reader = Reader::new(pages, rung, doubt, options, outlet, started);
    race(ringer.run(), reader.run()).await
}

//! Complete mode: the stream is only a wake-up signal, and entries are fetched with queries.
//!
//! Two tasks run side by side. The [`Notifier`](notifier::Notifier) keeps the connection to the stream. It publishes that
//! there are new entries, that there is a new connection, and what the server's clock shows. The
//! [`Reader`](reader::Reader) fetches entries with queries and hands out those it has not seen:
//!
//! - A **quick scan** follows a notification. It reads newest first, until a whole page has been seen.
//! - A **full scan** follows each new connection, and runs every few seconds. It reads everything that can be new, oldest
//!   first. If the last full scan started at the server's time S, an entry that has arrived since has a time of at least
//!   S minus the look-back window. The next full scan starts there, so it misses no entry within the window, even if the
//!   stream never sends a notification.

mod full_scan;
mod log_source;
mod notifier;
mod reader;
mod seen;
#[cfg(test)]
mod tests;

pub(crate) use self::log_source::QuerySource;

use tokio::time::Instant;

use self::{
    log_source::LogSource,
    notifier::{ClockSuspicion, Notifier},
    reader::Reader,
};
use crate::{
    StreamError, StreamOptions,
    event_source::EventSource,
    race::race,
    sink::{Closed, Sink},
};

/// Hands out everything that is logged after `started`, until a final error, which it returns.
///
/// # Errors
///
/// The consumer is gone.
pub(crate) async fn run(
    events: EventSource,
    logs: impl LogSource,
    options: StreamOptions,
    sink: Sink,
    started: Instant,
) -> Result<StreamError, Closed> {
    let (publisher, status) = notifier::channel();
    let suspicion = ClockSuspicion::default();
    let notifier = Notifier::new(events, publisher, suspicion.clone(), options.clone(), sink.clone());
    let reader = Reader::new(logs, status, suspicion, options, sink, started);
    race(notifier.run(), reader.run()).await
}

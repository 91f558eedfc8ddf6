//! Pages of the book.

use std::time::Duration;

use logtide_query::{LogRecord, QueryError};
use logtide_transport::ErrorKind;
use tokio::time::Instant;

use super::room::Room;
use crate::{
    clock::ServerClock,
    complete::{
        known::Known,
        pages::{Page, Pages, Wanted},
    },
};

/// An answer's date is cut to a second.
const DATE_PRECISION: Duration = Duration::from_secs(1);

/// Pages of new entries that are held to be put in order.
const MAX_HELD_PAGES: usize = 5;

/// And bytes of them, as JSON: more than so many pages of entries as most are.
const MAX_HELD_BYTES: usize = 32 << 20;

/// Reads stretches of time, page by page and newest first.
#[derive(Debug)]
pub(super) struct Paging<P> {
    pages: P,
    room: Room,
    /// Of the page that was read last.
    page_bytes: usize,
    has_read: bool,
    clock: Option<ServerClock>,
    busy: Duration,
    /// Since a failure was asked about.
    has_succeeded: bool,
}

/// A stretch has more new entries than can be held. Those that were read lie between these times, in milliseconds since
/// 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) oldest: i64,
    pub(super) newest: i64,
}

/// How far a stretch is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// To its beginning.
    Whole,
    /// To the first page of which all is known.
    ToKnown,
}

/// How far the reading of one stretch has come.
#[derive(Debug)]
pub(super) struct Place {
    from: i64,
    to: i64,
    cursor: Option<String>,
    is_over: bool,
}

impl<P: Pages> Paging<P> {
    pub(super) fn new(pages: P) -> Self {
        Self {
            pages,
            room: Room::default(),
            page_bytes: 0,
            has_read: false,
            clock: None,
            busy: Duration::ZERO,
            has_succeeded: false,
        }
    }

    /// Whether any page was read, so that there is a LogTide server.
    pub(super) fn has_read(&self) -> bool {
        self.has_read
    }

    /// What the answers told of the server's clock.
    pub(super) fn clock(&self) -> Option<ServerClock> {
        self.clock
    }

    /// Whether any page was read since this was asked last.
    pub(super) fn take_success(&mut self) -> bool {
        std::mem::take(&mut self.has_succeeded)
    }

    /// How long queries took since this was asked last.
    pub(super) fn take_busy(&mut self) -> Duration {
        std::mem::take(&mut self.busy)
    }

    /// Reads anything, for the sake of the clock.
    pub(super) async fn ask_the_time(&mut self) -> Result<(), QueryError> {
        self.next(&mut Place::between(0, 0)).await.map(drop)
    }

    /// The next page of a stretch that has entries.
    pub(super) async fn next(&mut self, place: &mut Place) -> Result<Option<Vec<LogRecord>>, QueryError> {
        if place.is_over {
            return Ok(None);
        }
        let page = self.page(place).await?;
        if page.next.is_some() && page.next == place.cursor {
            return Err(QueryError::CursorIgnored);
        }
        place.is_over = page.next.is_none();
        place.cursor = page.next;
        Ok(Some(page.logs).filter(|logs| !logs.is_empty()))
    }

    /// What is not known between two times, newest first, if it can be held.
    pub(super) async fn collect(
        &mut self,
        from: i64,
        to: i64,
        depth: Depth,
        known: &Known,
    ) -> Result<Result<Vec<LogRecord>, Cut>, QueryError> {
        let (mut new, mut bytes) = (Vec::new(), 0);
        let mut place = Place::between(from, to);
        while let Some(page) = self.next(&mut place).await? {
            let before = new.len();
            new.extend(page.into_iter().filter(|record| !known.contains(record)));
            if new.len() > before {
                bytes += self.page_bytes;
            } else if depth == Depth::ToKnown {
                break;
            }
            if let [first, .., last] = &*new
                && (new.len() > MAX_HELD_PAGES * self.room.entries() as usize || bytes > MAX_HELD_BYTES)
            {
                let (oldest, newest) = (last.time.timestamp_millis(), first.time.timestamp_millis());
                return Ok(Err(Cut { oldest, newest }));
            }
        }
        Ok(Ok(new))
    }

    async fn page(&mut self, place: &Place) -> Result<Page, QueryError> {
        loop {
            let Place { from, to, ref cursor, .. } = *place;
            let wanted = Wanted { from, to, limit: self.room.entries(), cursor: cursor.as_deref() };
            let asked = Instant::now();
            let page = self.pages.page(wanted).await;
            self.busy += asked.elapsed();
            match page {
                Err(QueryError::TooLarge(_)) if self.room.entries() > 1 => self.room.shrink(),
                Err(error) => {
                    // A slow connection may be in time with less.
                    if is_timeout(&error) {
                        self.room.shrink();
                    }
                    return Err(error);
                }
                Ok(page) => {
                    (self.has_read, self.has_succeeded) = (true, true);
                    let within = asked.elapsed().saturating_add(DATE_PRECISION);
                    self.clock = page.date.map(|date| ServerClock::told(date, within)).or(self.clock);
                    self.page_bytes = page.bytes;
                    self.room.grow(page.bytes);
                    return Ok(page);
                }
            }
        }
    }
}

fn is_timeout(error: &QueryError) -> bool {
    matches!(error, QueryError::Transport(error) if error.kind() == ErrorKind::Timeout)
}

impl Place {
    /// Before the first page between two times, both included.
    pub(super) fn between(from: i64, to: i64) -> Self {
        Self { from, to, cursor: None, is_over: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server behind something that drops the cursor.
    struct StartsOver;

    impl Pages for StartsOver {
        async fn page(&self, _: Wanted<'_>) -> Result<Page, QueryError> {
            let logs = vec![crate::testing::record(1, 10)];
            Ok(Page { logs, next: Some("c".to_owned()), date: None, bytes: 300 })
        }
    }

    #[tokio::test]
    async fn a_server_that_starts_over_is_an_error_and_not_a_circle() {
        let collected = Paging::new(StartsOver).collect(0, 100, Depth::Whole, &Known::new(100, 0)).await;
        assert!(matches!(collected, Err(QueryError::CursorIgnored)));
    }
}

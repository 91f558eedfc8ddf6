//! Pages of the book.

use std::time::Duration;

use logtide_query::{LogRecord, QueryError};
use tokio::time::Instant;

use crate::{
    clock::ServerClock,
    complete::{
        known::Known,
        pages::{Page, Pages, Wanted},
    },
};

/// The most that the server gives at once.
const MAX_PAGE: u32 = 1_000;

/// Pages of new entries that are held to be put in order. A page is at most 64 MiB, and short where entries are large.
const MAX_HELD_PAGES: usize = 5;

/// Reads stretches of time, page by page and newest first.
#[derive(Debug)]
pub(super) struct Paging<P> {
    pages: P,
    /// Entries to ask for. Fewer while they are so large that an answer is too large.
    limit: u32,
    has_read: bool,
    clock: Option<ServerClock>,
    busy: Duration,
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
        Self { pages, limit: MAX_PAGE, has_read: false, clock: None, busy: Duration::ZERO }
    }

    /// Whether any page was read, so that there is a LogTide server.
    pub(super) fn has_read(&self) -> bool {
        self.has_read
    }

    /// What the answers told of the server's clock.
    pub(super) fn clock(&self) -> Option<ServerClock> {
        self.clock
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
        let mut new = Vec::new();
        let mut place = Place::between(from, to);
        while let Some(page) = self.next(&mut place).await? {
            let before = new.len();
            new.extend(page.into_iter().filter(|record| !known.contains(record)));
            if new.len() == before && depth == Depth::ToKnown {
                break;
            }
            if let [first, .., last] = &*new
                && new.len() > MAX_HELD_PAGES * self.limit as usize
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
            let wanted = Wanted { from, to, limit: self.limit, cursor: cursor.as_deref() };
            let asked = Instant::now();
            let page = self.pages.page(wanted).await;
            self.busy += asked.elapsed();
            match page {
                Err(QueryError::TooLarge(_)) if self.limit > 1 => self.limit = (self.limit / 4).max(1),
                Err(error) => return Err(error),
                Ok(page) => {
                    self.has_read = true;
                    self.clock = page.date.map(ServerClock::told).or(self.clock);
                    // Slowly, because each page that is too large is read in vain.
                    self.limit = (self.limit + self.limit / 8 + 1).min(MAX_PAGE);
                    return Ok(page);
                }
            }
        }
    }
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
            Ok(Page { logs, next: Some("c".to_owned()), date: None })
        }
    }

    #[tokio::test]
    async fn a_server_that_starts_over_is_an_error_and_not_a_circle() {
        let collected = Paging::new(StartsOver).collect(0, 100, Depth::Whole, &Known::new(100, 0)).await;
        assert!(matches!(collected, Err(QueryError::CursorIgnored)));
    }
}

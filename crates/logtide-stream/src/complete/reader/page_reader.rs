//! Reads entries page by page.

use std::time::Duration;

use logtide_query::{LogRecord, QueryError};
use logtide_transport::ErrorKind;
use tokio::time::Instant;

use super::page_size::PageSize;
use crate::{
    clock::ServerClock,
    complete::{
        log_source::{LogSource, Page, PageRequest},
        seen::SeenEntries,
    },
};

/// The date of an answer is truncated to a second.
const DATE_PRECISION: Duration = Duration::from_secs(1);

/// How many full pages of new entries are held in memory to sort them.
const MAX_HELD_PAGES: usize = 5;

/// The upper bound of their JSON, in bytes. Only unusually large entries reach it.
const MAX_HELD_BYTES: usize = 32 << 20;

/// Reads ranges of time, page by page and newest first.
#[derive(Debug)]
pub(super) struct PageReader<S> {
    logs: S,
    page_size: PageSize,
    /// The JSON of the last page, in bytes.
    page_bytes: usize,
    has_read: bool,
    clock: Option<ServerClock>,
    query_time: Duration,
    /// Since the last `take_success`.
    has_succeeded: bool,
}

/// A range has more new entries than can be held in memory. Those that were read lie between these times, in milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooMany {
    pub(super) oldest: i64,
    pub(super) newest: i64,
}

/// How far back a range is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// To its beginning.
    Full,
    /// To the first page on which every entry was seen.
    UntilSeen,
}

/// A position in a range of time.
#[derive(Debug)]
pub(super) struct Position {
    from: i64,
    to: i64,
    cursor: Option<String>,
    is_at_end: bool,
}

impl<S: LogSource> PageReader<S> {
    pub(super) fn new(logs: S) -> Self {
        Self {
            logs,
            page_size: PageSize::default(),
            page_bytes: 0,
            has_read: false,
            clock: None,
            query_time: Duration::ZERO,
            has_succeeded: false,
        }
    }

    /// Whether a page was ever read, so that there is a LogTide server.
    pub(super) fn has_read(&self) -> bool {
        self.has_read
    }

    /// The server's clock according to the dates of answers.
    pub(super) fn clock(&self) -> Option<ServerClock> {
        self.clock
    }

    /// Whether a page was read since the last call.
    pub(super) fn take_success(&mut self) -> bool {
        std::mem::take(&mut self.has_succeeded)
    }

    /// How long queries took since the last call.
    pub(super) fn take_query_time(&mut self) -> Duration {
        std::mem::take(&mut self.query_time)
    }

    /// Makes a query only for the date of its answer.
    pub(super) async fn read_clock(&mut self) -> Result<(), QueryError> {
        self.next(&mut Position::between(0, 0)).await.map(drop)
    }

    /// Reads the next page of a range; `None` at its end.
    pub(super) async fn next(
        &mut self,
        position: &mut Position,
    ) -> Result<Option<Vec<LogRecord>>, QueryError> {
        if position.is_at_end {
            return Ok(None);
        }
        let page = self.page(position).await?;
        if page.next.is_some() && page.next == position.cursor {
            return Err(QueryError::CursorIgnored);
        }
        position.is_at_end = page.next.is_none();
        position.cursor = page.next;
        Ok(Some(page.logs).filter(|logs| !logs.is_empty()))
    }

    /// Reads the entries between two times that were not seen, newest first, if they can be held in memory.
    pub(super) async fn collect(
        &mut self,
        from: i64,
        to: i64,
        depth: Depth,
        seen: &SeenEntries,
    ) -> Result<Result<Vec<LogRecord>, TooMany>, QueryError> {
        let (mut new, mut bytes) = (Vec::new(), 0);
        let mut position = Position::between(from, to);
        while let Some(page) = self.next(&mut position).await? {
            let before = new.len();
            new.extend(page.into_iter().filter(|record| !seen.contains(record)));
            if new.len() > before {
                bytes += self.page_bytes;
            } else if depth == Depth::UntilSeen {
                break;
            }
            let max_entries = MAX_HELD_PAGES * self.page_size.entries() as usize;
            if let [first, .., last] = &*new
                && (new.len() > max_entries || bytes > MAX_HELD_BYTES)
            {
                let (oldest, newest) = (last.time.timestamp_millis(), first.time.timestamp_millis());
                return Ok(Err(TooMany { oldest, newest }));
            }
        }
        Ok(Ok(new))
    }

    async fn page(&mut self, position: &Position) -> Result<Page, QueryError> {
        loop {
            let Position { from, to, ref cursor, .. } = *position;
            let request =
                PageRequest { from, to, limit: self.page_size.entries(), cursor: cursor.as_deref() };
            let asked = Instant::now();
            let page = self.logs.page(request).await;
            self.query_time += asked.elapsed();
            match page {
                Err(QueryError::TooLarge(_)) if self.page_size.entries() > 1 => self.page_size.shrink(),
                Err(error) => {
                    // A smaller page may arrive in time over a slow connection.
                    if is_timeout(&error) {
                        self.page_size.shrink();
                    }
                    return Err(error);
                }
                Ok(page) => {
                    (self.has_read, self.has_succeeded) = (true, true);
                    let within = asked.elapsed().saturating_add(DATE_PRECISION);
                    self.clock = page.date.map(|date| ServerClock::observed(date, within)).or(self.clock);
                    self.page_bytes = page.bytes;
                    self.page_size.grow(page.bytes);
                    return Ok(page);
                }
            }
        }
    }
}

fn is_timeout(error: &QueryError) -> bool {
    matches!(error, QueryError::Transport(error) if error.kind() == ErrorKind::Timeout)
}

impl Position {
    /// Before the first page between two times, both inclusive.
    pub(super) fn between(from: i64, to: i64) -> Self {
        Self { from, to, cursor: None, is_at_end: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server behind a proxy that drops the cursor.
    struct StartsOver;

    impl LogSource for StartsOver {
        async fn page(&self, _: PageRequest<'_>) -> Result<Page, QueryError> {
            let logs = vec![crate::testing::record(1, 10)];
            Ok(Page { logs, next: Some("c".to_owned()), date: None, bytes: 300 })
        }
    }

    #[tokio::test]
    async fn a_cursor_that_is_ignored_is_an_error_and_no_endless_loop() {
        let collected =
            PageReader::new(StartsOver).collect(0, 100, Depth::Full, &SeenEntries::new(100, 0)).await;
        assert!(matches!(collected, Err(QueryError::CursorIgnored)));
    }
}

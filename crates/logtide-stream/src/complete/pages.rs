//! Where the book is read.

use logtide_core::Timestamp;
use logtide_query::{LogRecord, QueryClient, QueryError, QueryOptions};

/// Gives pages of entries, newest first.
pub(crate) trait Pages {
    /// Gives one page.
    fn page(&self, wanted: Wanted<'_>) -> impl Future<Output = Result<Page, QueryError>> + Send;
}

/// Which page. Times are in milliseconds since 1970, both included.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) limit: u32,
    pub(crate) cursor: Option<&'a str>,
}

/// Entries, and where to go on.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) logs: Vec<LogRecord>,
    pub(crate) next: Option<String>,
    /// The server's time, in milliseconds since 1970, if the answer told it. It is cut to a second.
    pub(crate) date: Option<i64>,
    /// How many bytes of JSON it was.
    pub(crate) bytes: usize,
}

/// The book of a server, as far as it matches a filter.
#[derive(Debug)]
pub(crate) struct Book {
    client: QueryClient,
    filter: QueryOptions,
}

impl Book {
    pub(crate) fn new(client: QueryClient, filter: QueryOptions) -> Self {
        Self { client, filter }
    }
}

impl Pages for Book {
    async fn page(&self, wanted: Wanted<'_>) -> Result<Page, QueryError> {
        let (from, to) = (timestamp(wanted.from), timestamp(wanted.to));
        let mut options = self.filter.clone().from_time(from).to_time(to).limit(wanted.limit);
        if let Some(cursor) = wanted.cursor {
            options = options.cursor(cursor);
        }
        let answer = self.client.query(options).await?;
        let next = answer.next_cursor.filter(|_| answer.has_more);
        let date = answer.date.map(|date| date.timestamp_millis());
        Ok(Page { next, logs: answer.logs, date, bytes: answer.bytes })
    }
}

fn timestamp(millis: i64) -> Timestamp {
    Timestamp::from_micros(millis.saturating_mul(1_000))
}

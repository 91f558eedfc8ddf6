//! Where entries are fetched from.

use logtide_core::Timestamp;
use logtide_query::{LogRecord, QueryClient, QueryError, QueryOptions};

/// Gives pages of stored entries, newest first.
pub(crate) trait LogSource {
    /// Fetches one page.
    fn page(&self, request: PageRequest<'_>) -> impl Future<Output = Result<Page, QueryError>> + Send;
}

/// Selects a page. Times are in milliseconds since 1970, both inclusive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageRequest<'a> {
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) limit: u32,
    pub(crate) cursor: Option<&'a str>,
}

/// Entries, and the cursor of the next page.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) logs: Vec<LogRecord>,
    pub(crate) next: Option<String>,
    /// The date of the answer in milliseconds since 1970, truncated to a second, if it has one.
    pub(crate) date: Option<i64>,
    /// The length of the answer's JSON in bytes.
    pub(crate) bytes: usize,
}

/// Queries a server, with a filter.
#[derive(Debug)]
pub(crate) struct QuerySource {
    client: QueryClient,
    filter: QueryOptions,
}

impl QuerySource {
    pub(crate) fn new(client: QueryClient, filter: QueryOptions) -> Self {
        Self { client, filter }
    }
}

impl LogSource for QuerySource {
    async fn page(&self, request: PageRequest<'_>) -> Result<Page, QueryError> {
        let (from, to) = (timestamp(request.from), timestamp(request.to));
        let mut options = self.filter.clone().from_time(from).to_time(to).limit(request.limit);
        if let Some(cursor) = request.cursor {
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

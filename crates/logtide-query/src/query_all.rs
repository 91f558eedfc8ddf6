//! A complete search, page by page.

mod blocking;
mod progress;

pub use blocking::QueryAllBlocking;

use std::{
    fmt,
    future::poll_fn,
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
    time::{Duration, SystemTime},
    vec,
};

use futures_core::Stream;
use logtide_core::Timestamp;

use self::progress::Progress;
use crate::{
    LogRecord, LogsResponse, QueryClient, QueryError, QueryOptions, options::MAX_LIMIT, parameters::earliest,
};

/// The time range of servers from version 1.0 on if a search has none.
const DEFAULT_WINDOW: Duration = Duration::from_secs(24 * 60 * 60);

/// The entries of [`QueryClient::query_all`], newest first, each once.
///
/// Nothing is sent before the first poll. It holds the current page, and at most the next one. Dropping it cancels
/// its request. After an error it has ended.
#[must_use = "a stream does nothing unless it is polled"]
pub struct QueryAll {
    client: QueryClient,
    /// The request for the next page.
    options: QueryOptions,
    page: vec::IntoIter<LogRecord>,
    next: Next,
    progress: Progress,
}

/// The next page.
enum Next {
    Fetching(Pin<Box<dyn Future<Output = Result<LogsResponse, QueryError>> + Send>>),
    Fetched(Result<LogsResponse, QueryError>),
    None,
}

impl QueryAll {
    pub(crate) fn new(client: QueryClient, mut options: QueryOptions) -> Self {
        // The time range must not move while the pages are read.
        options.from.get_or_insert_with(|| {
            let start = Timestamp::from(SystemTime::now()).as_micros();
            let window = DEFAULT_WINDOW.as_micros() as i64;
            earliest(Timestamp::from_micros(start - window))
        });
        options.limit.get_or_insert(MAX_LIMIT);
        let next = Next::Fetching(Box::pin(client.query(options.clone())));
        // It adds to a cursor, and must count only once.
        options.offset = None;
        Self { client, options, page: Vec::new().into_iter(), next, progress: Progress::default() }
    }

    /// Returns the next entry.
    pub(crate) async fn next(&mut self) -> Option<Result<LogRecord, QueryError>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Starts to read a page, and requests the next one.
    fn turn(&mut self, page: LogsResponse, context: &mut Context<'_>) -> Result<(), QueryError> {
        self.progress.check(&page)?;
        let LogsResponse { logs, next_cursor, has_more, .. } = page;
        let goes_on = has_more && !logs.is_empty();
        self.page = logs.into_iter();
        if let Some(cursor) = next_cursor.filter(|_| goes_on) {
            self.options.cursor = Some(cursor);
            self.next = Next::Fetching(Box::pin(self.client.query(self.options.clone())));
            // The first poll sends the request. Its result is used at the end of the current page.
            self.next.advance(context);
        }
        Ok(())
    }
}

impl Stream for QueryAll {
    type Item = Result<LogRecord, QueryError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(record) = self.page.next() {
                return Poll::Ready(Some(Ok(record)));
            }
            let turned = match ready!(self.next.poll(context)) {
                Some(Ok(page)) => self.turn(page, context),
                Some(Err(error)) => Err(error),
                None => return Poll::Ready(None),
            };
            if let Err(error) = turned {
                return Poll::Ready(Some(Err(error)));
            }
        }
    }
}

impl Next {
    fn advance(&mut self, context: &mut Context<'_>) {
        if let Self::Fetching(page) = self
            && let Poll::Ready(page) = page.as_mut().poll(context)
        {
            *self = Self::Fetched(page);
        }
    }

    /// Takes the next page when it has arrived. `None` if there is none.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<LogsResponse, QueryError>>> {
        self.advance(context);
        match mem::replace(self, Self::None) {
            Self::Fetched(page) => Poll::Ready(Some(page)),
            Self::None => Poll::Ready(None),
            fetching @ Self::Fetching(_) => {
                *self = fetching;
                Poll::Pending
            }
        }
    }
}

impl fmt::Debug for QueryAll {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("QueryAll")
            .field("options", &self.options)
            .field("left_in_page", &self.page.len())
            .finish_non_exhaustive()
    }
}

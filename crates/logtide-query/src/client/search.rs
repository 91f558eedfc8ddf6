//! Searches.

use super::QueryClient;
use crate::{LogsResponse, QueryAll, QueryAllBlocking, QueryError, QueryOptions, response::LogsBody};

impl QueryClient {
    /// Searches entries and returns one page, newest first.
    ///
    /// # Errors
    ///
    /// A [`QueryError`].
    pub fn query(
        &self,
        options: QueryOptions,
    ) -> impl Future<Output = Result<LogsResponse, QueryError>> + Send + use<> {
        let answer = self.get_with_receipt::<LogsBody>(options.path());
        async { answer.await.map(|(body, receipt)| body.into_response(receipt)) }
    }

    /// Searches the entries and gives all of them, newest first, each once, while others arrive.
    ///
    /// They are read in pages of [`limit`](QueryOptions::limit) entries, 1,000 by default, with at most one page
    /// ahead. Without an earliest time, it is 24 hours before this call, regardless of how long the reading takes.
    ///
    /// The stream ends after an error.
    pub fn query_all(&self, options: QueryOptions) -> QueryAll {
        QueryAll::new(self.clone(), options)
    }

    /// Like [`query_all`](Self::query_all), but blocks the calling thread while it waits for a page.
    pub fn query_all_blocking(&self, options: QueryOptions) -> QueryAllBlocking {
        QueryAllBlocking::new(self.query_all(options))
    }
}

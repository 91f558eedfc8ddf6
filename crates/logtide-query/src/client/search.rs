//! Searches.

use super::QueryClient;
use crate::{LogsResponse, QueryAll, QueryAllBlocking, QueryError, QueryOptions, response::LogsBody};

impl QueryClient {
    /// Searches the entries and gives one page of them, newest first.
    ///
    /// # Errors
    ///
    /// One of [`QueryError`], each with what to do.
    pub fn query(
        &self,
        options: QueryOptions,
    ) -> impl Future<Output = Result<LogsResponse, QueryError>> + Send + use<> {
        let answer = self.get_with_receipt::<LogsBody>(options.path());
        async { answer.await.map(|(body, receipt)| body.into_response(receipt)) }
    }

    /// Searches the entries and gives all of them, newest first, each once, while others arrive.
    ///
    /// They are read in pages of [`limit`](QueryOptions::limit) entries, 1000 unless it is set, with one page ahead at
    /// most. Without an earliest time it is 24 hours before this call, however long the reading takes.
    ///
    /// A stream that gave an error has ended.
    pub fn query_all(&self, options: QueryOptions) -> QueryAll {
        QueryAll::new(self.clone(), options)
    }

    /// Searches as [`query_all`](Self::query_all) does, and blocks the calling thread where it waits for a page.
    pub fn query_all_blocking(&self, options: QueryOptions) -> QueryAllBlocking {
        QueryAllBlocking::new(self.query_all(options))
    }
}

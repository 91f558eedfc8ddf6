//! Complete searches for blocking callers.

use logtide_transport::Driver;

use super::{Next, QueryAll};
use crate::{LogRecord, QueryError};

/// The entries of [`QueryClient::query_all_blocking`](crate::QueryClient::query_all_blocking), newest first, each once.
///
/// It blocks the calling thread only while it waits for a page. After an error it has ended.
#[derive(Debug)]
#[must_use = "an iterator does nothing unless it is asked for its items"]
pub struct QueryAllBlocking(QueryAll);

impl QueryAllBlocking {
    pub(crate) fn new(pages: QueryAll) -> Self {
        Self(pages)
    }
}

impl Iterator for QueryAllBlocking {
    type Item = Result<LogRecord, QueryError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(record) = self.0.page.next() {
            return Some(Ok(record));
        }
        Driver::block_on(self.0.next()).unwrap_or_else(|error| {
            let ended = matches!(self.0.next, Next::None);
            self.0.next = Next::None;
            (!ended).then(|| Err(error.into()))
        })
    }
}

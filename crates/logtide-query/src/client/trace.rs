//! The entries of a trace.

use logtide_core::Timestamp;

use super::QueryClient;
use crate::{LogRecord, QueryError, QueryOptions, parameters::trace_segment, response::TraceBody};

/// The number of entries after which servers from version 1.0 on stop, without saying that there are more.
const MAX_TRACE: usize = 1000;

impl QueryClient {
    /// Returns all entries of a trace, oldest first, of all time.
    ///
    /// The id is case-sensitive. After a request for the same trace, the server may take up to a second to return new
    /// entries. Of a short trace, it returns entries with a future time only when that time has come.
    ///
    /// # Errors
    ///
    /// A [`QueryError`]; [`QueryError::EmptyTraceId`] and [`QueryError::InvalidTraceId`] without sending anything. An
    /// unknown id is not an error: it gives an empty list.
    pub fn get_by_trace_id(
        &self,
        trace_id: &str,
    ) -> impl Future<Output = Result<Vec<LogRecord>, QueryError>> + Send + use<> {
        let (client, trace_id) = (self.clone(), trace_id.to_owned());
        async move {
            let path = format!("/api/v1/logs/trace/{}", trace_segment(&trace_id)?);
            let logs = client.get::<TraceBody>(Ok(path)).await?.logs;
            if logs.len() == MAX_TRACE { client.search_trace(trace_id).await } else { Ok(logs) }
        }
    }

    /// Finds the entries of a trace by a search, which has no cap. Without times it would end a day ago and now.
    async fn search_trace(&self, trace_id: String) -> Result<Vec<LogRecord>, QueryError> {
        let options = QueryOptions::new()
            .trace_id(trace_id)
            .from_time(Timestamp::from_micros(0))
            .to_time(Timestamp::MAX);
        let mut pages = self.query_all(options);
        let mut logs = Vec::new();
        while let Some(record) = pages.next().await {
            logs.push(record?);
        }
        logs.reverse();
        Ok(logs)
    }
}

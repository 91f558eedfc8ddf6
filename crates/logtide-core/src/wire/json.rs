//! LogTide's ingest format: `{"logs":[…]}`.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};

use super::Wire;
use crate::{
    Content, ErrorFormat, LogEntry, Metadata, Outcome, Record, ServerAnswer, Timestamp,
    limits::{MAX_BATCH_ENTRIES, MAX_BODY_BYTES},
};

/// What stands in place of an empty message, which the server refuses together with its batch.
pub const EMPTY_MESSAGE: &str = "(empty message)";

/// What stands in place of an empty service name.
pub const UNKNOWN_SERVICE: &str = "unknown";

/// LogTide's ingest format.
#[derive(Debug)]
pub struct Json {}

impl Json {
    /// The name under which this SDK shows in `metadata.sdk.name`.
    pub const SDK_NAME: &str = "logtide-rust";

    /// Renders within limits and without secrets.
    #[must_use]
    pub fn new(content: impl Into<Arc<Content>>) -> Self {
        todo!("{:?}", content.into())
    }

    /// Sets metadata that goes with every entry.
    #[must_use]
    pub fn global_metadata(self, metadata: &Metadata) -> Self {
        todo!("{metadata:?}")
    }

    /// Sets in which form errors are written. Default [`ErrorFormat::Both`].
    #[must_use]
    pub fn error_format(self, format: ErrorFormat) -> Self {
        todo!("{format:?}")
    }

    /// Sets the service of entries without one. Default [`UNKNOWN_SERVICE`].
    #[must_use]
    pub fn service(self, name: impl Into<String>) -> Self {
        todo!("{}", name.into())
    }

    /// The entry as it would be sent.
    #[must_use]
    pub fn entry(&mut self, record: Record<'_>) -> LogEntry {
        todo!("{record:?}")
    }
}

impl Default for Json {
    /// Without limits and redaction, with the SDK's stamp as the only global metadata.
    fn default() -> Self {
        todo!()
    }
}

impl Wire for Json {
    fn path(&self) -> &'static str {
        "/api/v1/ingest"
    }

    fn content_type(&self) -> &'static str {
        "application/json"
    }

    fn max_entries(&self) -> usize {
        MAX_BATCH_ENTRIES
    }

    fn max_body_bytes(&self) -> usize {
        MAX_BODY_BYTES
    }

    fn begin(&mut self, body: &mut Vec<u8>) {
        body.extend_from_slice(b"{\"logs\":[");
    }

    fn write(&mut self, record: Record<'_>, body: &mut Vec<u8>) {
        todo!("{record:?} {body:?}")
    }

    fn end_bytes(&self) -> usize {
        2
    }

    fn end(&mut self, body: &mut Vec<u8>) {
        body.extend_from_slice(b"]}");
    }

    fn outcome(&self, answer: ServerAnswer<'_>, retry_after_header: Option<&str>, now: Timestamp) -> Outcome {
        answer.outcome(retry_after_header, now)
    }
}

/// The metadata of a record as JSON, mended, and without limits, redaction and global metadata.
pub(crate) fn metadata_of(record: Record<'_>) -> Map<String, Value> {
    todo!("{record:?}")
}

/// A value as it is sent, without limits and redaction.
pub(crate) fn value_of<V: Serialize + ?Sized>(_value: &V) -> Value {
    todo!()
}

//! Entries in the format of responses.

use serde::Serialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::state::PROJECT;
use crate::store::{Record, format_time};

/// An entry in search results or in the stream.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Found {
    #[serde(flatten)]
    entry: Shown,
    session_id: Option<String>,
}

/// An entry in other responses, which leave out the session id.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Shown {
    id: Uuid,
    time: String,
    project_id: Uuid,
    service: String,
    level: String,
    message: String,
    metadata: Option<Box<RawValue>>,
    trace_id: Option<String>,
}

/// Entries without pagination.
#[derive(Debug, Serialize)]
pub(super) struct Logs {
    logs: Vec<Shown>,
}

impl From<Vec<Record>> for Logs {
    fn from(records: Vec<Record>) -> Self {
        Self { logs: records.into_iter().map(Shown::from).collect() }
    }
}

impl From<Record> for Found {
    fn from(mut record: Record) -> Self {
        let session_id = record.session_id.take();
        Self { entry: record.into(), session_id }
    }
}

impl From<Record> for Shown {
    fn from(record: Record) -> Self {
        Self {
            id: record.id,
            time: format_time(record.time),
            project_id: PROJECT,
            service: record.service,
            level: record.level,
            message: record.message,
            metadata: record.metadata,
            trace_id: record.trace_id,
        }
    }
}

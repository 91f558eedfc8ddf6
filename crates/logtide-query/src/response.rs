//! Bodies of responses, and the types that callers get.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{LogRecord, MessageCount, ServiceCount, StoredSpan, TimeBucket, answer::Receipt, count};

/// One page of a search.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LogsResponse {
    /// The entries, newest first.
    pub logs: Vec<LogRecord>,
    /// An estimate of how many entries match. Servers from version 1.0 on can be far off, so use
    /// [`has_more`](Self::has_more) for paging.
    pub total: u64,
    /// The cursor of the next page for [`QueryOptions::cursor`](crate::QueryOptions::cursor). Absent on the last
    /// page.
    pub next_cursor: Option<String>,
    /// Whether there are more entries after these.
    pub has_more: bool,
    /// The date of the response by the server's clock, with a precision of 1 s, if it has one.
    #[serde(skip)]
    pub date: Option<DateTime<Utc>>,
    /// The size of the response's JSON in bytes.
    #[serde(skip)]
    pub bytes: usize,
}

/// The body of `/api/v1/logs`; `hasMore` is new in version 1.0.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LogsBody {
    logs: Vec<LogRecord>,
    #[serde(default, deserialize_with = "count::read")]
    total: u64,
    next_cursor: Option<String>,
    has_more: Option<bool>,
}

/// The body of `/api/v1/logs/trace/`.
#[derive(Debug, Deserialize)]
pub(crate) struct TraceBody {
    pub(crate) logs: Vec<LogRecord>,
}

/// The body of `/api/v1/logs/` and an id.
#[derive(Debug, Deserialize)]
pub(crate) struct LogBody {
    pub(crate) log: LogRecord,
}

/// The body of `/api/v1/traces/`, an id and `/spans`.
#[derive(Debug, Deserialize)]
pub(crate) struct SpansBody {
    pub(crate) spans: Vec<StoredSpan>,
}

/// The body of `/api/v1/logs/services` and `/api/v1/traces/services`.
#[derive(Debug, Deserialize)]
pub(crate) struct ServicesBody {
    pub(crate) services: Vec<String>,
}

/// The body of `/api/v1/logs/hostnames`.
#[derive(Debug, Deserialize)]
pub(crate) struct HostnamesBody {
    pub(crate) hostnames: Vec<String>,
}

/// The body of `/api/v1/logs/aggregated`.
#[derive(Debug, Deserialize)]
pub(crate) struct SeriesBody {
    pub(crate) timeseries: Vec<TimeBucket>,
}

/// The body of `/api/v1/logs/top-services`.
#[derive(Debug, Deserialize)]
pub(crate) struct TopServicesBody {
    pub(crate) services: Vec<ServiceCount>,
}

/// The body of `/api/v1/logs/top-errors`.
#[derive(Debug, Deserialize)]
pub(crate) struct TopErrorsBody {
    pub(crate) errors: Vec<MessageCount>,
}

impl LogsBody {
    pub(crate) fn into_response(self, Receipt { date, bytes }: Receipt) -> LogsResponse {
        let Self { logs, total, next_cursor, has_more } = self;
        let has_more = has_more.unwrap_or_else(|| next_cursor.is_some());
        LogsResponse { logs, total, next_cursor, has_more, date, bytes }
    }
}

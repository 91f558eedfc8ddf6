//! Entries around a time.

use logtide_core::Timestamp;
use logtide_transport::Parameters;
use serde::{Deserialize, Serialize};

use crate::{
    LogRecord, QueryError,
    parameters::{earliest, require_range},
};

/// The maximum number of entries that the server returns on each side.
const MAX: u32 = 50;

/// Options of [`QueryClient::context`](crate::QueryClient::context).
///
/// ```
/// use logtide_query::{ContextOptions, LogRecord};
///
/// fn around(record: &LogRecord) -> ContextOptions {
///     ContextOptions::new(record.time).before(5).after(5)
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContextOptions {
    time: Timestamp,
    before: Option<u32>,
    after: Option<u32>,
}

/// Entries around a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LogContext {
    /// The entries before it, oldest first.
    pub before: Vec<LogRecord>,
    /// An entry of that millisecond, if there is one.
    pub current: Option<LogRecord>,
    /// The entries after it, oldest first.
    pub after: Vec<LogRecord>,
}

impl ContextOptions {
    /// Selects the entries around a time with a precision of 1 ms. Usually this is the time of a record.
    #[must_use]
    pub fn new(time: impl Into<Timestamp>) -> Self {
        Self { time: earliest(time), before: None, after: None }
    }

    /// Sets the maximum number of entries before the time, from 1 to 50. Default: 10.
    #[must_use]
    pub fn before(mut self, entries: u32) -> Self {
        self.before = Some(entries);
        self
    }

    /// Sets the maximum number of entries after the time, from 1 to 50. Default: 10.
    #[must_use]
    pub fn after(mut self, entries: u32) -> Self {
        self.after = Some(entries);
        self
    }

    pub(crate) fn path(self) -> Result<String, QueryError> {
        require_range("before", self.before, MAX)?;
        require_range("after", self.after, MAX)?;
        let mut parameters = Parameters::default();
        parameters.add("time", self.time);
        parameters.add_all("before", self.before);
        parameters.add_all("after", self.after);
        Ok(format!("/api/v1/logs/context{parameters}"))
    }
}

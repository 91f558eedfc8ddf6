//! What was logged around a moment.

use logtide_core::Timestamp;
use logtide_transport::Parameters;
use serde::{Deserialize, Serialize};

use crate::{
    LogRecord, QueryError,
    parameters::{earliest, require_range},
};

/// The most entries that the server gives on each side.
const MAX: u32 = 50;

/// What [`QueryClient::context`](crate::QueryClient::context) asks for.
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

/// Entries around a moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LogContext {
    /// The entries before it, oldest first.
    pub before: Vec<LogRecord>,
    /// An entry of that very millisecond, if there is one.
    pub current: Option<LogRecord>,
    /// The entries after it, oldest first.
    pub after: Vec<LogRecord>,
}

impl ContextOptions {
    /// Asks for what is around a moment, to the millisecond: usually the time of a record.
    #[must_use]
    pub fn new(time: impl Into<Timestamp>) -> Self {
        Self { time: earliest(time), before: None, after: None }
    }

    /// Sets how many entries before it to give at most, from 1 to 50. Default: 10.
    #[must_use]
    pub fn before(mut self, entries: u32) -> Self {
        self.before = Some(entries);
        self
    }

    /// Sets how many entries after it to give at most, from 1 to 50. Default: 10.
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

//! The server's validation: pure checks of a parsed body, without store and socket.

mod entry;
pub(crate) mod lenient;
mod level;
pub(crate) mod storable;
mod time;

use crate::json::Value;

pub(crate) use entry::{Entry, MAX_SERVICE, shown, without_nul};
pub(crate) use level::Level;
pub(crate) use time::{Zone, is_uuid, parse_time};

/// The most entries in one batch.
pub(crate) const MAX_BATCH: usize = 1000;

/// The body breaks a rule; the server does not say which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Invalid;

/// Validates `{"logs":[…]}`. One invalid entry rejects all of them.
///
/// `now` is in milliseconds since the epoch, for entries without a time.
pub(crate) fn batch<'a>(body: &'a Value<'a>, now: i64) -> Result<Vec<Entry<'a>>, Invalid> {
    let logs = body.as_object().and_then(|body| body.get("logs")).and_then(Value::as_array).ok_or(Invalid)?;
    if logs.is_empty() || logs.len() > MAX_BATCH {
        return Err(Invalid);
    }
    logs.iter().map(|item| Entry::read(item, now)).collect()
}

/// Counts the entries of a body, valid or not.
pub(crate) fn count(body: &Value<'_>) -> usize {
    let logs = body.as_object().and_then(|body| body.get("logs")).unwrap_or(body);
    logs.as_array().map_or(0, <[_]>::len)
}

#[cfg(test)]
mod tests;

//! Entries for unit tests.

use logtide_query::LogRecord;
use serde_json::json;

/// Creates an entry with a time in milliseconds since 1970. Its message is the number.
pub(crate) fn record(number: u32, time: i64) -> LogRecord {
    let time = chrono::DateTime::from_timestamp_millis(time).expect("the time is in range");
    let id = uuid::Uuid::from_u128(u128::from(number));
    let (message, service) = (number.to_string(), "svc");
    serde_json::from_value(json!({
        "id": id.to_string(), "time": time, "service": service, "level": "info", "message": message,
        "metadata": null, "traceId": null, "projectId": "p",
    }))
    .expect("all fields are there")
}

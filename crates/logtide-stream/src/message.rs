//! The data of the server's events.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::value::RawValue;

/// The data of one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    /// The stream has started, at this time of the server's clock in milliseconds since 1970.
    Connected(Option<i64>),
    /// An entry, as JSON.
    Log(Box<str>),
    /// An event of a later server version.
    Other,
}

impl Message {
    /// Decodes the data of an event.
    ///
    /// # Errors
    ///
    /// The data is not a JSON object of the expected form.
    pub(crate) fn read(data: &str) -> Result<Self, serde_json::Error> {
        let envelope: Envelope<'_> = serde_json::from_str(data)?;
        Ok(match (&*envelope.kind, envelope.data) {
            ("connected", _) => Self::Connected(envelope.timestamp.as_deref().and_then(millis)),
            ("log", Some(data)) => Self::Log(data.get().into()),
            _ => Self::Other,
        })
    }
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(default, borrow)]
    timestamp: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    data: Option<&'a RawValue>,
}

fn millis(text: &str) -> Option<i64> {
    text.parse::<DateTime<Utc>>().ok().map(|time| time.timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_event_is_decoded() {
        let read = |data: &str| Message::read(data).unwrap();
        assert_eq!(
            read(r#"{"type":"connected","timestamp":"2026-11-22T10:00:12.508Z"}"#),
            Message::Connected(Some(1_795_341_612_508))
        );
        assert_eq!(read(r#"{"type":"connected"}"#), Message::Connected(None));
        assert_eq!(read(r#"{"type":"log","data":{"id":"1"}}"#), Message::Log(r#"{"id":"1"}"#.into()));
        assert_eq!(read(r#"{"type":"shutdown","in":5}"#), Message::Other);
    }

    #[test]
    fn data_that_is_not_from_the_server_is_an_error() {
        for data in ["", "ping", "[]", r#"{"data":{}}"#, r#"{"type":"log","data":"#] {
            assert!(Message::read(data).is_err(), "{data}");
        }
    }
}

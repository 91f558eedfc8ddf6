//! One entry of a batch.

use std::borrow::Cow;

use super::{Invalid, Level, Zone, is_uuid, parse_time, storable};
use crate::json::{self, Object, Text, Value};

/// The longest service name, in UTF-16 units.
pub(crate) const MAX_SERVICE: usize = 100;

/// A valid entry, in the form in which it is stored.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry<'a> {
    /// Milliseconds since the epoch.
    pub(crate) time: i64,
    pub(crate) service: Cow<'a, str>,
    pub(crate) level: Level,
    pub(crate) message: Cow<'a, str>,
    /// An object as JSON text.
    pub(crate) metadata: Option<String>,
    /// The value for the `hostname` filter.
    pub(crate) hostname: Option<String>,
    pub(crate) trace_id: Option<Cow<'a, str>>,
    pub(crate) span_id: Option<&'a str>,
    pub(crate) session_id: Option<&'a str>,
    /// Whether the database accepts it. If not, its whole batch is lost, although the status is 200.
    pub(crate) storable: bool,
}

impl<'a> Entry<'a> {
    /// Validates one item of `logs`; `now` is in milliseconds since the epoch.
    pub(crate) fn read(item: &'a Value<'a>, now: i64) -> Result<Self, Invalid> {
        let item = item.as_object().ok_or(Invalid)?;
        let time =
            optional(item, "time")?.map_or(Ok(now), |text| parse_time(text, Zone::Utc).ok_or(Invalid))?;
        let service = required(item, "service")?;
        let level = Level::parse(required(item, "level")?).ok_or(Invalid)?;
        let message = required(item, "message")?;
        let trace_id = optional(item, "trace_id")?;
        let span_id = optional(item, "span_id")?;
        let session_id = optional(item, "session_id")?;
        let metadata = item.get("metadata").map(|value| value.as_object().ok_or(Invalid)).transpose()?;
        let refused = service.is_empty()
            || service.encode_utf16().count() > MAX_SERVICE
            || message.is_empty()
            || span_id.is_some_and(|id| !is_span_id(id))
            || session_id.is_some_and(|id| !is_uuid(id));
        if refused {
            return Err(Invalid);
        }
        Ok(Self {
            time,
            service: without_nul(service),
            level,
            message: without_nul(message),
            metadata: None,
            hostname: None,
            trace_id: trace_id.filter(|id| !id.is_empty()).map(without_nul),
            span_id,
            session_id,
            storable: true,
        }
        .with_metadata(metadata))
    }

    /// Adds the metadata, and decides whether the database accepts the entry.
    pub(crate) fn with_metadata(mut self, metadata: Option<&Object<'_>>) -> Self {
        if let Some(metadata) = metadata {
            let metadata = with_hostname(metadata);
            let mut text = String::new();
            json::write_object(&metadata, &mut text);
            self.metadata = Some(text);
            self.hostname = metadata.get("hostname").and_then(shown);
            self.storable = storable::metadata(&metadata);
        }
        self.storable = self.storable
            && self.trace_id.as_deref().is_none_or(storable::indexed)
            && self.hostname.as_deref().is_none_or(storable::indexed)
            && storable::searchable(&self.message);
        self
    }
}

/// The server copies `host` to `hostname`.
fn with_hostname<'m, 'a>(metadata: &'m Object<'a>) -> Cow<'m, Object<'a>> {
    match (metadata.get("host"), metadata.get("hostname")) {
        (Some(host), None) => {
            let mut copy = metadata.clone();
            copy.members.push((Text::from("hostname"), host.clone()));
            Cow::Owned(copy)
        }
        _ => Cow::Borrowed(metadata),
    }
}

/// Returns the text of a value that a filter compares: strings as they are, others as JSON.
pub(crate) fn shown(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(without_nul(&text.text).into_owned()),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            let mut text = String::new();
            json::write(value, &mut text);
            Some(text)
        }
    }
}

fn required<'a>(item: &'a Object<'a>, key: &str) -> Result<&'a str, Invalid> {
    optional(item, key)?.ok_or(Invalid)
}

/// Returns an optional string. A missing key is `None`; `null` is rejected like any other value that is not a string.
fn optional<'a>(item: &'a Object<'a>, key: &str) -> Result<Option<&'a str>, Invalid> {
    item.get(key).map(|value| value.as_text().ok_or(Invalid)).transpose()
}

pub(crate) fn without_nul(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "")) } else { Cow::Borrowed(text) }
}

fn is_span_id(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

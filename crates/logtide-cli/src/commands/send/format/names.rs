//! The common names of the parts of an entry.

use std::borrow::Cow;

use super::{
    super::parsed::{Field, Parsed},
    level,
    time::{self, Zone},
};

/// The longest of the names, in bytes.
const LONGEST: usize = 16;

/// The meaning of a field by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    Level,
    /// The severity number of OpenTelemetry, 1 to 24.
    SeverityNumber,
    Time,
    Message,
    /// The message, if there is no other.
    MaybeMessage,
    Service,
    Trace,
    Span,
    Session,
}

impl Name {
    fn of(name: &str) -> Option<Self> {
        if name.len() > LONGEST {
            return None;
        }
        let mut lower = [0; LONGEST];
        let lower = &mut lower[..name.len()];
        lower.copy_from_slice(name.as_bytes());
        lower.make_ascii_lowercase();
        Some(match &*lower {
            b"level" | b"lvl" | b"severity" | b"loglevel" | b"log_level" | b"log.level" | b"levelname"
            | b"severity_text" | b"severitytext" | b"@level" | b"@l" | b"priority" => Self::Level,
            b"severity_number" | b"severitynumber" => Self::SeverityNumber,
            b"time" | b"ts" | b"timestamp" | b"@timestamp" | b"@t" | b"datetime" | b"asctime" => Self::Time,
            b"message" | b"msg" | b"@message" | b"@m" => Self::Message,
            b"event" | b"text" | b"log" | b"body" | b"short_message" | b"textpayload" => Self::MaybeMessage,
            b"service" | b"service.name" | b"service_name" => Self::Service,
            b"trace_id" | b"traceid" | b"trace.id" | b"trace-id" | b"dd.trace_id" => Self::Trace,
            b"span_id" | b"spanid" | b"span.id" | b"span-id" | b"dd.span_id" => Self::Span,
            b"session_id" | b"sessionid" | b"session.id" => Self::Session,
            _ => return None,
        })
    }
}

/// Whether a name is a common one.
pub(super) fn is_usual(name: &str) -> bool {
    Name::of(name).is_some_and(|name| name != Name::MaybeMessage)
}

impl<'a> Parsed<'a> {
    /// Adds a field: as a part of the entry if its name says so, otherwise as metadata. The first of several wins.
    pub(super) fn add(&mut self, key: Cow<'a, str>, value: Field<'a>, zone: Zone) {
        let Some(value) = self.take(Name::of(&key), value, zone) else { return };
        self.fields.push((key, value));
    }

    /// Finds a message if no field has a usual name for it.
    pub(super) fn complete(&mut self) {
        if self.message.is_some() {
            return;
        }
        let is_message = |(key, value): &(Cow<'_, str>, Field<'_>)| {
            Name::of(key) == Some(Name::MaybeMessage) && value.as_text().is_some_and(|text| !text.is_empty())
        };
        if let Some(at) = self.fields.iter().position(is_message)
            && let (_, Field::Text(text)) = self.fields.remove(at)
        {
            self.message = Some(text);
        }
    }

    /// Returns the value if it is not a part of the entry.
    fn take(&mut self, name: Option<Name>, value: Field<'a>, zone: Zone) -> Option<Field<'a>> {
        let Some(name) = name else { return Some(value) };
        match name {
            Name::Level => set(&mut self.level, level::level_of(&value), value),
            Name::SeverityNumber => set(&mut self.level, level::level_of_severity_number(&value), value),
            Name::Time => set(&mut self.time, time::time_of(&value, zone), value),
            Name::Message => set_text(&mut self.message, value, |text| !text.is_empty()),
            Name::Service => set_text(&mut self.service, value, |text| !text.is_empty()),
            Name::Trace => set_text(&mut self.trace_id, value, |text| !text.is_empty()),
            Name::Span => set_text(&mut self.span_id, value, |text| !text.is_empty()),
            Name::Session => set_text(&mut self.session_id, value, is_uuid),
            Name::MaybeMessage => Some(value),
        }
    }
}

fn set<'a, T>(place: &mut Option<T>, found: Option<T>, value: Field<'a>) -> Option<Field<'a>> {
    if place.is_none() && found.is_some() {
        *place = found;
        None
    } else {
        Some(value)
    }
}

fn set_text<'a>(
    place: &mut Option<Cow<'a, str>>,
    value: Field<'a>,
    is_one: impl FnOnce(&str) -> bool,
) -> Option<Field<'a>> {
    match value {
        Field::Text(text) if place.is_none() && is_one(&text) => {
            *place = Some(text);
            None
        }
        other => Some(other),
    }
}

/// The server accepts only a UUID as the session.
fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

//! Decodes a record.
//!
//! Hand-written, because serde would read a struct with a flattened field into memory first, and then a second time.

use std::fmt;

use logtide_core::Level;
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::LogRecord;

impl<'de> Deserialize<'de> for LogRecord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RecordVisitor)
    }
}

struct RecordVisitor;

impl<'de> Visitor<'de> for RecordVisitor {
    type Value = LogRecord;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an entry, an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<LogRecord, A::Error> {
        let (mut id, mut time, mut service, mut level, mut message) = (None, None, None, None, None);
        let (mut trace_id, mut span_id, mut session_id, mut project_id) = (None, None, None, None);
        let (mut metadata, mut other) = (Map::new(), Map::new());
        while let Some(field) = fields.next_key::<Field>()? {
            match field {
                Field::Id => id = Some(fields.next_value()?),
                Field::Time => time = Some(fields.next_value()?),
                Field::Service => service = Some(fields.next_value()?),
                Field::Level => level = Some(fields.next_value::<LenientLevel>()?.0),
                Field::Message => message = Some(fields.next_value()?),
                Field::Metadata => match fields.next_value()? {
                    LenientMap::Map(map) => metadata = map,
                    LenientMap::Other(value) => drop(other.insert("metadata".to_owned(), value)),
                },
                Field::TraceId => trace_id = fields.next_value()?,
                Field::SpanId => span_id = fields.next_value()?,
                Field::SessionId => match fields.next_value()? {
                    LenientUuid::Uuid(id) => session_id = id,
                    LenientUuid::Other(value) => drop(other.insert("sessionId".to_owned(), value)),
                },
                Field::ProjectId => project_id = fields.next_value()?,
                Field::Other(name) => {
                    other.insert(name, fields.next_value::<Value>()?);
                }
            }
        }
        Ok(LogRecord {
            id: id.ok_or_else(|| A::Error::missing_field("id"))?,
            time: time.ok_or_else(|| A::Error::missing_field("time"))?,
            service: service.ok_or_else(|| A::Error::missing_field("service"))?,
            level: level.ok_or_else(|| A::Error::missing_field("level"))?,
            message: message.ok_or_else(|| A::Error::missing_field("message"))?,
            metadata,
            trace_id,
            span_id,
            session_id,
            project_id,
            other,
        })
    }
}

enum Field {
    Id,
    Time,
    Service,
    Level,
    Message,
    Metadata,
    TraceId,
    SpanId,
    SessionId,
    ProjectId,
    Other(String),
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_identifier(FieldVisitor)
    }
}

struct FieldVisitor;

impl Visitor<'_> for FieldVisitor {
    type Value = Field;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of a field")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Field, E> {
        Ok(match name {
            "id" => Field::Id,
            "time" => Field::Time,
            "service" => Field::Service,
            "level" => Field::Level,
            "message" => Field::Message,
            "metadata" => Field::Metadata,
            "traceId" | "trace_id" => Field::TraceId,
            "spanId" | "span_id" => Field::SpanId,
            "sessionId" | "session_id" => Field::SessionId,
            "projectId" | "project_id" => Field::ProjectId,
            other => Field::Other(other.to_owned()),
        })
    }
}

/// Metadata, which is an object or null. A value of another type is ignored, without losing its page.
enum LenientMap {
    Map(Map<String, Value>),
    Other(Value),
}

impl<'de> Deserialize<'de> for LenientMap {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(deserializer)? {
            Value::Object(map) => Self::Map(map),
            Value::Null => Self::Map(Map::new()),
            other => Self::Other(other),
        })
    }
}

/// The id of a session, or null. Later servers may send another type.
enum LenientUuid {
    Uuid(Option<Uuid>),
    Other(Value),
}

impl<'de> Deserialize<'de> for LenientUuid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let id = value.as_str().map(Uuid::try_parse);
        Ok(match (id, value) {
            (Some(Ok(id)), _) => Self::Uuid(Some(id)),
            (_, Value::Null) => Self::Uuid(None),
            (_, other) => Self::Other(other),
        })
    }
}

/// A level of any name.
struct LenientLevel(Level);

impl<'de> Deserialize<'de> for LenientLevel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(LevelVisitor)
    }
}

struct LevelVisitor;

impl Visitor<'_> for LevelVisitor {
    type Value = LenientLevel;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of a level")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<LenientLevel, E> {
        Ok(LenientLevel(name.parse().unwrap_or(Level::Info)))
    }
}

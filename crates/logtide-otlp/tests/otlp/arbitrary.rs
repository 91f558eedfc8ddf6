//! Any fields, entries and spans.

use std::{error::Error, fmt};

use logtide_core::{
    Content, Fields, Head, Id, Level, Record, RecordWriter, Scope, SpanData, SpanFields, SpanId, SpanKind,
    SpanStatus, SpanTimes, Timestamp, TraceId,
};
use proptest::{collection::vec, option, prelude::*};
use serde_json::{Map, Value, json};

/// The value of a field, of any type that a record has.
#[derive(Clone, Debug)]
pub(crate) enum Any {
    Json(Value),
    F32(f32),
    F64(f64),
    I64(i64),
    U64(u64),
    U128(u128),
    I128(i128),
}

pub(crate) type AnyFields = Vec<(String, Any)>;

#[derive(Clone, Debug)]
pub(crate) struct AnyEntry {
    pub(crate) level: Level,
    pub(crate) service: String,
    pub(crate) message: String,
    pub(crate) time: Option<i64>,
    pub(crate) trace_id: Option<AnyId>,
    pub(crate) span_id: Option<AnyId>,
    pub(crate) session_id: Option<String>,
    pub(crate) fields: AnyFields,
    pub(crate) error: Option<AnyError>,
    pub(crate) scope: Option<(String, String)>,
}

#[derive(Clone, Debug)]
pub(crate) enum AnyId {
    Text(String),
    W3c(u128),
}

/// An error with its causes.
#[derive(Clone, Debug)]
pub(crate) struct AnyError {
    message: String,
    cause: Option<Box<Self>>,
}

#[derive(Clone, Debug)]
pub(crate) struct AnySpan {
    pub(crate) name: String,
    pub(crate) service: String,
    pub(crate) trace_id: u128,
    pub(crate) span_id: u64,
    pub(crate) times: SpanTimes,
    pub(crate) end: u64,
    pub(crate) status: SpanStatus,
    pub(crate) status_message: String,
    pub(crate) fields: AnyFields,
    pub(crate) events: Vec<(u64, String, AnyFields)>,
    pub(crate) links: Vec<(u128, u64, AnyFields)>,
    pub(crate) trace_state: Option<String>,
}

impl Any {
    pub(crate) fn write(&self, key: &str, fields: &mut Fields<'_>) {
        match self {
            Self::Json(value) => fields.field(key, value),
            Self::F32(value) => fields.field(key, value),
            Self::F64(value) => fields.field(key, value),
            Self::I64(value) => fields.field(key, value),
            Self::U64(value) => fields.field(key, value),
            Self::U128(value) => fields.field(key, value),
            Self::I128(value) => fields.field(key, value),
        }
    }

    /// Returns the value as JSON, without what JSON cannot represent.
    fn json(&self) -> Value {
        match self {
            Self::Json(value) => value.clone(),
            Self::F32(value) => json!(value),
            Self::F64(value) => json!(value),
            Self::I64(value) => json!(value),
            Self::U64(value) => json!(value),
            Self::U128(_) | Self::I128(_) => Value::Null,
        }
    }
}

pub(crate) fn map_of(fields: &AnyFields) -> Map<String, Value> {
    fields.iter().map(|(key, value)| (key.clone(), value.json())).collect()
}

impl AnyEntry {
    pub(crate) fn record<'w>(&'w self, nanos: u64, writer: &'w mut RecordWriter) -> Record<'w> {
        let mut head = Head::new(self.level, &self.service);
        head.nanos = nanos;
        head.time = self.time.map(Timestamp::from_micros);
        head.ids.trace_id = self.trace_id.as_ref().map(|id| match id {
            AnyId::Text(text) => Id::Text(text),
            AnyId::W3c(number) => Id::W3c(TraceId::from_random(*number)),
        });
        head.ids.span_id = self.span_id.as_ref().map(|id| match id {
            AnyId::Text(text) => Id::Text(text),
            AnyId::W3c(number) => Id::W3c(SpanId::from_random(*number as u64)),
        });
        head.ids.session_id = self.session_id.as_deref();
        let mut fields = writer.begin(&head);
        fields.message(&self.message);
        for (key, value) in &self.fields {
            value.write(key, &mut fields);
        }
        if let Some(error) = &self.error {
            fields.error(error);
        }
        if let Some((key, value)) = &self.scope {
            fields.scope(&Scope::new().with(|scope| {
                scope.set_tag(key, value);
                scope.set_extra(key, value);
            }));
        }
        fields.finish()
    }
}

impl AnySpan {
    pub(crate) fn record<'w>(&'w self, writer: &'w mut RecordWriter) -> Record<'w> {
        let mut head = Head::new(Level::Info, &self.service);
        head.nanos = self.end;
        head.ids.trace_id = Some(TraceId::from_random(self.trace_id).into());
        head.ids.span_id = Some(SpanId::from_random(self.span_id).into());
        let mut data = SpanData::default();
        data.set_status(self.status, &self.status_message);
        for (nanos, name, fields) in &self.events {
            data.event(*nanos, name, &SpanFields::new(None, Content::unchanged(), map_of(fields)));
        }
        for (trace, span, fields) in &self.links {
            let (trace, span) = (TraceId::from_random(*trace), SpanId::from_random(*span));
            data.link(trace, span, &SpanFields::new(None, Content::unchanged(), map_of(fields)));
        }
        if let Some(text) = &self.trace_state {
            data.trace_state(text);
        }
        let mut fields = writer.begin(&head);
        fields.message(&self.name);
        for (key, value) in &self.fields {
            value.write(key, &mut fields);
        }
        fields.ended_span(&self.times, &data);
        fields.finish()
    }
}

impl fmt::Display for AnyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl Error for AnyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z]{0,8}",
        2 => any::<String>(),
        1 => "[a\0é😀\"\\\\]{0,6}",
        1 => (100_usize..400).prop_map(|length| "x".repeat(length)),
    ]
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[a-e]{1,2}",
        2 => text(),
        1 => prop_oneof![
            Just("sdk"), Just("exception"), Just("error"), Just("exception.type"), Just("exception.message"),
            Just("exception.stacktrace"), Just("session.id"), Just("trace_id"), Just("span_id"),
            Just("session_id"), Just("__proto__"), Just("constructor"), Just("hostname"), Just("password"),
            Just("service.name"),
        ].prop_map(str::to_owned),
    ]
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            vec((key(), inner), 0..5).prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

fn value() -> impl Strategy<Value = Any> {
    prop_oneof![
        4 => json().prop_map(Any::Json),
        1 => any::<f32>().prop_map(Any::F32),
        1 => any::<f64>().prop_map(Any::F64),
        1 => any::<i64>().prop_map(Any::I64),
        1 => any::<u64>().prop_map(Any::U64),
        1 => any::<u128>().prop_map(Any::U128),
        1 => any::<i128>().prop_map(Any::I128),
    ]
}

pub(crate) fn fields() -> impl Strategy<Value = AnyFields> {
    vec((key(), value()), 0..6)
}

fn id(digits: &'static str) -> impl Strategy<Value = AnyId> {
    prop_oneof![
        any::<u128>().prop_map(AnyId::W3c),
        digits.prop_map(AnyId::Text),
        "[0]{16}|[0]{32}|[0-9a-f]{16}".prop_map(AnyId::Text),
        text().prop_map(AnyId::Text),
    ]
}

fn error() -> impl Strategy<Value = AnyError> {
    text().prop_map(|message| AnyError { message, cause: None }).prop_recursive(3, 3, 1, |inner| {
        (text(), inner).prop_map(|(message, cause)| AnyError { message, cause: Some(Box::new(cause)) })
    })
}

pub(crate) fn entry() -> impl Strategy<Value = AnyEntry> {
    let session = prop_oneof![Just("7d444840-9dc0-11d1-b245-5ffdce74fad2".to_owned()), text(),];
    (
        prop::sample::select(&Level::ALL[..]),
        text(),
        text(),
        option::of(-5_i64..4_000_000_000_000_000),
        option::of(id("[0-9a-f]{32}|[0-9A-F]{32}")),
        option::of(id("[0-9a-f]{16}|[0-9A-F]{16}")),
        option::of(session),
        fields(),
        option::of(error()),
        option::of((key(), text())),
    )
        .prop_map(
            |(level, service, message, time, trace_id, span_id, session_id, fields, error, scope)| AnyEntry {
                level,
                service,
                message,
                time,
                trace_id,
                span_id,
                session_id,
                fields,
                error,
                scope,
            },
        )
}

fn times() -> impl Strategy<Value = SpanTimes> {
    let kind = prop::sample::select(
        &[SpanKind::Internal, SpanKind::Server, SpanKind::Client, SpanKind::Producer, SpanKind::Consumer][..],
    );
    (any::<u64>(), option::of(any::<u64>()), kind, any::<u8>(), any::<u32>(), any::<u32>()).prop_map(
        |(start, parent, kind, flags, dropped_events, dropped_links)| {
            let mut times = SpanTimes::new(start);
            times.parent = parent.map(SpanId::from_random);
            (times.kind, times.trace_flags) = (kind, flags);
            (times.dropped_events, times.dropped_links) = (dropped_events, dropped_links);
            times
        },
    )
}

pub(crate) fn span() -> impl Strategy<Value = AnySpan> {
    let status = prop::sample::select(&[SpanStatus::Unset, SpanStatus::Ok, SpanStatus::Error][..]);
    let events = vec((any::<u64>(), text(), fields()), 0..4);
    let links = vec((any::<u128>(), any::<u64>(), fields()), 0..3);
    let ids = (any::<u128>(), any::<u64>());
    let of_name = (text(), text(), fields(), option::of(text()));
    (of_name, ids, times(), any::<u64>(), (status, text()), events, links).prop_map(
        |(
            (name, service, fields, trace_state),
            (trace_id, span_id),
            times,
            end,
            (status, said),
            events,
            links,
        )| {
            AnySpan {
                name,
                service,
                trace_id,
                span_id,
                times,
                end,
                status,
                status_message: said,
                fields,
                events,
                links,
                trace_state,
            }
        },
    )
}

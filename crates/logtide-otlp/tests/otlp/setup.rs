//! Shared helpers.

use logtide_core::{Content, Head, Json, Level, PayloadLimits, Record, RecordWriter, Redaction, Wire};
use logtide_otlp::{Compression, Logs, Resource, Spans, Target};

pub(crate) const TARGETS: [Target; 2] = [Target::LogTide, Target::Collector];

/// The time of the entries, in nanoseconds since 1970.
pub(crate) const NANOS: u64 = 1_795_340_191_342_123_456;

pub(crate) fn logs(target: Target) -> Logs {
    Logs::new(Json::default(), Resource::new(), target, Compression::None)
}

pub(crate) fn spans(target: Target) -> Spans {
    Spans::new(Json::default(), Resource::new(), target, Compression::None)
}

/// Returns the default limits and redaction of a client.
pub(crate) fn limited_json() -> Json {
    Json::new(Content::new(&PayloadLimits::default(), &Redaction::default()))
}

pub(crate) fn head(service: &str) -> Head<'_> {
    let mut head = Head::new(Level::Info, service);
    head.nanos = NANOS;
    head
}

/// Returns the body of a request with one record.
pub(crate) fn body(wire: &mut impl Wire, record: Record<'_>) -> Vec<u8> {
    let mut body = Vec::new();
    wire.begin(&mut body);
    wire.write(record, &mut body);
    wire.end(&mut body);
    body
}

/// Appends an entry with this message to a body.
pub(crate) fn write(wire: &mut impl Wire, service: &str, message: &str, body: &mut Vec<u8>) {
    let mut writer = RecordWriter::default();
    let mut fields = writer.begin(&head(service));
    fields.message(message);
    wire.write(fields.finish(), body);
}

//! Logs and spans over OTLP/HTTP, for LogTide's own endpoints and for OpenTelemetry collectors.
//!
//! [`Logs`] and [`Spans`] are wires for the [`Pipeline`](logtide_core::Pipeline): they turn records into requests, read the
//! responses, and do no I/O. Requests are protobuf, compressed with gzip.
//!
//! ```
//! use logtide_core::{Json, Level, LogEntry, RecordWriter, Timestamp, Wire as _};
//! use logtide_otlp::{Compression, Logs, Resource, Target};
//!
//! let resource = Resource::new().attribute("deployment.environment", "staging");
//! let mut wire = Logs::new(Json::default(), resource, Target::Collector, Compression::Gzip);
//!
//! let entry = LogEntry::new(Level::Info, "api", "server started").metadata([("port", 3000)]);
//! let mut writer = RecordWriter::default();
//! let record = entry.record(&mut writer, Timestamp::from_micros(1_795_340_191_342_000));
//!
//! let mut body = Vec::new();
//! wire.begin(&mut body);
//! wire.write(record, &mut body);
//! wire.end(&mut body);
//! // Post `body` to this path, with these headers.
//! assert_eq!((wire.path(), wire.content_type()), ("/v1/logs", "application/x-protobuf"));
//! assert_eq!(wire.content_encoding(), Some("gzip"));
//! ```
//!
//! # How an entry is written
//!
//! | entry | OTLP |
//! |---|---|
//! | time | `time_unix_nano`, in whole microseconds if the target is LogTide; `observed_time_unix_nano` is the time of the log call, rounded up to a millisecond |
//! | level | `severity_number` 5, 9, 13, 17 or 21, and the name of the level as `severity_text` |
//! | message | `body`, a string |
//! | service | `service.name` of the resource |
//! | trace and span | `trace_id` and `span_id`; an id that does not have the W3C form is an attribute of that name |
//! | session | attribute `session.id` |
//! | metadata, with the global metadata | attributes of the same names and types |
//! | error | also attributes `exception.type`, `exception.message` and `exception.stacktrace` |
//!
//! A request has one resource for each service. If the target is LogTide, integers beyond 2^53 are strings, because its JSON
//! would round them. Values nested deeper than protobuf decoders support are replaced by a text that says so.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod attributes;
mod batch;
mod compression;
mod gzip;
mod ids;
mod logs;
mod protobuf;
mod resource;
mod spans;
mod target;
mod text;

pub use self::{compression::Compression, logs::Logs, resource::Resource, spans::Spans, target::Target};

/// The largest body of a request before compression, in bytes: LogTide reads 50 MiB, and collectors 20 MiB.
const MAX_BODY_BYTES: usize = 16 << 20;

/// The most entries or spans in a request.
const MAX_ENTRIES: usize = 10_000;

/// The content type of all bodies.
const CONTENT_TYPE: &str = "application/x-protobuf";

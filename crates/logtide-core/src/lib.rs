//! Types, records and the sans-I/O delivery pipeline of the LogTide SDK.
//!
//! This crate has no I/O, clock, threads or randomness: bytes, time and seeds are arguments.
//!
//! ```
//! use logtide_core::{
//!     Json, Level, LogEntry, Pipeline, PipelineOptions, RecordWriter, ServerAnswer, Tick, Timestamp,
//! };
//!
//! // What the clocks say: time that only goes forward, and wall-clock time.
//! let (now, wall) = (Tick::ZERO, Timestamp::from_micros(1_795_340_191_342_000));
//! let mut pipeline = Pipeline::new(PipelineOptions::default(), Json::default());
//! let entry = LogEntry::new(Level::Info, "api", "server started").metadata([("port", 3000)]);
//! let _ = pipeline.push(entry.record(&mut RecordWriter::default(), wall), now);
//! pipeline.flush(now, now);
//! while let Some(transmit) = pipeline.poll_transmit(now) {
//!     // Post `transmit.body` to `transmit.path` here, with the key in X-API-Key.
//!     let answer = ServerAnswer::new(200, br#"{"received":1}"#);
//!     let outcome = pipeline.wire().outcome(answer, None, wall);
//!     pipeline.handle_outcome(transmit.id, outcome, now);
//! }
//! assert_eq!(pipeline.counters().delivered, 1);
//! ```
//!
//! The [`pipeline`] module describes how to drive a pipeline.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod api_key;
mod backoff;
mod batch;
mod breadcrumb;
mod breaker;
pub mod bridge;
mod budget;
mod clean_text;
mod content;
mod counters;
mod dsn;
mod entry;
mod event;
mod exception;
mod flush;
mod flush_report;
mod into_metadata;
mod level;
pub mod limits;
mod metadata;
mod outcome;
mod parse_name_error;
pub mod pipeline;
mod record;
mod retry_after;
mod sampling;
mod scope;
#[cfg(feature = "spool")]
pub mod spool;
mod stacktrace;
mod tick;
mod timestamp;
mod trace;
mod trace_context;
mod trace_headers;
mod traceparent;
mod user;
mod wire;

pub use answer::{ServerAnswer, UnexpectedBody};
pub use api_key::ApiKey;
pub use backoff::Backoff;
pub use breadcrumb::{Breadcrumb, BreadcrumbKind};
pub use breaker::CircuitState;
pub use clean_text::clean_text;
pub use content::{BASE64_REMOVED, Content, EXCLUDED, PayloadLimits, REDACTED, Redaction, TRUNCATED};
pub use counters::{Counters, DropReason, Drops, Recovered};
pub use dsn::{Dsn, DsnError};
pub use entry::LogEntry;
pub use event::Event;
pub use exception::{ErrorFormat, Panic, error_type};
pub use flush::Token;
pub use flush_report::FlushReport;
pub use into_metadata::{Debugged, Displayed, Field, IntoMetadata, Joined, Pairs, Serialized};
pub use level::{Level, ParseLevelError};
pub use metadata::Metadata;
pub use outcome::Outcome;
pub use parse_name_error::ParseNameError;
pub use pipeline::{Admit, BatchId, GiveUp, Overflow, Pipeline, PipelineOptions, Transmit, Wake};
pub use record::{
    CallSite, Entries, ErrorPlace, ErrorValue, EventId, Fields, Frames, Head, Id, Identity, Ids, Item, Items,
    Key, Prefix, Record, RecordWriter, SpanData, SpanEventItem, SpanFields, SpanItem, SpanKind, SpanLinkItem,
    SpanStatus, SpanTimes, Value, Values,
};
pub use retry_after::retry_after;
pub use sampling::SampleRate;
pub use scope::{BreadcrumbFilter, Scope};
pub use stacktrace::{Frame, Stacktrace};
pub use tick::Tick;
pub use timestamp::Timestamp;
pub use trace::{OwnedId, ParseIdError, SpanId, TraceId};
pub use trace_context::TraceContext;
pub use trace_headers::TraceHeaders;
pub use traceparent::{ParseTraceParentError, TraceParent};
pub use user::User;
pub use wire::{
    EntryHead, ValueSink, Wire,
    json::{EMPTY_MESSAGE, Json, UNKNOWN_SERVICE},
};

//! Types, wire encoding and the sans-IO delivery pipeline of the LogTide SDK.
//!
//! This crate has no I/O, no clock, no threads and no randomness of its own: bytes, time and seeds are arguments. It serves two
//! kinds of readers. Programs that log use the `logtide` crate, which is built on this one. Those who have a transport of their own
//! (a browser, an embedded device, another HTTP client) use this crate alone: [`Encoder`] writes entries as the server takes them, and
//! [`Pipeline`] decides what is sent when, retried, divided, dropped and counted.
//!
//! ```
//! use logtide_core::{BaseMetadata, Encoder, Level, LogEntry, Outcome, Pipeline, PipelineOptions, Tick, Timestamp};
//!
//! // What the driver's clocks say.
//! let (now, wall) = (Tick::ZERO, Timestamp::from_micros(1_795_340_191_342_000));
//!
//! let mut encoder = Encoder::default();
//! let mut pipeline = Pipeline::new(PipelineOptions::default());
//! let entry = LogEntry::new(Level::Info, "api", "server started").metadata([("port", 3000)]);
//! let _ = pipeline.push(entry.encode(&mut encoder, wall, &BaseMetadata::default()), now);
//!
//! // Something else would wait for the flush interval here.
//! pipeline.flush(now, now);
//! while let Some(transmit) = pipeline.poll_transmit(now) {
//!     assert_eq!(transmit.entries, 1);
//!     // POST transmit.body to /api/v1/ingest with the key in X-API-Key, and hand in what came of it.
//!     let outcome = Outcome::of_answer(200, None, br#"{"received":1}"#, wall);
//!     pipeline.handle_outcome(transmit.id, outcome, now);
//! }
//! assert_eq!(pipeline.counters().delivered, 1);
//! ```
//!
//! How a pipeline is driven is written in [`pipeline`].

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
pub mod pipeline;
mod record;
mod retry_after;
mod sampling;
mod scope;
mod stacktrace;
mod tick;
mod timestamp;
mod trace;
mod trace_context;
mod traceparent;
mod user;
mod wire;

pub use answer::{ForeignBody, ServerAnswer};
pub use api_key::ApiKey;
pub use backoff::{Backoff, MAX_DELAY};
pub use breadcrumb::{Breadcrumb, BreadcrumbKind};
pub use breaker::{Admission, Breaker, CircuitState};
pub use clean_text::clean_text;
pub use content::{BASE64_REMOVED, Content, EXCLUDED, PayloadLimits, REDACTED, Redaction, TRUNCATED};
pub use counters::{Counters, DropReason, Drops};
pub use dsn::{Dsn, DsnError};
pub use entry::LogEntry;
pub use event::Event;
pub use exception::{ErrorFormat, MAX_CAUSES, Panic};
pub use flush::Token;
pub use flush_report::FlushReport;
pub use into_metadata::{Debugged, Displayed, Field, IntoMetadata, Joined, Pairs, Serialized};
pub use level::{Level, ParseLevelError};
pub use metadata::Metadata;
pub use outcome::Outcome;
pub use pipeline::{Admit, BatchId, GiveUp, Overflow, Pipeline, PipelineOptions, Transmit, Wake};
pub use record::{
    CallSite, Entries, ErrorPlace, ErrorValue, Fields, Frames, Head, Id, Item, Items, Key, Prefix, Record, RecordWriter,
    SpanFields, SpanItem, Value, Values,
};
pub use retry_after::{MAX_RETRY_AFTER, retry_after};
pub use sampling::SampleRate;
pub use scope::{BreadcrumbFilter, Scope};
pub use stacktrace::{Frame, MAX_FRAMES, Stacktrace};
pub use tick::Tick;
pub use timestamp::Timestamp;
pub use trace::{ParseIdError, SpanId, TraceId};
pub use trace_context::TraceContext;
pub use traceparent::{ParseTraceParentError, TraceParent};
pub use user::User;
pub use wire::{Wire, json::{EMPTY_MESSAGE, Json, UNKNOWN_SERVICE}};

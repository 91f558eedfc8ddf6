//! Sends events of [`tracing`](https://docs.rs/tracing) to LogTide as entries: those of level INFO and above, unless the layer
//! has a filter or another [`level`](Layer::level).
//!
//! ```
//! use std::sync::Arc;
//! use logtide_client::{Client, ClientOptions};
//! use tracing_subscriber::prelude::*;
//!
//! # let transport = logtide_transport::MemoryTransport::new();
//! # let new = |options| Client::with_transport(options, Arc::new(transport.clone()));
//! # /*
//! let client = Client::new(ClientOptions::new("http://localhost:8080", "lp_your_key").service("shop"))?;
//! # */
//! # let client = new(ClientOptions::new("http://localhost:8080", "lp_your_key").service("shop"))?;
//! let subscriber = tracing_subscriber::registry().with(logtide_tracing::layer(&client));
//! tracing::subscriber::with_default(subscriber, || {
//!     // Or `subscriber.init()`, once, for the whole program.
//!     let _order = tracing::info_span!("order", id = 42).entered();
//!     tracing::warn!(attempt = 2, "the card was refused");
//! });
//! drop(client); // delivers
//! # let body = String::from_utf8_lossy(&transport.requests()[0].body).into_owned();
//! # assert!(body.contains(r#""metadata":{"attempt":2,"id":42,"spans":["order"],"#), "{body}");
//! # Ok::<(), logtide_client::OptionsError>(())
//! ```
//!
//! | event | entry |
//! |---|---|
//! | message, or the event's name if it has none | `message` |
//! | TRACE and DEBUG, INFO, WARN, ERROR | level `debug`, `info`, `warn`, `error`; `critical` for events with `logtide.critical = true`; see also [`Layer::map_level`] |
//! | fields | fields of `metadata`; numbers and booleans keep their type |
//! | the first field that is a `dyn Error` | `metadata.error` and `metadata.exception`, with the causes and the location of the event; further errors are strings |
//! | fields of its spans | fields of `metadata`, see [`SpanFields`]; the event's own fields win, then those of the innermost span |
//! | names of its spans | `metadata.spans`, outermost first |
//! | target, module, file, line | `metadata.logger`; `module` if it differs from the target; `file`, `line` |
//! | `logtide.service`, `logtide.trace_id`, `logtide.session_id` of the event or of its spans | the entry's own fields of these names, see [below](#overrides) |
//!
//! # Levels and filters
//!
//! | subscriber | what the layer takes |
//! |---|---|
//! | `registry().with(layer(&client))` | INFO and above |
//! | `registry().with(layer(&client).level(LevelFilter::DEBUG))` | DEBUG and above |
//! | `registry().with(layer(&client).with_filter(filter))` | what the filter lets through |
//! | `registry().with(filter).with(layer(&client))` | what the filter lets through of INFO and above |
//! | `registry().with(filter).with(layer(&client).level(LevelFilter::TRACE))` | what the filter lets through |
//!
//! This holds for events and spans. A span that the layer does not take appears in no entry, and what is inside it belongs to the
//! spans around it. [`Layer::with_filter`] takes any filter: a `LevelFilter`, `Targets`, an `EnvFilter`, a reloadable one. If you
//! put a filter before the layer in another way, as for an `Option` of a layer, set the level to TRACE.
//!
//! # Overrides
//!
//! Some fields set a property of the entry itself and are not part of its metadata. Their names begin with `logtide.`, so that a
//! library's own field `service` or `trace_id` stays a field.
//!
//! | field | what it sets |
//! |---|---|
//! | `logtide.service` | the service |
//! | `logtide.trace_id`, 1 to 256 bytes | the trace; on a span, record it before the span is entered or has a child |
//! | `logtide.session_id`, a UUID with dashes | the session |
//! | `logtide.critical = true`, on an event | the level `critical` |
//!
//! On a span, they apply to everything inside it. A value that is not a valid name or id, such as one with spaces, stays in the
//! metadata. [`Layer::override_prefix`] sets another prefix or none, and [`Layer::service_field`] another field for the service.
//!
//! ```
//! tracing::info!(logtide.service = "billing", amount = 7, "paid");
//! // The macros need braces if such a field comes first after a target.
//! tracing::error!(target: "disk", { logtide.critical = true, free = 0 }, "full");
//! ```
//!
//! # Traces
//!
//! Each span has an id. The trace of a span is the first of these that exists:
//!
//! 1. the trace that the span names in its field `logtide.trace_id`
//! 2. the trace of its explicit parent
//! 3. the trace of the span that the thread entered last: a span of `tracing`, or another
//!    [`ActiveSpan`](logtide_client::integration::ActiveSpan), such as the one that the middleware enters for a request
//! 4. the trace of the scope that the span is created in
//! 5. the trace of the client
//! 6. a new trace
//!
//! Events have the ids of their explicit parent, or of the span that the thread entered last. With `parent: None` they are in no
//! span. If a thread enters a span again inside others, its events have the name, fields and ids of that span, not of the one
//! that `tracing::Span::current` returns.
//!
//! While a thread is in a span, entries logged through the client itself have the span's ids too. So do requests that
//! [`Client::inject_trace`](logtide_client::Client::inject_trace) prepares. With the feature `opentelemetry` and a layer of
//! `tracing-opentelemetry` in the same subscriber, the ids are those of OpenTelemetry.
//!
//! # Spans
//!
//! With the feature `otlp` and `Layer::spans(true)`, each span that the layer takes is sent over OTLP when it closes, to LogTide
//! or to a collector. A span that never closes is never sent.
//!
//! | span | what is sent |
//! |---|---|
//! | `otel.name`, or the span's name | name, up to 1,024 bytes |
//! | `otel.kind`: `server`, `client`, `producer`, `consumer` | kind; internal by default |
//! | `otel.status_code`: `ok`, `error` | status; without it, error if an event in the span has the level ERROR |
//! | `otel.status_description` or `otel.status_message` | description of the error; without a status code it also sets the status to error. The default is the message of the first such event, or of its error |
//! | the enclosing span on this thread, the explicit `parent: &span`, or the span of the caller whose request this is | parent |
//! | from its creation until it was last exited, or until it closed if it was never entered | times |
//! | other fields, including those recorded late | attributes |
//! | `logtide.service` and `logtide.session_id`, of the span or of those around it | service, and attribute `session.id` |
//! | target, module, file, line | attributes, as for an entry |
//! | `follows_from` | links, up to 128 |
//! | events in it | entries with the span's ids, events of the span, or both, see `Layer::span_events` |
//!
//! An event of a span has the message as its name, and the event's fields, `level` and `target` as attributes. An event with an
//! error is named `exception`, as in OpenTelemetry's conventions, and its message is an attribute. A message over 1,024 bytes is
//! an attribute too.
//!
//! Whether a trace is sent is decided when its first span is created, by `ClientOptions::traces_sample_rate`. For a request with
//! a `traceparent`, the caller decides. The spans inside follow. For a span that is not sent, the layer keeps only what its
//! entries need.
//!
//! If `tracing-opentelemetry` has a span too, OpenTelemetry sends it and the layer does not; its entries have the same ids. This
//! needs the feature `opentelemetry`. Without it both send the span, each with its own ids. To have LogTide send the spans,
//! remove `tracing-opentelemetry`, or give its layer a filter for the spans that it should send. Once OpenTelemetry has had ids
//! for any span, it is also assumed to send the spans that close without having been entered.
//!
//! # Cost
//!
//! An event is encoded on the calling thread. That allocates nothing, unless the event has one of the fields that set service,
//! trace or session. Fields of a span are encoded once.
//!
//! An event below the level of the layer costs one comparison. If every layer of the subscriber has a filter, an event that none
//! of them lets through is not even evaluated. If your program logs many details, put a `LevelFilter` before the layer.
//!
//! # Diagnostics of the SDK
//!
//! The SDK creates no events or spans of its own, so its diagnostics have neither target nor level. It writes a line to standard
//! error when entries cannot be delivered, and more lines with [`debug`](logtide_client::ClientOptions::debug). It passes
//! everything to [`on_event`](logtide_client::ClientOptions::on_event), whose callback may create events for the program's other
//! layers. This layer ignores what is logged on the SDK's own thread, where the callback and the libraries of the SDK run.
//! Otherwise each delivery would cause another one.
//!
//! These libraries log at DEBUG and TRACE under the target `hyper_util`. With features that the program may enable, they also log
//! under `hyper`, `h2` and `rustls`. Only other layers see these events.
//!
//! # Values of the crate `valuable`
//!
//! A field that is `Valuable` becomes a string, as `Debug` formats it. `tracing` passes such values on only in programs that are
//! compiled with `--cfg tracing_unstable`, and makes no promise about the format. For structured values, log an entry through the
//! client: its metadata can be anything that serde can serialize.
//!
//! # Before the program ends
//!
//! Drop the last handle of the client, for example at the end of `main`, or call `close`. The layer does not keep the client
//! open, so this delivers what is left, although a global subscriber is never dropped.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod callsite;
mod entered;
mod layer;
mod log_record;
#[cfg(feature = "otlp")]
mod outgoing;
mod overrides;
mod recorder;
mod span;
#[cfg(feature = "otlp")]
mod span_events;
mod span_fields;

#[cfg(feature = "otlp")]
pub use self::span_events::SpanEvents;
pub use self::{layer::Layer, span_fields::SpanFields};

/// Creates a layer that logs events of level INFO and above through a client. [`Layer::level`] and [`Layer::with_filter`] change
/// the level.
///
/// **Keep a handle of the client for as long as it should log.** The layer does not keep the client open. When the last handle is
/// dropped, the client closes and nothing more is sent.
pub fn layer(client: &logtide_client::Client) -> Layer {
    Layer::new(client)
}

//! Events of [`tracing`](https://docs.rs/tracing) as LogTide entries: those of level INFO and above, unless the layer has a filter or
//! another [`level`](Layer::level).
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
//! | of the event | in the entry |
//! |---|---|
//! | message; without one, the event's name | `message` |
//! | TRACE and DEBUG, INFO, WARN, ERROR | level `debug`, `info`, `warn`, `error`; `critical` for events with `logtide.critical = true`, see also [`Layer::map_level`] |
//! | fields | fields of `metadata`, numbers and truth values as such |
//! | the first field that is a `dyn Error` | `metadata.error` and `metadata.exception`, with causes and the event's place; further ones are texts |
//! | fields of its spans | fields of `metadata`, see [`SpanFields`]; the event's own win, then the innermost span's |
//! | names of its spans | `metadata.spans`, outermost first |
//! | target, module, file, line | `metadata.logger`, and `module` where it is another; `file`, `line` |
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
//! This holds for events and spans. A span that the layer does not take is in no entry; what is inside of it belongs to the spans around.
//! [`Layer::with_filter`] takes any filter: a `LevelFilter`, `Targets`, an `EnvFilter`, one that is reloaded. Where a filter is put before the
//! layer in another way, as for an `Option` of a layer, set the level to TRACE.
//!
//! # Overrides
//!
//! Some fields say something about the entry itself, and are not among its metadata. Their names begin with `logtide.`, so that a field which
//! a library calls `service` or `trace_id` stays a field.
//!
//! | field | what it sets |
//! |---|---|
//! | `logtide.service` | the service |
//! | `logtide.trace_id`, 1 to 256 bytes | the trace; of a span it must be recorded before the span is entered or has a child |
//! | `logtide.session_id`, a UUID with dashes | the session |
//! | `logtide.critical = true`, of an event | the level `critical` |
//!
//! Of a span they hold for all that is inside. A value that is no name or id, such as one with spaces, stays among the metadata. Another
//! prefix, or none, is set with [`Layer::override_prefix`], and another field for the service with [`Layer::service_field`].
//!
//! ```
//! tracing::info!(logtide.service = "billing", amount = 7, "paid");
//! // The macros want braces where such a field comes first after a target.
//! tracing::error!(target: "disk", { logtide.critical = true, free = 0 }, "full");
//! ```
//!
//! # Traces
//!
//! Each span has an id. It belongs to the trace of what the thread entered last, a span of `tracing` or another
//! [`ActiveSpan`](logtide_client::integration::ActiveSpan), as the middleware enters one for a request; with an explicit parent, to that one's. Without
//! either it belongs to the trace of the scope it is made in, else to the client's, else to a new one. A trace that the span names by its
//! field `logtide.trace_id` goes before all of these. Events have the ids of what was
//! entered last, or of their explicit parent; with `parent: None` they are in no span. Where a thread enters a span again inside others,
//! its events have the name, the fields and the ids of that span, not of the one that `tracing::Span::current` names.
//! While a thread is in a span, entries that are logged through the client itself have its ids too, and so have requests that
//! [`Client::inject_trace`](logtide_client::Client::inject_trace) prepares. With the feature `opentelemetry`, and a layer of
//! `tracing-opentelemetry` in the same subscriber, the ids are those of OpenTelemetry.
//!
//! # Spans
//!
//! With the feature `otlp` and `Layer::spans(true)` each span that the layer sees is sent when it closes, over OTLP to LogTide or to a
//! collector. A span that never closes is never sent.
//!
//! | of the span | what is sent |
//! |---|---|
//! | `otel.name`; without it, the span's name | name, of up to 1,024 bytes |
//! | `otel.kind`: `server`, `client`, `producer`, `consumer` | kind; without it, internal |
//! | `otel.status_code`: `ok`, `error` | status; without it, error where an event in the span had the level ERROR |
//! | `otel.status_description` or `otel.status_message` | what is said of an error; it also sets the status where there is no code. Without it, the message of the first such event, or of its error |
//! | the span around it, on this thread, by name (`parent: &span`) or of the caller whose request this is | parent |
//! | from when it was made until it was left last, or closed if it was never entered | times |
//! | other fields, also those that are recorded late | attributes |
//! | `logtide.service` and `logtide.session_id`, of the span or of those around it | service, and attribute `session.id` |
//! | target, module, file, line | attributes, as those of an entry |
//! | `follows_from` | links, up to 128 |
//! | events in it | entries with its ids, events of the span, or both, see `Layer::span_events` |
//!
//! An event of a span has the message as its name, and the event's fields, `level` and `target` as attributes. One with an error is called
//! `exception`, as OpenTelemetry has it, and its message is an attribute, as is one longer than 1,024 bytes.
//!
//! Whether a trace is sent is decided where its first span is made, by `ClientOptions::traces_sample_rate`, and in a request
//! that came in with a `traceparent` by the caller. Spans inside follow. For a span that is not sent nothing is kept but what its entries
//! need.
//!
//! Where `tracing-opentelemetry` has a span too, OpenTelemetry sends it, and the layer does not: its entries have the same ids. That takes
//! the feature `opentelemetry`; without it both send the span, with ids of their own. To have LogTide send the spans, leave
//! `tracing-opentelemetry` out, or give its layer a filter for those that it shall send. A span that is closed without having been entered counts as one of
//! OpenTelemetry's once that had ids for any other.
//!
//! # What it costs
//!
//! An event is encoded in the calling thread and nothing is allocated for it, unless it has one of the fields that set service, trace or
//! session; fields of a span are encoded once.
//!
//! An event below the level of the layer costs a comparison. Where all layers of the subscriber have filters, one that no filter lets
//! through is not even evaluated: for programs that log many details, put a `LevelFilter` before the layer.
//!
//! # What the SDK says itself
//!
//! The SDK makes no events and no spans of its own, so its diagnostics have neither target nor level. It writes a line to standard error
//! when entries do not arrive, more lines with [`debug`](logtide_client::ClientOptions::debug), and passes everything to
//! [`on_event`](logtide_client::ClientOptions::on_event). That function may make events for the program's other layers. This layer takes
//! nothing that is logged on the SDK's own thread, which is where the function and the libraries of the SDK run: each delivery would be
//! followed by another one.
//!
//! These libraries log at DEBUG and TRACE, under the target `hyper_util`, and with features of theirs that the program may turn on, under
//! `hyper`, `h2` and `rustls`. Only other layers see that.
//!
//! # Values of the crate `valuable`
//!
//! A field that is `Valuable` is a text, as `Debug` formats it. `tracing` passes such values on only in programs that are compiled with
//! `--cfg tracing_unstable`, and promises nothing about how. For values with parts use an entry of the client, whose metadata may be anything
//! that serde can serialize.
//!
//! # Before the program ends
//!
//! The layer does not keep the client open: dropping the last handle of the client delivers, at the end of `main` for example, although a
//! global subscriber is never dropped.

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

/// Makes a layer that logs events of level INFO and above through a client. [`Layer::level`] and [`Layer::with_filter`] change the level.
///
/// **Keep a handle of the client for as long as it should log: when the last one is dropped, the client is closed and nothing more is
/// sent.** The layer does not keep it open.
pub fn layer(client: &logtide_client::Client) -> Layer {
    Layer::new(client)
}

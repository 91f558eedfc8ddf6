//! Live tail of a LogTide server.
//!
//! [`StreamClient`] follows new log entries. Take them from a [`LogStream`] in async code or from a
//! [`BlockingLogStream`] anywhere else, or have [`StreamClient::stream_with`] call a function with each.
//! [`StreamOptions::complete`] makes sure that no entry is missed.
//!
//! ```
//! use std::{sync::Arc, time::Duration};
//!
//! use logtide_core::ApiKey;
//! use logtide_stream::{StreamClient, StreamOptions};
//! use logtide_transport::{Driver, Endpoint, MemoryTransport, Reply};
//!
//! let transport = MemoryTransport::new();
//! let entry = r#"{"id":"1","time":"2026-11-22T09:58:34.843Z","service":"api","level":"info","message":"hello"}"#;
//! let events = format!("data: {{\"type\":\"log\",\"data\":{entry}}}\n\n: heartbeat\n\n");
//! transport.push(Reply::status(200).header("content-type", "text/event-stream").body(bytes::Bytes::from(events)));
//!
//! let endpoint = Endpoint::new("http://localhost:8080", ApiKey::new("lp_secret"))?;
//! let client = StreamClient::new(endpoint, Arc::new(transport), Driver::new());
//! for item in client.stream_blocking(StreamOptions::new().service("api")) {
//!     assert_eq!(item?.message, "hello");
//!     break;
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Decoder`] decodes server-sent events from chunks of any size.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod backoff;
mod blocking;
mod client;
mod clock;
mod complete;
mod decoder;
mod entry_id;
mod error;
mod event;
mod event_source;
mod log_stream;
mod message;
mod options;
mod plain;
mod race;
mod sink;
mod stream_handle;
#[cfg(test)]
mod testing;

pub use blocking::BlockingLogStream;
pub use client::StreamClient;
pub use decoder::{Decoder, Event, Frame};
pub use error::{Gap, GapCause, StreamError};
pub use event::StreamEvent;
pub use log_stream::{LogStream, StopHandle};
pub use options::StreamOptions;
pub use stream_handle::StreamHandle;

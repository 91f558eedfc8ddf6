//! Live tail of a LogTide server.
//!
//! [`StreamClient`] follows what is logged. [`LogStream`] hands it out to async code, [`BlockingLogStream`] to all
//! other, [`StreamClient::stream_with`] to functions. [`StreamOptions::complete`] makes it leave nothing out.
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
//! [`Decoder`] reads server-sent events out of whatever chunks of bytes a connection gives.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod blocking;
mod client;
mod clock;
mod complete;
mod decoder;
mod entry_id;
mod error;
mod event;
mod follow;
mod foreign;
mod link;
mod log_stream;
mod message;
mod options;
mod outlet;
mod plain;
mod race;
mod seed;
#[cfg(test)]
mod testing;

pub use blocking::BlockingLogStream;
pub use client::StreamClient;
pub use decoder::{Decoder, Event, Frame};
pub use error::{Gap, GapCause, StreamError};
pub use event::StreamEvent;
pub use follow::Follow;
pub use log_stream::{LogStream, StopHandle};
pub use options::StreamOptions;

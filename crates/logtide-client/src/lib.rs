//! The LogTide client: log calls, and a worker that delivers entries in the background.
//!
//! A log call writes its entry as a compact [`Record`](logtide_core::Record) to a buffer. The first entry starts a
//! worker on its own thread. The worker collects the records into a [`Pipeline`](logtide_core::Pipeline), renders them
//! when a request is due, and sends it through a [`Transport`](logtide_transport::Transport). The client needs no async
//! runtime.
//!
//! ```
//! use std::{sync::Arc, time::Duration};
//! use logtide_client::{Client, ClientOptions};
//! use logtide_transport::MemoryTransport;
//!
//! let transport = MemoryTransport::new();
//! let options = ClientOptions::new("http://localhost:8080", "lp_your_key");
//! let client = Client::with_transport(options, Arc::new(transport.clone()))?;
//!
//! client.info("api", "server started", [("port", 3000)]);
//! let report = client.flush_blocking(Duration::from_secs(5));
//! assert!(report.is_complete());
//! assert_eq!(transport.requests().len(), 1);
//! # Ok::<(), logtide_client::OptionsError>(())
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]

mod client;
mod context;
mod diagnostics;
mod exit;
mod global;
#[cfg(shuttle)]
mod handover;
mod hook;
mod intake;
pub mod integration;
mod macros;
mod metrics;
mod nesting;
mod options;
mod random;
mod service;
#[cfg(feature = "otlp")]
mod span;
#[cfg(feature = "spool")]
pub mod spool;
mod stacktrace;
mod sync;
mod unwind;
mod worker;

/// Implementation details of the level macros.
#[doc(hidden)]
pub mod __private {
    pub use logtide_core::{Debugged, Displayed, Field, IntoMetadata, Level};

    pub use crate::macros::{Program, Target};
}

pub use client::Client;
pub use context::{InScope, Scoped};
pub use global::{Guard, client, init, init_with};
pub use metrics::{ClientMetrics, SpanMetrics};
#[cfg(feature = "spool")]
pub use options::Durability;
pub use options::{ClientOptions, DropPolicy, EnvError, OptionsError};
#[cfg(feature = "otlp")]
pub use options::{Collector, Wire};
pub use service::Service;
#[cfg(feature = "otlp")]
pub use span::{InSpan, Instrumented, Span, SpanGuard};

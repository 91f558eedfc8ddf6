//! The LogTide SDK for Rust.
//!
//! ```no_run
//! use logtide::{Client, ClientOptions};
//!
//! let client = Client::new(ClientOptions::new("http://localhost:8080", "lp_your_key"))?;
//! client.info("api", "server started", [("port", 3000)]);
//! # Ok::<(), logtide::OptionsError>(())
//! ```

mod client;

pub use logtide_client::{ClientMetrics, ClientOptions, DropPolicy, OptionsError, Service};
pub use logtide_core::{
    ApiKey, CircuitState, DropReason, Drops, Dsn, DsnError, Event, Fields, FlushReport, IntoMetadata, Level,
    LogEntry, Metadata, Pairs, ParseLevelError, Serialized, Timestamp,
};
pub use logtide_query::{LogRecord, LogsResponse, QueryError, QueryOptions, SearchMode};
pub use logtide_transport::{HttpOptions, HttpTransport, MemoryTransport, Transport};

pub use self::client::Client;

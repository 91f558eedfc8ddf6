//! Queries against a LogTide server.
//!
//! ```
//! use std::sync::Arc;
//!
//! use logtide_core::{ApiKey, Level};
//! use logtide_query::{QueryClient, QueryOptions};
//! use logtide_transport::{Driver, Endpoint, MemoryTransport, Reply};
//!
//! let transport = MemoryTransport::new();
//! transport.push(Reply::json(r#"{"logs":[],"total":0,"hasMore":false}"#));
//!
//! let endpoint = Endpoint::new("http://localhost:8080", ApiKey::new("lp_secret"))?;
//! let client = QueryClient::new(endpoint, Arc::new(transport), Driver::new());
//! let page = client.query_blocking(QueryOptions::new().service("api").level(Level::Error).limit(50))?;
//! assert!(page.logs.is_empty() && !page.has_more);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod client;
mod error;
mod options;
mod record;
mod response;

pub use client::QueryClient;
pub use error::QueryError;
pub use options::{QueryOptions, SearchMode};
pub use record::LogRecord;
pub use response::LogsResponse;

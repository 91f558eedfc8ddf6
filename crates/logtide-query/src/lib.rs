//! Queries against a LogTide server, and heartbeats for its monitors.
//!
//! ```
//! use std::sync::Arc;
//!
//! use logtide_core::{ApiKey, Level};
//! use logtide_query::{QueryClient, QueryOptions, block_on};
//! use logtide_transport::{Driver, Endpoint, MemoryTransport, Reply};
//!
//! let transport = MemoryTransport::new();
//! transport.push(Reply::json(r#"{"logs":[],"total":0,"hasMore":false}"#));
//!
//! let endpoint = Endpoint::new("http://localhost:8080", ApiKey::new("lp_secret"))?;
//! let client = QueryClient::new(endpoint, Arc::new(transport), Driver::new());
//! let page = block_on(client.query(QueryOptions::new().service("api").level(Level::Error).limit(50)))?;
//! assert!(page.logs.is_empty() && !page.has_more);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]

mod aggregated;
mod answer;
mod client;
mod context;
mod count;
mod error;
mod exchange;
mod fields;
mod level_counts;
mod metadata_filter;
mod millis;
mod options;
mod parameters;
mod query_all;
mod record;
mod response;
mod span_tree;
mod stats;
mod stored_span;
mod trace_dependencies;
mod trace_options;
mod trace_stats;
mod trace_summary;

pub use aggregated::{
    AggregatedStats, AggregatedStatsOptions, Interval, MessageCount, ServiceCount, TimeBucket,
};
pub use client::{QueryClient, block_on};
pub use context::{ContextOptions, LogContext};
pub use error::QueryError;
pub use level_counts::LevelCounts;
pub use metadata_filter::MetadataFilter;
pub use options::{QueryOptions, SearchMode};
pub use query_all::{QueryAll, QueryAllBlocking};
pub use record::{LogRecord, MetadataError};
pub use response::LogsResponse;
pub use span_tree::{SpanNode, SpanNodes, SpanTree};
pub use stats::{LogStats, StatsOptions};
pub use stored_span::{SpanEvent, SpanLink, StoredSpan};
pub use trace_dependencies::{DependencyEdge, DependencyNode, TraceDependencies};
pub use trace_options::TraceOptions;
pub use trace_stats::TraceStats;
pub use trace_summary::{TraceSummary, TracesResponse};

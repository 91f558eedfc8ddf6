//! Types, wire encoding and the sans-IO delivery pipeline of the LogTide SDK.

mod api_key;
mod encode;
mod entry;
mod exception;
mod into_metadata;
mod level;
pub mod limits;
mod metadata;
mod tick;
mod timestamp;

pub use api_key::ApiKey;
pub use encode::{BaseMetadata, EMPTY_MESSAGE, Encoder, Fields, Head, UNKNOWN_SERVICE};
pub use entry::LogEntry;
pub use exception::MAX_CAUSES;
pub use into_metadata::{IntoMetadata, Pairs, Serialized};
pub use level::{Level, ParseLevelError};
pub use metadata::Metadata;
pub use tick::Tick;
pub use timestamp::Timestamp;

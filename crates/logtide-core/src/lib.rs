//! Types, wire encoding and the sans-IO delivery pipeline of the LogTide SDK.

mod api_key;

pub use api_key::ApiKey;

//! The contract that every LogTide SDK keeps, one file an id. See CONFORMANCE.md.

mod c14_environment;
mod c16_redaction;
mod c17_any_metadata;
mod c22_before_send;
mod c23_sampling;

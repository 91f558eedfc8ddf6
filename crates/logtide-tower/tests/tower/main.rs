//! The layers around services that are called by hand, and around servers of axum and hyper.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

mod axum;
mod bodies;
mod failures;
mod hyper;
mod lookup;
mod outgoing;
mod outgoing_spans;
mod scopes;
mod services;
mod setup;
mod tracing;

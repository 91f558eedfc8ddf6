//! The layers around services that tests call directly, and around servers of axum and hyper.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

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

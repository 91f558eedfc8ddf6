//! What is logged about requests, whose events the tests report by hand.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

mod cancelled;
mod endings;
mod grpc;
mod headers;
mod paths;
mod privacy;
mod scopes;
mod setup;
mod spans;
mod trust;

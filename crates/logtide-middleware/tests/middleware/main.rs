//! What is logged of a request, told by hand what happens to it.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

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

//! The actix-web middleware on a real socket.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

mod conformance;
mod requests;
mod server;
mod spans;

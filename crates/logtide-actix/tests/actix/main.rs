//! The middleware for actix-web on a real socket.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

mod conformance;
mod requests;
mod server;
mod spans;

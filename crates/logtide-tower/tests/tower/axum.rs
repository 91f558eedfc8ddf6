//! axum on a real socket.

mod conformance;
mod requests;
mod server;
mod spans;

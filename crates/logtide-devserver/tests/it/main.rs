//! The server over real sockets.

mod auth;
#[cfg(unix)]
mod browser;
mod chaos;
mod client;
mod connections;
mod control;
mod heartbeat;
mod ingest;
mod logs;
mod otlp;
#[cfg(unix)]
mod page;
mod protobuf;
mod reads;
mod single;
mod stream;
mod traces;

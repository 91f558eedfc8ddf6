//! The server over real sockets.

mod auth;
mod chaos;
mod client;
mod ingest;
mod logs;

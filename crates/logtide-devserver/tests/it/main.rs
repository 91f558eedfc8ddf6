//! The server over real sockets.

mod auth;
mod chaos;
mod client;
mod connections;
mod control;
mod ingest;
mod logs;
mod reads;
mod single;
mod stream;

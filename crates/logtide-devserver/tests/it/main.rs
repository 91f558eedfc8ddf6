//! The server over real sockets.

mod auth;
mod chaos;
mod client;
mod connections;
mod control;
mod heartbeat;
mod ingest;
mod logs;
mod otlp;
mod protobuf;
mod reads;
mod single;
mod stream;
mod traces;

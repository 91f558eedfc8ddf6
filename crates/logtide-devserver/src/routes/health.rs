//! `GET /health`: whether the server runs, without a key.

use axum::response::Response;
use serde::Serialize;

use super::now;
use crate::reply;
use crate::store::format_time;

/// The version of LogTide whose behaviour this server has.
const VERSION: &str = "1.0.3";

#[derive(Debug, Serialize)]
struct Health {
    status: &'static str,
    timestamp: String,
    version: &'static str,
}

pub(super) async fn health() -> Response {
    reply::ok(&Health { status: "ok", timestamp: format_time(now()), version: VERSION })
}

//! `GET /api/v1/logs/:id`: one entry.

use axum::extract::{Path, State as Extract};
use axum::response::Response;
use serde::Serialize;
use uuid::Uuid;

use super::shown::Shown;
use crate::parameters::Refusal;
use crate::reply;
use crate::state::Shared;
use crate::validate::is_uuid;

#[derive(Debug, Serialize)]
struct Answer {
    log: Shown,
}

#[derive(Debug, Serialize)]
struct Identifiers {
    success: bool,
    data: IdentifierList,
}

/// This server finds no e-mail or network addresses in messages, so the list is empty.
#[derive(Debug, Serialize)]
struct IdentifierList {
    identifiers: [&'static str; 0],
}

pub(super) async fn entry(
    Extract(state): Extract<Shared>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let id = read_id(&id)?;
    let record = state.query(move |store| store.get(id)).await?;
    Ok(match record {
        Some(record) => reply::ok(&Answer { log: record.into() }),
        None => reply::nothing("Log not found"),
    })
}

pub(super) async fn identifiers(Path(id): Path<String>) -> Result<Response, Refusal> {
    read_id(&id)?;
    Ok(reply::ok(&Identifiers { success: true, data: IdentifierList { identifiers: [] } }))
}

fn read_id(text: &str) -> Result<Uuid, Refusal> {
    let id = text.parse().ok().filter(|_| is_uuid(text));
    id.ok_or_else(|| Refusal::format("params", "id", "uuid"))
}

//! The page at `/`: its files, and the routes under `/_page/` that its scripts read.
//!
//! The routes need no key, so no key is in the page or in a URL. [`guard`] blocks web pages of other origins.

mod answer;
mod entries;
mod files;
mod filter;
pub(crate) mod guard;
mod live;
mod summary;
mod trace;

use axum::Router;
use axum::middleware;
use axum::routing::get;

use crate::state::Shared;

/// Whether a path belongs to the page, so that neither keys nor faults apply to it.
pub(crate) fn owns(path: &str) -> bool {
    path == "/" || path.starts_with("/_page/")
}

pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .route("/", get(files::index))
        .route("/_page/files/{name}", get(files::file))
        .route("/_page/entries", get(entries::list))
        .route("/_page/entries/{sequence}", get(entries::entry))
        .route("/_page/live", get(live::live))
        .route("/_page/summary", get(summary::summary))
        .route("/_page/trace/{trace_id}", get(trace::trace))
        .route_layer(middleware::map_response(answer::with_headers))
        .route_layer(middleware::from_fn(guard::pass))
}

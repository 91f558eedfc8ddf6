//! `GET /_page/live`: new entries of a search as server-sent events, each once, in the order of arrival.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{RawQuery, State as Extract};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use futures_util::stream::unfold;
use serde::Serialize;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};

use super::filter;
use crate::parameters::{Parameters, Refusal};
use crate::state::Shared;
use crate::store::{Line, Search};

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// The interval of checks for new entries while entries arrive.
const PACE: Duration = Duration::from_millis(100);

/// The interval of comments, by which a closed connection is noticed.
const HEARTBEAT: Duration = Duration::from_secs(5);

/// The delay in milliseconds before a browser reconnects.
const RETRY: u32 = 1_000;

/// The most entries in one event.
const MAX_LINES: usize = 2_000;

/// The most entries that live updates may be behind. Beyond that the page searches again. It is more than the page
/// shows.
const MAX_BEHIND: i64 = 100_000;

/// `GET /_page/live?…&after=`: entries that arrived after the one with this number.
pub(super) async fn live(
    Extract(state): Extract<Shared>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let parameters = Parameters::parse(query.as_deref());
    let search = filter::read(&parameters)?;
    // A browser that reconnects names the last event that it received.
    let resumed = headers.get(LAST_EVENT_ID).and_then(|id| id.to_str().ok()?.parse().ok());
    let after = resumed.or(filter::integer(&parameters, "after")?);
    let mut changes = state.store.stored().changes();
    let stored = *changes.borrow_and_update();
    let after = match after {
        Some(after) => after,
        None => state.query(|store| Ok(store.last_sequence())).await?,
    };
    let tail = Tail {
        state,
        search: search.into(),
        after,
        changes,
        stored,
        next_look: Instant::now(),
        greeted: false,
        pending: true,
    };
    let events = unfold(tail, |mut tail| async move {
        let event = tail.next().await?;
        Some((Ok::<_, Infallible>(event), tail))
    });
    let mut response = Response::new(Body::from_stream(events));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    Ok(response)
}

/// Follows the store for one page, which reads no faster than it can display.
#[derive(Debug)]
struct Tail {
    state: Shared,
    search: Arc<Search>,
    /// The last entry that was checked.
    after: i64,
    changes: watch::Receiver<u64>,
    /// The number of stored entries at the last check.
    stored: u64,
    next_look: Instant,
    greeted: bool,
    /// Whether there may be entries that were not checked.
    pending: bool,
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Event {
    /// Live updates began, on this content of the server.
    Hello { content: String },
    /// Entries arrived.
    Lines { lines: Vec<Line> },
    /// Entries were removed, or too many arrived: search again.
    Reset,
}

impl Tail {
    /// Returns the next event as text. `None` ends the stream, after a failed query.
    async fn next(&mut self) -> Option<String> {
        if !self.greeted {
            self.greeted = true;
            return Some(Event::Hello { content: self.state.content() }.text(self.after));
        }
        loop {
            if !self.pending {
                match timeout(HEARTBEAT, self.changes.changed()).await {
                    Ok(changed) => changed.ok()?,
                    Err(_) => return Some(": heartbeat\n\n".into()),
                }
            }
            sleep_until(self.next_look).await;
            self.next_look = Instant::now() + PACE;
            let stored = *self.changes.borrow_and_update();
            if stored < self.stored {
                self.stored = stored;
                return Some(Event::Reset.text(self.after));
            }
            self.stored = stored;
            let lines = match self.look().await? {
                Some(lines) => lines,
                None => return Some(Event::Reset.text(self.after)),
            };
            if !lines.is_empty() {
                return Some(Event::Lines { lines }.text(self.after));
            }
        }
    }

    /// Returns the entries that arrived since the last check, or `None` if they are too many.
    async fn look(&mut self) -> Option<Option<Vec<Line>>> {
        let (search, after) = (self.search.clone(), self.after);
        let looked = self.state.query(move |store| {
            let last = store.last_sequence();
            if last - after > MAX_BEHIND {
                return Ok((last, None));
            }
            Ok((last, Some(store.lines_after(&search, after, MAX_LINES)?)))
        });
        let (last, lines) = looked.await.ok()?;
        let cut = lines.as_ref().filter(|lines| lines.len() == MAX_LINES).and_then(|lines| lines.last());
        self.pending = cut.is_some();
        self.after = cut.map_or(last, |line| line.sequence);
        Some(lines)
    }
}

impl Event {
    /// Formats the event, with the last entry that was checked as its id.
    fn text(&self, after: i64) -> String {
        let json = serde_json::to_string(self).unwrap_or_default();
        format!("retry: {RETRY}\nid: {after}\ndata: {json}\n\n")
    }
}

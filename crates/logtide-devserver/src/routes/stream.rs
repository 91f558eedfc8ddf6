//! `GET /api/v1/logs/stream`: new entries as server-sent events.

use std::collections::HashSet;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{RawQuery, State as Extract};
use axum::http::HeaderValue;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONNECTION, CONTENT_TYPE};
use axum::response::Response;
use futures_util::stream::unfold;
use serde::Serialize;
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use uuid::Uuid;

use super::logs::LEVELS;
use super::now;
use super::shown::Found;
use crate::parameters::{Parameters, Refusal};
use crate::state::Shared;
use crate::store::{Record, Search, format_time};

/// The interval of polls, and of heartbeats.
const PERIOD: Duration = Duration::from_secs(1);

/// The most entries of one poll. If more are new, the rest is never sent.
const MAX_POLL: usize = 100;

const HEARTBEAT: &str = ": heartbeat\n\n";

pub(super) async fn stream(
    Extract(state): Extract<Shared>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let parameters = Parameters::parse(query.as_deref());
    let service = parameters.text("service")?.map(String::from);
    let level = parameters.one_of("level", &LEVELS)?.map(String::from);
    let tail = Tail::start(state, service, level).await?;
    let events = unfold(tail, |mut tail| async move {
        let events = tail.next().await?;
        Some((Ok::<_, std::convert::Infallible>(events), tail))
    });
    let mut response = Response::new(Body::from_stream(events));
    for (name, value) in [
        (CONTENT_TYPE, "text/event-stream"),
        (CACHE_CONTROL, "no-cache"),
        (CONNECTION, "keep-alive"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

/// Follows the store for one client.
#[derive(Debug)]
struct Tail {
    state: Shared,
    service: Option<String>,
    level: Option<String>,
    ticks: Interval,
    stored: watch::Receiver<u64>,
    connected: bool,
    /// The time of the newest entry sent, in milliseconds since the epoch.
    newest: i64,
    /// The entries sent with this time.
    sent: HashSet<Uuid>,
    /// The last entry that arrived before the last poll.
    sequence: i64,
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Event {
    Connected { timestamp: String },
    Log { data: Box<Found> },
}

impl Tail {
    async fn start(state: Shared, service: Option<String>, level: Option<String>) -> Result<Self, Refusal> {
        let mut ticks = interval_at(Instant::now() + PERIOD, PERIOD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let stored = state.store.stored().changes();
        let sequence = state.query(|store| Ok(store.last_sequence())).await?;
        Ok(Self {
            state,
            service,
            level,
            ticks,
            stored,
            connected: false,
            newest: now(),
            sent: HashSet::new(),
            sequence,
        })
    }

    /// Returns the next events as text. `None` ends the stream, after a failed query.
    async fn next(&mut self) -> Option<String> {
        if !self.connected {
            self.connected = true;
            return Some(Event::Connected { timestamp: format_time(now()) }.text());
        }
        loop {
            let loses = self.state.stream_loss.load(Ordering::Relaxed);
            tokio::select! {
                _ = self.ticks.tick() => {
                    let events = if loses { self.poll().await? } else { self.arrived().await? };
                    return Some(events + HEARTBEAT);
                }
                changed = self.stored.changed(), if !loses => {
                    changed.ok()?;
                    let events = self.arrived().await?;
                    if !events.is_empty() {
                        return Some(events);
                    }
                }
            }
        }
    }

    /// Polls as the real server does: the newest entries that are not older than the newest one sent.
    async fn poll(&mut self) -> Option<String> {
        let search = Search {
            services: self.service.iter().cloned().collect(),
            levels: self.level.iter().cloned().collect(),
            from: Some(self.newest),
            ..Search::default()
        };
        let looked = self.state.query(move |store| {
            let last = store.last_sequence();
            Ok((last, store.search(&search, None, 0, MAX_POLL)?.records))
        });
        let (last, mut records) = looked.await.ok()?;
        self.sequence = last;
        records.retain(|record| !self.sent.contains(&record.id));
        if let Some(newest) = records.first().map(|record| record.time) {
            if newest > self.newest {
                self.newest = newest;
                self.sent.clear();
            }
            self.sent.extend(records.iter().filter(|record| record.time == newest).map(|record| record.id));
        }
        Some(text(records))
    }

    /// Returns everything that arrived since the last poll.
    async fn arrived(&mut self) -> Option<String> {
        let sequence = self.sequence;
        let mut records = self.state.query(move |store| store.after(sequence)).await.ok()?;
        self.sequence = records.last().map_or(sequence, |record| record.sequence);
        records.retain(|record| {
            self.service.as_ref().is_none_or(|service| *service == record.service)
                && self.level.as_ref().is_none_or(|level| *level == record.level)
        });
        Some(text(records))
    }
}

impl Event {
    fn text(&self) -> String {
        let json = serde_json::to_string(self).unwrap_or_default();
        format!("data: {json}\n\n")
    }
}

fn text(records: Vec<Record>) -> String {
    records.into_iter().map(|record| Event::Log { data: Box::new(record.into()) }.text()).collect()
}

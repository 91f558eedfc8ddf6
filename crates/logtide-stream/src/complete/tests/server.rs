//! The simulated server: queries, and a stream that loses what the real one loses.

use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::unfold;
use http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_TYPE};
use logtide_query::{LogRecord, QueryError};
use logtide_transport::{Body, ErrorKind, Exchange, Request, Response, Transport, TransportError};
use serde_json::json;
use tokio::time::{Instant, sleep};

use super::simulation::{Simulation, State};
use crate::complete::log_source::{LogSource, Page, PageRequest};

const PERIOD: Duration = Duration::from_secs(1);

/// The server of a simulation.
#[derive(Clone, Debug)]
pub(super) struct Server(pub(super) Simulation);

/// One connection to the stream.
struct Connection {
    simulation: Simulation,
    cut: u32,
    is_confirmed: bool,
    is_over: bool,
    /// The time of the newest entry that was sent.
    newest: i64,
    /// The ids of the entries with this time.
    sent: Vec<String>,
}

impl LogSource for Server {
    async fn page(&self, request: PageRequest<'_>) -> Result<Page, QueryError> {
        let delay = {
            let mut state = self.0.lock();
            state.stats.queries += 1;
            state.stats.later_pages += u32::from(request.cursor.is_some());
            let slow = state.random.f64() < state.faults.slow_query;
            Duration::from_millis(if slow { state.random.u64(100..3_000) } else { state.random.u64(1..15) })
        };
        sleep(delay).await;
        let is_in_time = request.limit <= self.0.lock().max_timely_page;
        if !is_in_time {
            sleep(Duration::from_secs(30)).await;
            return Err(QueryError::from(TransportError::new(ErrorKind::Timeout, "30 s")));
        }
        let mut state = self.0.lock();
        if state.random.f64() < state.faults.failing_query / 4.0 {
            let (message, retry_after) = ("slow down".to_owned(), Some(Duration::from_secs(2)));
            return Err(QueryError::TooManyRequests { message, retry_after });
        }
        if state.refuses_queries || state.random.f64() < state.faults.failing_query {
            state.stats.failed_queries += 1;
            return Err(QueryError::from(TransportError::new(ErrorKind::Io, "reset")));
        }
        if state.proxy_answers {
            let source = serde_json::from_str::<()>("<html>").unwrap_err();
            return Err(QueryError::Unreadable { content_type: "text/html".to_owned(), source });
        }
        if request.limit > state.max_page {
            return Err(QueryError::from(TransportError::new(ErrorKind::TooLarge, "the limit is 64 MiB")));
        }
        Ok(page(&mut state, request))
    }
}

/// Newest first, and in no particular order within a millisecond, like the real server.
fn page(state: &mut State, request: PageRequest<'_>) -> Page {
    let (now, server_now) = (Instant::now(), state.now());
    let after = request.cursor.map(|cursor| {
        let (time, id) = cursor.split_once(',').unwrap();
        (time.parse::<i64>().unwrap(), id.to_owned())
    });
    let (start, end) = ((request.from, String::new()), (request.to.saturating_add(1), String::new()));
    let end = after.unwrap_or(end);
    let limit = request.limit as usize;
    let stored = if start < end { state.entries.range(start..end) } else { Default::default() };
    let visible = stored.rev().map(|(_, stored)| stored).filter(|stored| stored.visible_at <= now);
    let mut found: Vec<_> = visible.take(limit + 1).map(|stored| &stored.record).collect();
    let next = (found.len() > limit).then(|| {
        let last = found[limit - 1];
        format!("{},{}", last.time.timestamp_millis(), last.id)
    });
    found.truncate(limit);
    let date = Some((server_now + state.date_skew).div_euclid(1_000) * 1_000);
    let bytes = found.len() * state.entry_bytes;
    Page { logs: found.into_iter().cloned().collect(), next, date, bytes }
}

impl Transport for Server {
    fn exchange(&self, _: Request) -> Exchange {
        let simulation = self.0.clone();
        Box::pin(async move {
            sleep(Duration::from_millis(2)).await;
            let mut state = simulation.lock();
            if state.proxy_answers {
                let mut headers = HeaderMap::new();
                headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
                return Ok(Response { status: StatusCode::OK, headers, body: "<html>".into() });
            }
            if state.refuses_connections || state.random.f64() < state.faults.refusal {
                state.stats.refusals += 1;
                return Err(TransportError::new(ErrorKind::Connect, "connection refused"));
            }
            let (cut, newest) = (state.cut, state.now());
            drop(state);
            let connection =
                Connection { simulation, cut, is_confirmed: false, is_over: false, newest, sent: Vec::new() };
            let body = Body::from_stream(unfold(connection, |mut connection| async move {
                let chunk = connection.next().await?;
                Some((chunk, connection))
            }));
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
            Ok(Response { status: StatusCode::OK, headers, body })
        })
    }
}

impl Connection {
    async fn next(&mut self) -> Option<Result<Bytes, TransportError>> {
        if self.is_over {
            return None;
        }
        if !std::mem::replace(&mut self.is_confirmed, true) {
            let time = self.simulation.time().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
            return Some(Ok(event(&json!({"type": "connected", "timestamp": time})).into()));
        }
        sleep(PERIOD).await;
        if self.goes_silent() {
            std::future::pending::<()>().await;
        }
        let simulation = self.simulation.clone();
        let mut state = simulation.lock();
        let text = self.poll(&mut state);
        if self.cut != state.cut || state.random.f64() < state.faults.cut {
            self.is_over = true;
            state.stats.cuts += 1;
            let end = state.random.usize(0..=text.len());
            return Some(Ok(Bytes::from(text.into_bytes()).slice(..end)));
        }
        Some(Ok(text.into()))
    }

    fn goes_silent(&self) -> bool {
        let mut state = self.simulation.lock();
        let silent = state.random.f64() < state.faults.silence;
        state.stats.silences += u32::from(silent);
        silent
    }

    /// The newest 100 entries that are not older than the newest that was sent.
    fn poll(&mut self, state: &mut State) -> String {
        let now = Instant::now();
        let mut found: Vec<LogRecord> = state
            .entries
            .range((self.newest, String::new())..)
            .rev()
            .map(|(_, stored)| stored)
            .filter(|stored| stored.visible_at <= now)
            .map(|stored| stored.record.clone())
            .collect();
        state.stats.lost_by_stream += u32::try_from(found.len().saturating_sub(100)).unwrap();
        found.truncate(100);
        if !state.repeats {
            found.retain(|record| !self.sent.contains(&record.id));
        }
        if let Some(newest) = found.first().map(|record| record.time.timestamp_millis()) {
            if newest > self.newest {
                (self.newest, self.sent) = (newest, Vec::new());
            }
            let at_newest = found.iter().filter(|record| record.time.timestamp_millis() == newest);
            self.sent.extend(at_newest.map(|record| record.id.clone()));
        }
        let events: String =
            found.iter().map(|record| event(&json!({"type": "log", "data": record}))).collect();
        events + ": heartbeat\n\n"
    }
}

fn event(data: &serde_json::Value) -> String {
    format!("data: {data}\n\n")
}

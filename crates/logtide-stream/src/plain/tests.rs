//! The plain stream against scripted answers, in virtual time.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use futures_util::stream;
use http::{Method, Uri};
use logtide_core::Level;
use logtide_transport::{Body, ErrorKind, MemoryTransport, Reply, Request, TransportError};
use tokio::time::{Instant, sleep};

use super::Plain;
use crate::{
    Gap, GapCause, StreamError, StreamEvent, StreamOptions, event_source::EventSource, sink::Sink,
    testing::record,
};

const CONNECTED: &str = "data: {\"type\":\"connected\",\"timestamp\":\"2026-11-22T10:00:12.508Z\"}\n\n";
const HEARTBEAT: &str = ": heartbeat\n\n";

fn event(number: u32, time: i64) -> String {
    let record = serde_json::to_string(&record(number, time)).unwrap();
    format!("data: {{\"type\":\"log\",\"data\":{record}}}\n\n")
}

/// A connection that sends each text after a pause in milliseconds, and then breaks.
fn connection(parts: Vec<(u64, String)>) -> Reply {
    let parts = stream::unfold(parts.into_iter(), |mut parts| async move {
        let (pause, text) = parts.next()?;
        sleep(Duration::from_millis(pause)).await;
        Some((Ok(Bytes::from(text)), parts))
    });
    let broken = stream::iter([Err(TransportError::new(ErrorKind::Io, "connection reset"))]);
    let body = Body::from_stream(stream::StreamExt::chain(parts, broken));
    Reply::status(200).header("content-type", "text/event-stream; charset=utf-8").body(body)
}

/// Follows until the last reply, which must end the stream. Returns the items as text, and the final error.
async fn follow(replies: Vec<Reply>, options: StreamOptions) -> (Vec<String>, StreamError) {
    let transport = MemoryTransport::new();
    replies.into_iter().for_each(|reply| transport.push(reply));
    let request = Request {
        timeout: Some(Duration::from_secs(30)),
        ..Request::new(Method::GET, Uri::from_static("http://server.example/api/v1/logs/stream"))
    };
    let (sink, mut records) = Sink::new(10_000);
    let source = EventSource::new(Arc::new(transport), request, &options);
    let last = Plain::new(source, options, sink).run().await.unwrap();
    let mut items = Vec::new();
    while let Some(item) = records.recv().await {
        items.push(match item {
            Ok(record) => record.message,
            Err(error) => format!("{error:?}"),
        });
    }
    (items, last)
}

fn end() -> Reply {
    Reply::status(401).body(r#"{"error":"Unauthorized"}"#)
}

fn gap(cause: GapCause, from: Option<i64>, to: Option<i64>) -> String {
    format!("{:?}", StreamError::Gap(Gap::new(cause, from, to)))
}

#[tokio::test(start_paused = true)]
async fn entries_come_oldest_first_without_heartbeats_and_unknown_events() {
    let poll = [event(3, 30), event(2, 20), event(1, 10), HEARTBEAT.into()].concat();
    let parts = vec![
        (0, CONNECTED.into()),
        (900, poll),
        (1_000, "data: {\"type\":\"later\",\"news\":1}\n\n: heartbeat\n\n".into()),
        (1_000, event(4, 40) + HEARTBEAT),
    ];
    let (items, last) = follow(vec![connection(parts), end()], StreamOptions::new()).await;
    assert_eq!(items, ["1", "2", "3", "4"]);
    assert!(matches!(last, StreamError::Refused(_)), "{last:?}");
}

#[tokio::test(start_paused = true)]
async fn entries_do_not_wait_for_a_heartbeat_that_does_not_come() {
    let received = Arc::new(Mutex::new(None));
    let transport = MemoryTransport::new();
    transport.push(connection(vec![(0, CONNECTED.into()), (1_000, event(1, 10)), (5_000, String::new())]));
    let options = StreamOptions::new();
    let source = EventSource::new(
        Arc::new(transport),
        Request::new(Method::GET, Uri::from_static("http://s/")),
        &options,
    );
    let (sink, mut records) = Sink::new(10);
    let start = Instant::now();
    let plain = Plain::new(source, options, sink);
    let received_in = received.clone();
    tokio::select! {
        _ = plain.run() => panic!("the stream ended"),
        () = async move {
            records.recv().await.unwrap().unwrap();
            *received_in.lock().unwrap() = Some(start.elapsed());
        } => {}
    }
    assert_eq!(*received.lock().unwrap(), Some(Duration::from_millis(1_250)));
}

#[tokio::test(start_paused = true)]
async fn several_services_and_levels_are_filtered_by_the_client() {
    let options = StreamOptions::new().services(["svc", "other"]).levels([Level::Error, Level::Info]);
    let parts = || vec![(0, CONNECTED.to_owned() + &event(1, 10) + HEARTBEAT)];
    let (items, _) = follow(vec![connection(parts()), end()], options.clone()).await;
    assert_eq!(items, ["1"]);
    let (items, _) = follow(vec![connection(parts()), end()], options.clone().service("svc")).await;
    assert_eq!(items, ["1"]);
    let other_levels = StreamOptions::new().levels([Level::Error, Level::Critical]);
    let (items, _) = follow(vec![connection(parts()), end()], other_levels).await;
    assert!(items.is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_interruption_during_a_burst_starts_before_the_burst() {
    let begun = [event(9, 90), event(8, 80)].concat();
    let first = vec![(0, CONNECTED.to_owned() + &event(1, 10) + HEARTBEAT), (1_000, begun)];
    let replies = vec![connection(first), connection(vec![(0, CONNECTED.into())]), end()];
    let (items, _) = follow(replies, StreamOptions::new()).await;
    let expected = gap(GapCause::Interruption, Some(10), Some(1_795_341_612_508));
    assert_eq!(items, ["1", "8", "9", &expected], "the newest come first, so older ones are missing");
}

#[tokio::test(start_paused = true)]
async fn a_gap_reports_an_interruption_after_the_reconnect() {
    let first = connection(vec![(0, CONNECTED.to_owned() + &event(1, 10) + HEARTBEAT)]);
    let second = connection(vec![(0, CONNECTED.to_owned() + &event(2, 20) + HEARTBEAT)]);
    let replies = vec![first, Reply::fail(ErrorKind::Connect), Reply::status(503), second, end()];
    let (items, _) = follow(replies, StreamOptions::new()).await;
    let connected = 1_795_341_612_508;
    let interruption = gap(GapCause::Interruption, Some(10), Some(connected));
    assert_eq!(items, ["1", interruption.as_str(), "2"]);
}

#[tokio::test(start_paused = true)]
async fn a_gap_after_an_entry_with_a_future_time_has_no_start() {
    let connected = 1_795_341_612_508;
    let ahead = CONNECTED.to_owned() + &event(1, connected + 60_000) + HEARTBEAT;
    let second = connection(vec![(0, CONNECTED.to_owned() + &event(2, 20) + HEARTBEAT)]);
    let (items, _) = follow(vec![connection(vec![(0, ahead)]), second, end()], StreamOptions::new()).await;
    let interruption = gap(GapCause::Interruption, None, Some(connected));
    assert_eq!(items, ["1", interruption.as_str(), "2"]);
}

/// A server of version 0.5.0 repeats its entries, together with those that have arrived late.
#[tokio::test(start_paused = true)]
async fn a_gap_in_a_burst_of_late_entries_has_no_start() {
    let first: String = (100..160).rev().map(|number| event(number, 1_000 + i64::from(number))).collect();
    let late: String = (200..240).rev().map(|number| event(number, i64::from(number))).collect();
    let polls = [CONNECTED, &first, HEARTBEAT, &first, &late, HEARTBEAT].concat();
    let (items, _) = follow(vec![connection(vec![(0, polls)]), end()], StreamOptions::new()).await;
    assert_eq!(items[60], gap(GapCause::Burst, None, Some(200)));
    assert_eq!((items[61].as_str(), items.len()), ("200", 101));
}

#[tokio::test(start_paused = true)]
async fn a_burst_that_reaches_the_server_s_limit_is_a_gap() {
    let many: String = (100..200).rev().map(|number| event(number, i64::from(number))).collect();
    let parts = vec![(0, CONNECTED.to_owned() + &event(1, 10) + HEARTBEAT), (1_000, many + HEARTBEAT)];
    let (items, _) = follow(vec![connection(parts), end()], StreamOptions::new()).await;
    assert_eq!(items[..3], ["1".to_owned(), gap(GapCause::Burst, Some(10), Some(100)), "100".to_owned()]);
    assert_eq!(items.len(), 102);
}

#[tokio::test(start_paused = true)]
async fn an_unreadable_event_is_a_gap_and_affects_no_other() {
    let bad = ["data: {\"type\":\"log\",\"data\":{\"id\":7}}\n\n", "data: <html>\n\n"].concat();
    let parts =
        vec![(0, CONNECTED.to_owned() + &event(1, 10) + HEARTBEAT + &bad + &event(2, 20) + HEARTBEAT)];
    let (items, _) = follow(vec![connection(parts), end()], StreamOptions::new()).await;
    let unreadable = gap(GapCause::Unreadable, Some(10), None);
    assert_eq!(items, ["1", unreadable.as_str(), unreadable.as_str(), "2"]);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_unreachable_from_the_start_is_reported_once() {
    let replies = vec![
        Reply::fail(ErrorKind::Connect),
        Reply::fail(ErrorKind::Timeout),
        Reply::hang(),
        connection(vec![(0, CONNECTED.into())]),
        end(),
    ];
    let (items, _) = follow(replies, StreamOptions::new()).await;
    assert_eq!(items.len(), 1, "{items:?}");
    assert!(items[0].starts_with("Unreachable"), "{items:?}");
}

#[tokio::test(start_paused = true)]
async fn a_silent_connection_is_closed() {
    let events = Arc::new(Mutex::new(Vec::new()));
    let recorded = events.clone();
    let options = StreamOptions::new().heartbeat_timeout(Duration::from_secs(10)).on_event(move |event| {
        recorded.lock().unwrap().push(match event {
            StreamEvent::Disconnected { cause, .. } => cause.to_string(),
            other => format!("{other:?}"),
        });
    });
    let beats = (0..20).map(|_| (9_000, HEARTBEAT.to_owned())).chain([(10_001, HEARTBEAT.to_owned())]);
    let start = Instant::now();
    follow(vec![connection([(0, CONNECTED.into())].into_iter().chain(beats).collect()), end()], options)
        .await;
    assert!(start.elapsed() >= Duration::from_secs(190) && start.elapsed() < Duration::from_secs(191));
    let events = events.lock().unwrap();
    assert_eq!(events[0], "Connected");
    assert!(events[1].contains("no heartbeat for 10s"), "{events:?}");
}

#[tokio::test(start_paused = true)]
async fn a_permanent_refusal_ends_the_stream_and_says_what_to_do() {
    for (reply, advice) in [
        (Reply::status(401).body(r#"{"error":"Unauthorized"}"#), "check it in the project's settings"),
        (Reply::status(403).body(r#"{"error":"Forbidden","message":"write-only"}"#), "full access"),
        (
            Reply::status(400).body(r#"{"error":"querystring/level must be equal to one of"}"#),
            "level must be",
        ),
        (Reply::status(404).body("{}"), "check the API URL"),
        (Reply::status(200).header("content-type", "text/html").body("<html>"), "check the API URL"),
        (Reply::status(302).header("location", "https://elsewhere.example/"), "elsewhere.example"),
    ] {
        let (items, last) = follow(vec![reply], StreamOptions::new()).await;
        assert!(items.is_empty() && last.is_final());
        assert!(last.to_string().contains(advice), "{last}");
    }
}

#[tokio::test(start_paused = true)]
async fn retry_after_delays_the_reconnect() {
    let start = Instant::now();
    let replies = vec![Reply::status(429).header("retry-after", "40"), end()];
    follow(replies, StreamOptions::new()).await;
    assert!(start.elapsed() >= Duration::from_secs(40));
}

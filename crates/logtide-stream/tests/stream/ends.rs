//! When a stream ends, and what ends with it.

use std::{
    pin::Pin,
    sync::{Arc, mpsc},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures_core::Stream;
use logtide_core::ApiKey;
use logtide_stream::{Follow, StreamClient, StreamError, StreamOptions};
use logtide_transport::{Body, Driver, Endpoint, MemoryTransport, Reply, TransportError};

const PATIENCE: Duration = Duration::from_secs(20);

/// A greeting, two entries, and the heartbeat behind them.
const EVENTS: &str = concat!(
    r#"data: {"type":"connected","timestamp":"2026-11-22T09:58:30Z"}"#,
    "\n\n",
    r#"data: {"type":"log","data":{"id":"2","time":"2026-11-22T09:58:34Z","service":"s","level":"info","message":"2"}}"#,
    "\n\n",
    r#"data: {"type":"log","data":{"id":"1","time":"2026-11-22T09:58:33Z","service":"s","level":"info","message":"1"}}"#,
    "\n\n: heartbeat\n\n",
);

/// A connection over which some events come, and that tells when it is closed.
struct Connection {
    events: Option<Bytes>,
    closed: mpsc::Sender<()>,
}

impl Stream for Connection {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.events.take().map_or(Poll::Pending, |events| Poll::Ready(Some(Ok(events))))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // The test may be over.
        let _ = self.closed.send(());
    }
}

/// No time is up.
fn options() -> StreamOptions {
    StreamOptions::new().heartbeat_timeout(Duration::from_secs(3_600))
}

fn connected() -> (StreamClient, Driver, mpsc::Receiver<()>) {
    let (closed, is_closed) = mpsc::channel();
    let transport = MemoryTransport::new();
    let connection = Connection { events: Some(Bytes::from_static(EVENTS.as_bytes())), closed };
    let reply = Reply::status(200).header("content-type", "text/event-stream");
    transport.push(reply.body(Body::from_stream(connection)));
    let endpoint = Endpoint::new("http://logs.example", ApiKey::new("lp_k")).expect("the address is one");
    let driver = Driver::new();
    (StreamClient::new(endpoint, Arc::new(transport), driver.clone()), driver, is_closed)
}

#[test]
fn dropping_a_stream_closes_its_connection() {
    let (client, _driver, closed) = connected();
    let mut stream = client.stream_blocking(options());
    assert_eq!(stream.next().unwrap().unwrap().message, "1");
    assert!(closed.try_recv().is_err());
    drop(stream);
    closed.recv_timeout(PATIENCE).unwrap();
}

#[test]
fn stopping_a_stream_closes_its_connection_and_hands_out_nothing_more() {
    let (client, _driver, closed) = connected();
    let mut stream = client.stream_blocking(options());
    assert_eq!(stream.next().unwrap().unwrap().message, "1");
    stream.stop_handle().stop();
    assert!(stream.next().is_none());
    closed.recv_timeout(PATIENCE).unwrap();
    assert!(stream.next().is_none());
}

#[test]
fn a_driver_that_is_stopped_is_told() {
    let (client, driver, closed) = connected();
    let mut stream = client.stream_blocking(options());
    assert_eq!(stream.next().unwrap().unwrap().message, "1");
    assert_eq!(stream.next().unwrap().unwrap().message, "2");
    driver.stop();
    closed.recv_timeout(PATIENCE).unwrap();
    assert!(matches!(stream.next(), Some(Err(StreamError::Driver(_)))));
    assert!(stream.next().is_none());
}

#[test]
fn a_blocking_loop_on_the_sdk_s_own_thread_is_refused() {
    let (client, driver, _closed) = connected();
    let items = driver.run_blocking(PATIENCE, async move {
        let stream = client.stream_blocking(options());
        stream.map(|item| item.unwrap_err().to_string()).collect::<Vec<_>>()
    });
    let items = items.unwrap();
    assert_eq!(items.len(), 1);
    assert!(items[0].contains("use the async call there"), "{items:?}");
}

#[test]
fn a_stream_with_functions_may_be_ended_where_events_are_told() {
    let (client, _driver, closed) = connected();
    let (handles, handle) = mpsc::channel::<Follow>();
    let handle = std::sync::Mutex::new(handle);
    let options = options().on_event(move |_| {
        // On the SDK's own thread, for which the other one waits.
        if let Ok(follow) = handle.lock().unwrap().recv_timeout(PATIENCE) {
            follow.stop();
        }
    });
    let follow = client.stream_with(options, |_| {}, |_| {}).unwrap();
    handles.send(follow).unwrap();
    closed.recv_timeout(PATIENCE).unwrap();
}

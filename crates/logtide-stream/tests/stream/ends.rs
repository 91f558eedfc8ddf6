//! How a stream ends, and that it closes its connection.

use std::{
    pin::Pin,
    sync::{Arc, mpsc},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures_core::Stream;
use logtide_core::ApiKey;
use logtide_stream::{StreamClient, StreamError, StreamHandle, StreamOptions};
use logtide_transport::{Body, Driver, Endpoint, MemoryTransport, Reply, TransportError};

const TIMEOUT: Duration = Duration::from_secs(20);

/// The `connected` event, two entries, and a heartbeat.
const EVENTS: &str = concat!(
    r#"data: {"type":"connected","timestamp":"2026-11-22T09:58:30Z"}"#,
    "\n\n",
    r#"data: {"type":"log","data":{"id":"2","time":"2026-11-22T09:58:34Z","service":"s","level":"info","message":"2"}}"#,
    "\n\n",
    r#"data: {"type":"log","data":{"id":"1","time":"2026-11-22T09:58:33Z","service":"s","level":"info","message":"1"}}"#,
    "\n\n: heartbeat\n\n",
);

/// A connection that sends events, and reports when it is closed.
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

/// Options whose heartbeat timeout never elapses in a test.
fn options() -> StreamOptions {
    StreamOptions::new().heartbeat_timeout(Duration::from_secs(3_600))
}

fn connected() -> (StreamClient, Driver, mpsc::Receiver<()>) {
    let (closed, is_closed) = mpsc::channel();
    let transport = MemoryTransport::new();
    let connection = Connection { events: Some(Bytes::from_static(EVENTS.as_bytes())), closed };
    let reply = Reply::status(200).header("content-type", "text/event-stream");
    transport.push(reply.body(Body::from_stream(connection)));
    let endpoint = Endpoint::new("http://logs.example", ApiKey::new("lp_k")).expect("the address is valid");
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
    closed.recv_timeout(TIMEOUT).unwrap();
}

#[test]
fn stopping_a_stream_closes_its_connection_and_ends_it() {
    let (client, _driver, closed) = connected();
    let mut stream = client.stream_blocking(options());
    assert_eq!(stream.next().unwrap().unwrap().message, "1");
    stream.stop_handle().stop();
    assert!(stream.next().is_none());
    closed.recv_timeout(TIMEOUT).unwrap();
    assert!(stream.next().is_none());
}

#[test]
fn a_stopped_driver_is_a_final_error() {
    let (client, driver, closed) = connected();
    let mut stream = client.stream_blocking(options());
    assert_eq!(stream.next().unwrap().unwrap().message, "1");
    assert_eq!(stream.next().unwrap().unwrap().message, "2");
    driver.stop();
    closed.recv_timeout(TIMEOUT).unwrap();
    assert!(matches!(stream.next(), Some(Err(StreamError::Driver(_)))));
    assert!(stream.next().is_none());
}

#[test]
fn a_blocking_stream_on_the_sdk_s_own_thread_is_an_error() {
    let (client, driver, _closed) = connected();
    let items = driver.run_blocking(TIMEOUT, async move {
        let stream = client.stream_blocking(options());
        stream.map(|item| item.unwrap_err().to_string()).collect::<Vec<_>>()
    });
    let items = items.unwrap();
    assert_eq!(items.len(), 1);
    assert!(items[0].contains("use the async call there"), "{items:?}");
}

#[test]
fn a_handle_can_stop_its_stream_inside_on_event() {
    let (client, _driver, closed) = connected();
    let (handles, handle) = mpsc::channel::<StreamHandle>();
    let handle = std::sync::Mutex::new(handle);
    let options = options().on_event(move |_| {
        // This runs on the SDK's own thread, for which the stream's thread waits.
        if let Ok(follow) = handle.lock().unwrap().recv_timeout(TIMEOUT) {
            follow.stop();
        }
    });
    let follow = client.stream_with(options, |_| {}, |_| {}).unwrap();
    handles.send(follow).unwrap();
    closed.recv_timeout(TIMEOUT).unwrap();
}

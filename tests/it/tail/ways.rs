//! The ways to take entries.

use std::{
    sync::{Arc, Mutex, mpsc::channel},
    thread,
};

use futures::StreamExt;
use logtide::{Client, StreamOptions};
use logtide_tests::setup::TIMEOUT;

use super::{LOOKBACK, started};

fn options() -> StreamOptions {
    StreamOptions::new().complete(LOOKBACK)
}

fn log(client: &Client) {
    client.info("", "hello", ());
    assert!(client.flush_blocking(TIMEOUT).is_complete());
}

/// Runs work on another thread with a time limit, in case it never ends.
fn within_patience<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = channel();
    thread::spawn(move || drop(sender.send(work())));
    receiver.recv_timeout(TIMEOUT).expect("it comes")
}

#[test]
fn async_code_needs_no_tokio() {
    let (_server, client) = started();
    let mut stream = client.stream(options());
    log(&client);
    let record = within_patience(move || futures::executor::block_on(StreamExt::next(&mut stream)));
    assert_eq!(record.unwrap().unwrap().message, "hello");
}

#[tokio::test]
async fn a_runtime_of_one_thread_is_enough() {
    let (_server, client) = started();
    let mut stream = client.stream(options());
    log(&client);
    let record = tokio::time::timeout(TIMEOUT, stream.next()).await.expect("it comes");
    assert_eq!(record.unwrap().unwrap().message, "hello");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_blocking_loop_inside_a_runtime_is_no_panic() {
    let (_server, client) = started();
    let mut stream = client.stream_blocking(options());
    log(&client);
    let record = within_patience(move || stream.next());
    assert_eq!(record.unwrap().unwrap().message, "hello");
}

#[test]
fn a_handle_ends_the_wait_of_another_thread() {
    let (_server, client) = started();
    let mut stream = client.stream_blocking(options());
    let stop = stream.stop_handle();
    let (sender, receiver) = channel();
    let waiting = thread::spawn(move || {
        sender.send(()).unwrap();
        stream.next().is_none()
    });
    receiver.recv_timeout(TIMEOUT).unwrap();
    stop.stop();
    assert!(within_patience(move || waiting.join().unwrap()));
}

#[test]
fn after_a_stop_no_function_is_called() {
    let (_server, client) = started();
    let called = Arc::new(Mutex::new(Vec::new()));
    let calls = called.clone();
    let (sender, receiver) = channel();
    let follow = client
        .stream_with(
            options(),
            move |record| {
                calls.lock().unwrap().push(record.message);
                sender.send(()).unwrap();
            },
            |error| panic!("{error}"),
        )
        .unwrap();
    log(&client);
    receiver.recv_timeout(TIMEOUT).unwrap();
    follow.stop();
    log(&client);
    assert_eq!(*called.lock().unwrap(), ["hello"]);
    // The callback and its sender are dropped.
    assert!(receiver.recv_timeout(TIMEOUT).is_err());
}

#[test]
fn a_function_may_end_its_own_stream() {
    let (_server, client) = started();
    let (sender, receiver) = channel();
    let (handles, handle) = channel::<logtide::StopHandle>();
    let follow = client
        .stream_with(
            options(),
            move |record| {
                handle.recv_timeout(TIMEOUT).unwrap().stop();
                sender.send(record.message).unwrap();
            },
            |error| panic!("{error}"),
        )
        .unwrap();
    handles.send(follow.stop_handle()).unwrap();
    log(&client);
    within_patience(move || follow.wait());
    assert_eq!(receiver.recv().unwrap(), "hello");
}

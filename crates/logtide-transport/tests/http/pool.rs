//! Connections that are kept.

use crate::server::{OK, Server, TIMEOUT, direct, read_request, send};
use logtide_transport::{ErrorKind, HttpOptions, HttpTransport};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::mpsc,
};

#[tokio::test]
async fn two_requests_share_a_connection() {
    let server = Server::answering(OK).await;
    let transport = direct();
    for _ in 0..2 {
        let answer = send(&transport, server.get("/")).await.unwrap();
        assert_eq!(answer.body, "ok");
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_connection_is_not_used_again_after_the_idle_time() {
    let server = Server::answering(OK).await;
    let transport = direct();
    for (idle, connections) in [(0, 1), (59, 1), (61, 2)] {
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(idle)).await;
        tokio::time::resume();
        send(&transport, server.get("/")).await.unwrap();
        assert_eq!(server.connections(), connections, "after {idle} s");
    }
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let (sender, mut closed) = mpsc::channel(1);
    let server = Server::start(move |mut stream| {
        let closed = sender.clone();
        async move {
            read_request(&mut stream).await.unwrap();
            stream.write_all(OK.as_bytes()).await.unwrap();
            assert!(read_request(&mut stream).await.is_none());
            closed.send(()).await.unwrap();
        }
    })
    .await;
    let options = HttpOptions::new().no_proxy().idle_timeout(Duration::from_millis(100));
    let transport = HttpTransport::new(options).unwrap();
    send(&transport, server.get("/")).await.unwrap();
    tokio::time::timeout(TIMEOUT, closed.recv()).await.unwrap().unwrap();
}

#[tokio::test]
async fn no_more_connections_are_kept_than_allowed() {
    let (sender, mut closed) = mpsc::channel(8);
    let gate = Arc::new(tokio::sync::Barrier::new(3));
    let server = Server::start(move |mut stream| {
        let (closed, gate) = (sender.clone(), gate.clone());
        async move {
            read_request(&mut stream).await.unwrap();
            // All three are under way at once.
            gate.wait().await;
            stream.write_all(OK.as_bytes()).await.unwrap();
            assert!(read_request(&mut stream).await.is_none());
            closed.send(()).await.unwrap();
        }
    })
    .await;
    let transport = HttpTransport::new(HttpOptions::new().no_proxy().max_idle(1)).unwrap();
    let exchange = || send(&transport, server.get("/"));
    let (first, second, third) = tokio::join!(exchange(), exchange(), exchange());
    for answer in [first, second, third] {
        answer.unwrap();
    }
    for _ in 0..2 {
        tokio::time::timeout(TIMEOUT, closed.recv()).await.unwrap().unwrap();
    }
    assert!(closed.try_recv().is_err(), "one connection is kept");
}

#[tokio::test]
async fn a_server_that_closes_after_each_answer_loses_no_request() {
    let served = Arc::new(AtomicUsize::new(0));
    let counter = served.clone();
    let server = Server::start(move |mut stream| {
        let counter = counter.clone();
        async move {
            if read_request(&mut stream).await.is_some() {
                counter.fetch_add(1, Ordering::SeqCst);
                stream.write_all(OK.as_bytes()).await.unwrap();
            }
        }
    })
    .await;
    let transport = direct();
    for _ in 0..200 {
        send(&transport, server.post("entry")).await.unwrap();
    }
    assert_eq!(served.load(Ordering::SeqCst), 200);
}

#[tokio::test]
async fn a_request_that_the_server_read_is_not_sent_twice() {
    let served = Arc::new(AtomicUsize::new(0));
    let counter = served.clone();
    let server = Server::start(move |mut stream| {
        let counter = counter.clone();
        async move {
            read_request(&mut stream).await.unwrap();
            counter.fetch_add(1, Ordering::SeqCst);
            stream.write_all(OK.as_bytes()).await.unwrap();
            read_request(&mut stream).await.unwrap();
            counter.fetch_add(1, Ordering::SeqCst);
        }
    })
    .await;
    let transport = direct();
    send(&transport, server.post("first")).await.unwrap();
    let error = send(&transport, server.post("second")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.is_retryable());
    assert_eq!(served.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn head_and_body_leave_in_one_write() {
    let (sender, mut read) = mpsc::channel(1);
    let server = Server::start(move |mut stream| {
        let read = sender.clone();
        async move {
            let mut buffer = vec![0; 64 * 1024];
            let length = stream.read(&mut buffer).await.unwrap();
            read.send(buffer[..length].to_vec()).await.unwrap();
            stream.write_all(OK.as_bytes()).await.unwrap();
        }
    })
    .await;
    send(&direct(), server.post("x".repeat(10_000))).await.unwrap();
    assert!(read.recv().await.unwrap().ends_with(&[b'x'; 10_000]));
}

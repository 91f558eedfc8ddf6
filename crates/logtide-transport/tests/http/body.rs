//! Bodies in both directions.

use crate::server::{OK, Server, TIMEOUT, direct, read_request, send};
use http::StatusCode;
use logtide_transport::{ErrorKind, Transport, fetch};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::oneshot,
};

const CHUNKED: &str =
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n";

#[tokio::test]
async fn an_answer_over_the_limit_is_refused() {
    for answer in ["HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nabcdef", CHUNKED] {
        let server = Server::answering(answer).await;
        assert_eq!(fetch(&direct(), server.get("/"), 6).await.unwrap().body, "abcdef");
        let error = fetch(&direct(), server.get("/"), 5).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TooLarge);
    }
}

#[tokio::test]
async fn an_announced_length_over_the_limit_is_refused_before_it_comes() {
    let server = Server::answering("HTTP/1.1 200 OK\r\ncontent-length: 999999999\r\n\r\n").await;
    let error = fetch(&direct(), server.get("/"), 1000).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
}

#[tokio::test]
async fn a_stream_gives_each_chunk_as_it_comes() {
    let (go_on, proceed) = oneshot::channel::<()>();
    let proceed = std::sync::Mutex::new(Some(proceed));
    let server = Server::start(move |mut stream| {
        let proceed = proceed.lock().unwrap().take().unwrap();
        async move {
            read_request(&mut stream).await.unwrap();
            let (first, second) = CHUNKED.split_at(CHUNKED.len() - "3\r\ndef\r\n0\r\n\r\n".len());
            stream.write_all(first.as_bytes()).await.unwrap();
            proceed.await.unwrap();
            stream.write_all(second.as_bytes()).await.unwrap();
        }
    })
    .await;
    let reading = async {
        let mut body = direct().exchange(server.get("/")).await.unwrap().body;
        assert_eq!(body.chunk().await.unwrap().unwrap(), "abc");
        go_on.send(()).unwrap();
        assert_eq!(body.chunk().await.unwrap().unwrap(), "def");
        assert!(body.chunk().await.is_none());
    };
    tokio::time::timeout(TIMEOUT, reading).await.unwrap();
}

#[tokio::test]
async fn a_refusal_in_the_middle_of_a_large_body_arrives() {
    let server = Server::start(|mut stream| async move {
        let mut start = vec![0; 100_000];
        stream.read_exact(&mut start).await.unwrap();
        let answer = "HTTP/1.1 413 Payload Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
        stream.write_all(answer.as_bytes()).await.unwrap();
        // What is unread makes the system reset the connection.
    })
    .await;
    let mut refused = 0;
    for _ in 0..20 {
        match send(&direct(), server.post(vec![b'x'; 20_000_000])).await {
            Ok(answer) => {
                assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
                refused += 1;
            }
            Err(error) => assert_eq!(error.kind(), ErrorKind::Io, "{error}"),
        }
    }
    println!("{refused} of 20 got the 413");
}

#[tokio::test]
async fn a_large_body_arrives_whole() {
    let (sender, mut bodies) = tokio::sync::mpsc::channel(1);
    let server = Server::start(move |mut stream| {
        let bodies = sender.clone();
        async move {
            bodies.send(read_request(&mut stream).await.unwrap()).await.unwrap();
            stream.write_all(OK.as_bytes()).await.unwrap();
        }
    })
    .await;
    let body: String = (0..200_000).map(|number| format!("{number} ")).collect();
    send(&direct(), server.post(body.clone())).await.unwrap();
    assert!(bodies.recv().await.unwrap().ends_with(&body));
}

//! Servers that are not there, or silent.

use crate::server::{Server, direct, read_request, send, with_timeout};
use http::{Method, Uri};
use logtide_transport::{ErrorKind, Request};
use std::time::Duration;
use tokio::{io::AsyncWriteExt, net::TcpListener};

#[tokio::test]
async fn a_refused_connection_says_what_to_check() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri: Uri = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    let error = send(&direct(), with_timeout(Request::new(Method::GET, uri))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(error.to_string().contains("check that the server is running"), "{error}");
}

#[cfg(feature = "tls")]
#[tokio::test]
async fn the_connect_timeout_covers_the_tls_handshake() {
    use logtide_transport::{HttpOptions, HttpTransport};
    let server = silent().await;
    let options = HttpOptions::new().no_proxy().connect_timeout(Duration::from_millis(300));
    let transport = HttpTransport::new(options).unwrap();
    let uri: Uri = format!("https://{}/", server.address).parse().unwrap();
    let error = send(&transport, with_timeout(Request::new(Method::GET, uri))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(error.to_string().contains("no connection within 300ms"), "{error}");
}

#[tokio::test]
async fn a_server_that_accepts_and_never_answers_is_given_up() {
    let server = silent().await;
    let request = Request { timeout: Some(Duration::from_millis(50)), ..server.get("/") };
    assert_eq!(send(&direct(), request).await.unwrap_err().kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn the_total_timeout_covers_the_body() {
    let server = Server::start(|mut stream| async move {
        read_request(&mut stream).await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf").await.unwrap();
        std::future::pending::<()>().await;
    })
    .await;
    let request = Request { timeout: Some(Duration::from_millis(200)), ..server.get("/") };
    assert_eq!(send(&direct(), request).await.unwrap_err().kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn a_connection_that_breaks_or_talks_garbage_is_an_io_error() {
    for answer in ["", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", "220 smtp.example ESMTP\r\n"] {
        let server = Server::start(move |mut stream| async move {
            read_request(&mut stream).await.unwrap();
            stream.write_all(answer.as_bytes()).await.unwrap();
        })
        .await;
        let error = send(&direct(), server.get("/")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io, "{answer:?}: {error}");
    }
}

async fn silent() -> Server {
    Server::start(|stream| async move {
        let _open = stream;
        std::future::pending::<()>().await;
    })
    .await
}

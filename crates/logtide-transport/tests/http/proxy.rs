//! Requests through a proxy.

use crate::server::{OK, Server, read_request, send, with_timeout};
use http::{Method, Uri};
use logtide_transport::{ErrorKind, HttpOptions, HttpTransport, Request};
use tokio::{io::AsyncWriteExt, sync::mpsc};

#[tokio::test]
async fn plain_http_goes_to_the_proxy_in_absolute_form() {
    let (sender, mut seen) = mpsc::channel(4);
    let proxy = Server::start(move |mut stream| {
        let seen = sender.clone();
        async move {
            while let Some(request) = read_request(&mut stream).await {
                seen.send(request).await.unwrap();
                stream.write_all(OK.as_bytes()).await.unwrap();
            }
        }
    })
    .await;
    let transport = through(&proxy, "user:p%40ss@");
    let uri = Uri::from_static("http://logs.invalid:8080/api/v1/logs?q=a");
    for _ in 0..2 {
        let answer = send(&transport, with_timeout(Request::new(Method::GET, uri.clone()))).await.unwrap();
        assert_eq!(answer.body, "ok");
        let request = seen.recv().await.unwrap();
        assert!(
            request.starts_with("GET http://logs.invalid:8080/api/v1/logs?q=a HTTP/1.1\r\n"),
            "{request}"
        );
        assert!(request.contains("host: logs.invalid:8080\r\n"), "{request}");
        assert!(request.contains("proxy-authorization: Basic dXNlcjpwQHNz\r\n"), "{request}");
    }
    assert_eq!(proxy.connections(), 1);
}

#[tokio::test]
async fn https_goes_through_a_tunnel() {
    if cfg!(not(feature = "tls")) {
        return;
    }
    let (sender, mut seen) = mpsc::channel(4);
    let proxy = Server::start(move |mut stream| {
        let seen = sender.clone();
        async move {
            seen.send(read_request(&mut stream).await.unwrap()).await.unwrap();
            stream.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n").await.unwrap();
        }
    })
    .await;
    let uri = Uri::from_static("https://logs.invalid/");
    let request = with_timeout(Request::new(Method::GET, uri));
    let error = send(&through(&proxy, "user:pass@"), request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(error.to_string().contains("proxy authorization required"), "{error}");
    let connect = seen.recv().await.unwrap();
    assert!(connect.starts_with("CONNECT logs.invalid:443 HTTP/1.1\r\n"), "{connect}");
    assert!(connect.contains("Basic dXNlcjpwYXNz\r\n"), "{connect}");
}

pub(crate) fn through(proxy: &Server, credentials: &str) -> HttpTransport {
    let url = format!("http://{credentials}{}", proxy.address);
    HttpTransport::new(HttpOptions::new().proxy(url)).unwrap()
}

/// A proxy that opens every tunnel, to `target` whatever it is asked for.
#[cfg(feature = "tls")]
pub(crate) async fn tunnelling(target: std::net::SocketAddr) -> Server {
    Server::start(move |mut stream| async move {
        assert!(read_request(&mut stream).await.unwrap().starts_with("CONNECT localhost:"));
        stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
        let mut server = tokio::net::TcpStream::connect(target).await.unwrap();
        let _ = tokio::io::copy_bidirectional(&mut stream, &mut server).await;
    })
    .await
}

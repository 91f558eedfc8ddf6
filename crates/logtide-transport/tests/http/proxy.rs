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
    let told = error.to_string();
    assert!(told.contains(&format!("the proxy http://{}: it answered 407 ", proxy.address)), "{told}");
    assert!(told.contains("user name and password") && !told.contains("pass@"), "{told}");
    let connect = seen.recv().await.unwrap();
    assert!(connect.starts_with("CONNECT logs.invalid:443 HTTP/1.1\r\n"), "{connect}");
    assert!(connect.contains("Basic dXNlcjpwYXNz\r\n"), "{connect}");
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_named_in_place_of_the_server() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let transport = HttpTransport::new(HttpOptions::new().proxy(&url)).unwrap();
    for server in ["http://logs.invalid/", "https://logs.invalid/"] {
        let told = failure(&transport, server, ErrorKind::Connect).await;
        assert!(told.contains(&format!("the proxy {url}: ")), "{told}");
        assert!(told.contains("check that the proxy is running"), "{told}");
    }
}

#[tokio::test]
async fn a_proxy_that_does_not_answer_is_named() {
    let proxy = Server::start(|stream| async move {
        let _open = stream;
        std::future::pending::<()>().await;
    })
    .await;
    let url = format!("http://{}", proxy.address);
    let options = HttpOptions::new().proxy(&url).connect_timeout(std::time::Duration::from_millis(200));
    let told =
        failure(&HttpTransport::new(options).unwrap(), "https://logs.invalid/", ErrorKind::Connect).await;
    assert!(told.contains(&format!("the proxy {url}: no connection within 200ms")), "{told}");
}

#[tokio::test]
async fn a_proxy_that_breaks_the_connection_or_speaks_something_else_is_named() {
    for answer in ["", "220 smtp.example ESMTP\r\n", "HTTP/1.1 503 Service Unavailable\r\n\r\n"] {
        let proxy = Server::start(move |mut stream| async move {
            let _ = read_request(&mut stream).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        })
        .await;
        let transport = through(&proxy, "user:hidden@");
        let place = format!("the proxy http://{}: ", proxy.address);
        let told = failure(&transport, "https://logs.invalid/", ErrorKind::Connect).await;
        assert!(told.contains(&place) && !told.contains("hidden"), "{told}");
        if answer.starts_with("HTTP") {
            assert!(told.contains("503 Service Unavailable; check that the proxy can reach"), "{told}");
        } else {
            let told = failure(&transport, "http://logs.invalid/", ErrorKind::Io).await;
            assert!(told.contains(&place) && !told.contains("hidden"), "{told}");
        }
    }
}

#[cfg(feature = "tls")]
#[tokio::test]
async fn a_proxy_with_a_certificate_that_nobody_knows_is_named() {
    let (acceptor, _) = crate::https::identity(&["localhost"]);
    let proxy = crate::https::serving(acceptor).await;
    let url = format!("https://localhost:{}", proxy.address.port());
    let transport = HttpTransport::new(HttpOptions::new().proxy(&url)).unwrap();
    for server in ["http://logs.invalid/", "https://logs.invalid/"] {
        let told = failure(&transport, server, ErrorKind::Tls).await;
        assert!(told.contains(&format!("the proxy {url}: the certificate is not signed")), "{told}");
    }
}

async fn failure(transport: &HttpTransport, server: &'static str, kind: ErrorKind) -> String {
    if server.starts_with("https") && cfg!(not(feature = "tls")) {
        return String::new();
    }
    let request = with_timeout(Request::new(Method::GET, Uri::from_static(server)));
    let error = send(transport, request).await.unwrap_err();
    assert_eq!(error.kind(), kind, "{error:?}");
    error.to_string()
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

//! Requests through a SOCKS 5 proxy.

use crate::server::{OK, Server, read_request, send, with_timeout};
use http::{Method, Uri};
use logtide_transport::{ErrorKind, HttpOptions, HttpTransport, Request};
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::TcpStream,
    sync::mpsc,
};

const USER_PASSWORD: u8 = 2;
const SUCCEEDED: u8 = 0;

/// Bytes of a password that leave just enough room for `user` and `logs.invalid` in the handshake.
const LONGEST: usize = 249 - 4 - 12;
const REFUSED: u8 = 5;

/// A proxy that connects to `target` whatever it is asked for, or answers with `status`. It tells the host and port that it is asked for.
async fn proxy(target: SocketAddr, status: u8, asked: mpsc::Sender<(String, u16)>) -> Server {
    Server::start(move |mut stream| {
        let asked = asked.clone();
        async move {
            let [version, methods] = read(&mut stream).await;
            assert_eq!((version, methods), (5, 1));
            let [method] = read(&mut stream).await;
            stream.write_all(&[5, method]).await.unwrap();
            if method == USER_PASSWORD {
                let [_version] = read(&mut stream).await;
                let (user, password) = (text(&mut stream).await, text(&mut stream).await);
                let is_long = password.len() == LONGEST && password.bytes().all(|byte| byte == b'x');
                let wrong = u8::from(user != "user" || (password != "p@ss" && !is_long));
                stream.write_all(&[1, wrong]).await.unwrap();
                if wrong != 0 {
                    return;
                }
            }
            let [_version, _connect, _reserved, kind] = read(&mut stream).await;
            let host = match kind {
                1 => {
                    let address: [u8; 4] = read(&mut stream).await;
                    std::net::Ipv4Addr::from(address).to_string()
                }
                _ => text(&mut stream).await,
            };
            asked.send((host, u16::from_be_bytes(read(&mut stream).await))).await.unwrap();
            stream.write_all(&[5, status, 0, 1, 127, 0, 0, 1, 0, 80]).await.unwrap();
            if status == SUCCEEDED {
                let mut server = TcpStream::connect(target).await.unwrap();
                let _ = copy_bidirectional(&mut stream, &mut server).await;
            }
        }
    })
    .await
}

async fn read<const LENGTH: usize>(stream: &mut TcpStream) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    stream.read_exact(&mut bytes).await.unwrap();
    bytes
}

async fn text(stream: &mut TcpStream) -> String {
    let mut bytes = vec![0; stream.read_u8().await.unwrap().into()];
    stream.read_exact(&mut bytes).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

fn through(proxy: &Server, scheme: &str, credentials: &str) -> HttpTransport {
    HttpTransport::new(HttpOptions::new().proxy(format!("{scheme}://{credentials}{}", proxy.address)))
        .unwrap()
}

fn get(uri: &'static str) -> Request {
    with_timeout(Request::new(Method::GET, Uri::from_static(uri)))
}

#[tokio::test]
async fn plain_http_goes_through_and_the_proxy_looks_up_the_name() {
    let (requests, mut seen) = mpsc::channel(4);
    let server = Server::start(move |mut stream| {
        let requests = requests.clone();
        async move {
            while let Some(request) = read_request(&mut stream).await {
                requests.send(request).await.unwrap();
                stream.write_all(OK.as_bytes()).await.unwrap();
            }
        }
    })
    .await;
    let (sender, mut asked) = mpsc::channel(4);
    let proxy = proxy(server.address, SUCCEEDED, sender).await;
    let long = format!("user:{}@", "x".repeat(LONGEST));
    for (scheme, credentials, uri, port) in [
        ("socks5", "", "http://logs.invalid/api/v1/logs?q=a", 80),
        ("socks5h", "user:p%40ss@", "http://logs.invalid:8080/api/v1/logs?q=a", 8080),
        ("socks5h", &*long, "http://logs.invalid:8080/api/v1/logs?q=a", 8080),
    ] {
        let transport = through(&proxy, scheme, credentials);
        for _ in 0..2 {
            assert_eq!(send(&transport, get(uri)).await.unwrap().body, "ok");
            let request = seen.recv().await.unwrap();
            assert!(request.starts_with("GET /api/v1/logs?q=a HTTP/1.1\r\n"), "as to the server: {request}");
            assert!(!request.to_lowercase().contains("proxy-authorization"), "{request}");
        }
        assert_eq!(asked.recv().await.unwrap(), ("logs.invalid".to_owned(), port));
    }
    assert_eq!(proxy.connections(), 3, "one for each transport");
}

#[cfg(feature = "tls")]
#[tokio::test]
async fn https_is_secured_end_to_end() {
    let (acceptor, ca) = crate::https::identity(&["localhost"]);
    let server = crate::https::serving(acceptor).await;
    let (sender, mut asked) = mpsc::channel(4);
    let proxy = proxy(server.address, SUCCEEDED, sender).await;
    let url = format!("socks5h://{}", proxy.address);
    let transport = crate::https::trusting(&ca, |options| options.proxy(url));
    assert_eq!(send(&transport, get("https://localhost/")).await.unwrap().body, "ok");
    assert_eq!(asked.recv().await.unwrap(), ("localhost".to_owned(), 443));
}

#[tokio::test]
async fn a_proxy_that_refuses_is_named_without_its_password() {
    let (sender, _asked) = mpsc::channel(4);
    let proxy = proxy(([127, 0, 0, 1], 1).into(), REFUSED, sender).await;
    for (credentials, told) in [("", "connection refused"), ("user:hidden@", "credentials not accepted")] {
        let transport = through(&proxy, "socks5", credentials);
        let error = send(&transport, get("http://logs.invalid/")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect, "{error:?}");
        let text = error.to_string();
        assert!(text.contains(&format!("the proxy socks5://{}: ", proxy.address)), "{text}");
        assert!(text.contains(told) && text.contains("user name and password"), "{text}");
        assert!(!format!("{error} {error:?}").contains("hidden"));
    }
}

#[tokio::test]
async fn what_is_no_socks_proxy_or_none_at_all_is_named() {
    let web = Server::answering(OK).await;
    // It waits for the rest of a request.
    let options = HttpOptions::new().proxy(format!("socks5://{}", web.address));
    let impatient =
        HttpTransport::new(options.connect_timeout(std::time::Duration::from_millis(200))).unwrap();
    let error = send(&impatient, get("http://logs.invalid/")).await.unwrap_err();
    assert!(error.to_string().contains(&format!("the proxy socks5://{}: ", web.address)), "{error}");

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("socks5://{}", listener.local_addr().unwrap());
    drop(listener);
    let transport = HttpTransport::new(HttpOptions::new().proxy(&url)).unwrap();
    let error = send(&transport, get("http://logs.invalid/")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(error.to_string().contains(&format!("the proxy {url}: ")), "{error}");
    assert!(error.to_string().contains("check that the proxy is running"), "{error}");
}

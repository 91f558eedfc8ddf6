//! Servers that close connections, and a process that SIGPIPE would end.

use crate::{
    https::{identity, trusting},
    server::{Server, direct, read_request, send, with_timeout},
};
use http::{Method, Uri};
use logtide_transport::{HttpOptions, HttpTransport, Request};
use std::{env, process::Command};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
};

/// Holds the addresses and the certificate for the child.
const CHILD: &str = "LOGTIDE_TESTS_SIGPIPE_CHILD";

const ROUNDS: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_closes_a_connection_does_not_end_the_process() {
    let (acceptor, ca) = identity(&["localhost"]);
    let plain = Server::start(close).await;
    let secure = Server::start(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(stream) = acceptor.accept(stream).await else { return };
            close(stream).await;
        }
    })
    .await;
    let proxy = Server::start(|mut stream| async move {
        let _ = read_request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        close(stream).await;
    })
    .await;
    let ports = [&plain, &secure, &proxy].map(|server| server.address.port().to_string()).join(",");
    let child = tokio::task::spawn_blocking(move || {
        Command::new(env::current_exe().unwrap())
            .args(["--exact", "sigpipe::requests_to_servers_that_close", "--nocapture"])
            .env(CHILD, format!("{ports},{ca}"))
            .output()
            .unwrap()
    });
    let child = child.await.unwrap();
    let told = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && told.contains("all failed"), "{}: {told}", child.status);
    for server in [plain, secure, proxy] {
        assert!(server.connections() >= ROUNDS, "{}", server.connections());
    }
}

/// Runs in the child alone.
#[tokio::test]
async fn requests_to_servers_that_close() {
    let Ok(given) = env::var(CHILD) else { return };
    // The standard library ignores the signal in every Rust program.
    sigpipe::reset();
    let mut given = given.splitn(4, ',');
    let [plain, secure, proxy, ca] = std::array::from_fn(|_| given.next().unwrap());
    let tunnel = HttpTransport::new(HttpOptions::new().proxy(format!("http://127.0.0.1:{proxy}"))).unwrap();
    for _ in 0..ROUNDS {
        for (transport, address) in [
            (direct(), format!("http://localhost:{plain}/")),
            (trusting(ca, |options| options.no_proxy()), format!("https://localhost:{secure}/")),
            (tunnel.clone(), "https://localhost/".to_owned()),
        ] {
            let uri: Uri = address.parse().unwrap();
            let body = vec![b'x'; 4_000_000].into();
            let request = with_timeout(Request { body, ..Request::new(Method::POST, uri) });
            send(&transport, request).await.unwrap_err();
        }
    }
    println!("all failed");
}

/// Ends the server's side at once, and the connection while the other side still writes.
async fn close(mut stream: impl AsyncRead + AsyncWrite + Unpin + AsTcp) {
    let _ = stream.as_tcp().shutdown().await;
    let _ = stream.as_tcp().read(&mut [0; 1_000]).await;
}

trait AsTcp {
    fn as_tcp(&mut self) -> &mut TcpStream;
}

impl AsTcp for TcpStream {
    fn as_tcp(&mut self) -> &mut TcpStream {
        self
    }
}

impl AsTcp for tokio_rustls::server::TlsStream<TcpStream> {
    fn as_tcp(&mut self) -> &mut TcpStream {
        self.get_mut().0
    }
}

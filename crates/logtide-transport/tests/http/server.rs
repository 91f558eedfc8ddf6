//! A server that does, byte by byte, what a test says.

use http::{Method, Uri};
use logtide_transport::{Answer, HttpOptions, HttpTransport, Request, TransportError, fetch};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Longer than anything takes that works.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(30);

pub(crate) const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

impl Server {
    /// Runs `serve` for each connection.
    pub(crate) async fn start<F>(serve: impl Fn(TcpStream) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let counter = connections.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream));
            }
        });
        Self { address, connections }
    }

    /// Gives the same answer to every request, and keeps connections.
    pub(crate) async fn answering(answer: &'static str) -> Self {
        Self::start(move |mut stream| async move {
            while read_request(&mut stream).await.is_some() {
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        })
        .await
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub(crate) fn get(&self, path: &str) -> Request {
        let uri: Uri = format!("http://{}{path}", self.address).parse().unwrap();
        with_timeout(Request::new(Method::GET, uri))
    }

    pub(crate) fn post(&self, body: impl Into<bytes::Bytes>) -> Request {
        Request { method: Method::POST, body: body.into(), ..self.get("/") }
    }
}

pub(crate) fn with_timeout(request: Request) -> Request {
    Request { timeout: Some(TIMEOUT), ..request }
}

pub(crate) fn direct() -> HttpTransport {
    HttpTransport::new(HttpOptions::new().no_proxy()).unwrap()
}

pub(crate) async fn send(transport: &HttpTransport, request: Request) -> Result<Answer, TransportError> {
    fetch(transport, request, 1 << 20).await
}

/// Reads one request with its body, or `None` at the end of the connection.
pub(crate) async fn read_request(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> Option<String> {
    let mut read = Vec::new();
    loop {
        if let Some(end) = read.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8(read[..end].to_vec()).unwrap().to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.map_or(0, |length| length.parse().unwrap());
            if read.len() >= end + 4 + length {
                return Some(String::from_utf8(read).unwrap());
            }
        }
        if stream.read_buf(&mut read).await.ok()? == 0 {
            return None;
        }
    }
}

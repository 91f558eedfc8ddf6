//! A transport without a network.

mod reply;

pub use reply::Reply;

use crate::{Exchange, Request, Transport};
use bytes::Bytes;
use http::{HeaderMap, Method, Uri};
use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::watch;

/// Records requests and answers them from a script, for tests of code that uses the SDK.
///
/// Replies are used in the order in which they were pushed. After the last one, every request gets an empty `200 OK`,
/// or the result of the function given to [`responding`](Self::responding). Clones share the script and the record.
///
/// ```
/// use logtide_transport::{ErrorKind, MemoryTransport, Reply};
///
/// let transport = MemoryTransport::new();
/// transport.push(Reply::fail(ErrorKind::Connect));
/// transport.push(Reply::status(429).header("retry-after", "1"));
/// transport.push(Reply::json(r#"{"received":1}"#));
/// ```
#[derive(Clone)]
pub struct MemoryTransport(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    recorded: watch::Sender<usize>,
    respond: Box<dyn Fn(&RecordedRequest) -> Reply + Send + Sync>,
}

#[derive(Default)]
struct State {
    script: VecDeque<Reply>,
    requests: Vec<RecordedRequest>,
}

/// A request that a [`MemoryTransport`] received.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The HTTP method.
    pub method: Method,
    /// The absolute address.
    pub uri: Uri,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// The total timeout of the request.
    pub timeout: Option<Duration>,
}

impl MemoryTransport {
    /// Creates a transport that answers everything with an empty `200 OK`.
    #[must_use]
    pub fn new() -> Self {
        Self::responding(|_| Reply::status(200))
    }

    /// Creates a transport that calls `respond` for requests beyond the script.
    pub fn responding(respond: impl Fn(&RecordedRequest) -> Reply + Send + Sync + 'static) -> Self {
        Self(Arc::new(Shared {
            state: Mutex::default(),
            recorded: watch::Sender::new(0),
            respond: Box::new(respond),
        }))
    }

    /// Adds a reply to the end of the script.
    pub fn push(&self, reply: Reply) {
        self.state().script.push_back(reply);
    }

    /// The requests so far, oldest first, including those without a response.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.state().requests.clone()
    }

    /// Waits until there are at least `count` requests, and returns all of them.
    ///
    /// It works on any async runtime, or none.
    pub async fn wait_for_requests(&self, count: usize) -> Vec<RecordedRequest> {
        let mut recorded = self.0.recorded.subscribe();
        recorded
            .wait_for(|recorded| *recorded >= count)
            .await
            .expect("the sender is in self, so it lives as long as this call");
        self.requests()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryTransport {
    fn default() -> Self {
        Self::new()
    }
}

impl Transport for MemoryTransport {
    fn exchange(&self, request: Request) -> Exchange {
        let Request { method, uri, headers, body, timeout, .. } = request;
        let request = RecordedRequest { method, uri, headers, body, timeout };
        let (scripted, count) = {
            let mut state = self.state();
            state.requests.push(request.clone());
            (state.script.pop_front(), state.requests.len())
        };
        self.0.recorded.send_replace(count);
        scripted.unwrap_or_else(|| (self.0.respond)(&request)).into_exchange()
    }
}

impl fmt::Debug for MemoryTransport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        formatter
            .debug_struct("MemoryTransport")
            .field("requests", &state.requests.len())
            .field("scripted", &state.script.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Body, ErrorKind, TransportError};
    use tokio::time::Instant;

    fn request(path: &str) -> Request {
        Request::new(Method::GET, format!("http://logs.example{path}").parse().unwrap())
    }

    #[tokio::test]
    async fn the_script_comes_first_and_then_the_default() {
        let transport = MemoryTransport::responding(|request| Reply::json(request.uri.path().to_owned()));
        transport.push(Reply::fail(ErrorKind::Tls));
        transport.push(Reply::status(503).header("retry-after", "2").body("later"));
        assert_eq!(transport.exchange(request("/1")).await.unwrap_err().kind(), ErrorKind::Tls);
        let second = transport.exchange(request("/2")).await.unwrap();
        assert_eq!(second.status, 503);
        assert_eq!(second.headers["retry-after"], "2");
        assert_eq!(second.body.collect(10).await.unwrap(), "later");
        let third = transport.exchange(request("/3")).await.unwrap();
        assert_eq!(third.status, 200);
        assert_eq!(third.body.collect(10).await.unwrap(), "/3");
    }

    #[tokio::test(start_paused = true)]
    async fn a_delay_and_a_hang_last_as_long_as_they_should() {
        let transport = MemoryTransport::new();
        transport.push(Reply::status(200).delay(Duration::from_secs(7)));
        transport.push(Reply::hang());
        let start = Instant::now();
        transport.exchange(request("/")).await.unwrap();
        assert_eq!(start.elapsed(), Duration::from_secs(7));
        let hanging = tokio::time::timeout(Duration::from_secs(3600), transport.exchange(request("/")));
        assert!(hanging.await.is_err());
    }

    #[tokio::test]
    async fn waiting_for_a_request_ends_when_it_comes() {
        let transport = MemoryTransport::new();
        let (sender, requests) = (transport.clone(), transport.wait_for_requests(2));
        let sending = async {
            sender.exchange(request("/a")).await.unwrap();
            tokio::task::yield_now().await;
            sender.exchange(request("/b")).await.unwrap();
        };
        let (requests, ()) = tokio::join!(requests, sending);
        assert_eq!(requests[1].uri.path(), "/b");
    }

    #[tokio::test]
    async fn a_body_can_break_in_the_middle() {
        let transport = MemoryTransport::new();
        let broken = Err(TransportError::new(ErrorKind::Io, "reset"));
        let chunks = [Ok(Bytes::from_static(b"data: ")), broken];
        transport.push(Reply::status(200).body(Body::from_chunks(chunks.into_iter())));
        let mut body = transport.exchange(request("/")).await.unwrap().body;
        assert_eq!(body.chunk().await.unwrap().unwrap(), "data: ");
        assert_eq!(body.chunk().await.unwrap().unwrap_err().kind(), ErrorKind::Io);
    }
}

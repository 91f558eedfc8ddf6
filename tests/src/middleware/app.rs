//! The handlers of the servers, for all frameworks.

use std::sync::Arc;

use futures_util::{Stream, StreamExt as _, stream};
use logtide_client::Client;
use logtide_core::{Breadcrumb, User};
use tokio::{
    sync::{Barrier, Semaphore},
    task::yield_now,
};
use tracing::{
    Dispatch, Instrument as _, debug, error, info, info_span, instrument::WithSubscriber as _, trace, warn,
};
use tracing_subscriber::{filter::Targets, prelude::*};

/// The handlers of a server. Every server has these routes:
///
/// | route | action |
/// |---|---|
/// | `/ok`, `/users/{id}`, `/health` | logs `in the handler`, responds with `ok` |
/// | `/status/{code}` | responds with this status |
/// | `/fails` | fails with the error `database gone`, as is usual in the framework |
/// | `/panics` | panics with `expected in this test` |
/// | `/streams` | responds with [`App::chunks`] |
/// | `/breaks` | begins a body that fails |
/// | `/short` | announces 10 bytes and sends one |
/// | `/endless` | begins an endless body |
/// | `/events` | the same, as an event stream |
/// | `/waits` | never responds; not in Rocket, which never drops a handler |
/// | `/held`, `/release` | the first responds after a request to the second; not in axum, which drops a handler when its client disconnects |
/// | `/buy/{id}` | [`App::buy`] |
/// | `/outgoing` | [`App::outgoing`] |
/// | `/traced` | [`App::trace`] |
#[derive(Debug)]
pub struct App {
    client: Client,
    barrier: Barrier,
    releases: Semaphore,
    /// One for each server, because tests share the process and its threads and so cannot set a default.
    subscriber: Dispatch,
}

impl App {
    /// The number of calls of [`App::buy`] that wait for each other.
    pub const BUYERS: usize = 200;

    /// Creates handlers that log with a client.
    #[must_use]
    pub fn new(client: Client) -> Arc<Self> {
        let levels = Targets::new()
            .with_default(tracing::Level::INFO)
            .with_target("orders", tracing::Level::TRACE)
            .with_target("chatty", tracing::Level::WARN);
        let layer = logtide_tracing::layer(&client).with_filter(levels);
        Arc::new(Self {
            client,
            barrier: Barrier::new(Self::BUYERS),
            releases: Semaphore::new(0),
            subscriber: tracing_subscriber::registry().with(layer).into(),
        })
    }

    /// Logs, and returns the response.
    #[must_use]
    pub fn ok(&self) -> &'static str {
        self.client.info("app", "in the handler", ());
        "ok"
    }

    /// Waits for [`App::release`].
    pub async fn hold(&self) -> &'static str {
        let _released = self.releases.acquire().await;
        "held"
    }

    /// Ends an [`App::hold`].
    pub fn release(&self) -> &'static str {
        self.releases.add_permits(1);
        "released"
    }

    /// Returns three chunks, each of which is logged.
    pub fn chunks(self: Arc<Self>) -> impl Stream<Item = &'static [u8]> + Send + 'static {
        stream::iter([&b"a"[..], b"b", b"c"]).inspect(move |_| self.client.info("app", "in the body", ()))
    }

    /// Sets a tag, a user and a breadcrumb, waits until all others have done so, and logs.
    pub async fn buy(&self, id: &str) -> &'static str {
        self.client.configure_scope(|scope| {
            scope.set_tag("buyer", id);
            scope.set_user(User::new().id(id));
        });
        self.client.add_breadcrumb(Breadcrumb::new(format!("cart of {id}")));
        self.barrier.wait().await;
        self.client.info("app", "bought", [("id", id)]);
        "bought"
    }

    /// Logs with `tracing` and through the client, inside a span that waits, and after it.
    pub async fn trace(&self) -> &'static str {
        let order = async {
            info!(target: "orders", user_id = 42, ratio = 0.5, paid = false, "user {} orders", 42);
            yield_now().await;
            trace!(target: "orders", "trace");
            debug!(target: "orders", "debug");
            warn!(target: "orders", "warn");
            error!(target: "orders", "error");
            error!(target: "orders", { logtide.critical = true }, "critical");
            info!(target: "chatty", "below the level of its target");
            self.client.info("app", "call", ());
        };
        let work = async {
            order.instrument(info_span!("order", order_id = 7)).await;
            info!("event after the span");
            self.client.info("app", "call after the span", ());
        };
        work.with_subscriber(self.subscriber.clone()).await;
        "traced"
    }

    /// Returns the `traceparent` of an outgoing request of the handler. If there are a `tracestate` and `baggage`, each is on a
    /// further line.
    #[must_use]
    pub fn outgoing(&self) -> String {
        let mut headers = http::HeaderMap::new();
        self.client.inject_trace(&mut headers);
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let Some(parent) = header("traceparent") else { return "none".to_owned() };
        let lines = [Some(parent), header("tracestate"), header("baggage")];
        lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
    }
}

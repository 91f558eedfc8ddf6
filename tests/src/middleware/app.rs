//! What the handlers of the servers do, whatever the framework.

use std::sync::Arc;

use futures_util::{Stream, StreamExt as _, stream};
use logtide_client::Client;
use logtide_core::{Breadcrumb, User};
use tokio::sync::{Barrier, Semaphore};

/// What the handlers of a server do. Every server has these routes:
///
/// | route | does |
/// |---|---|
/// | `/ok`, `/users/{id}`, `/health` | logs `in the handler`, answers `ok` |
/// | `/status/{code}` | answers with that status |
/// | `/fails` | gives the error `database gone`, in the way of the framework |
/// | `/panics` | panics with `expected in this test` |
/// | `/streams` | answers with [`App::chunks`] |
/// | `/breaks` | begins a body that fails |
/// | `/endless` | begins a body that does not end |
/// | `/waits` | never answers; not in Rocket, which never drops a handler |
/// | `/held`, `/release` | the first answers once the second was asked for; not in axum, which drops a handler when its client has gone |
/// | `/buy/{id}` | [`App::buy`] |
/// | `/outgoing` | [`App::outgoing`] |
#[derive(Debug)]
pub struct App {
    client: Client,
    barrier: Barrier,
    releases: Semaphore,
}

impl App {
    /// How many calls of [`App::buy`] wait for each other.
    pub const BUYERS: usize = 200;

    /// Logs with a client.
    #[must_use]
    pub fn new(client: Client) -> Arc<Self> {
        Arc::new(Self { client, barrier: Barrier::new(Self::BUYERS), releases: Semaphore::new(0) })
    }

    /// Logs, and gives the answer.
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

    /// Three chunks, each of which is logged.
    pub fn chunks(self: Arc<Self>) -> impl Stream<Item = &'static [u8]> + Send + 'static {
        stream::iter([&b"a"[..], b"b", b"c"]).inspect(move |_| self.client.info("app", "in the body", ()))
    }

    /// Sets tag, user and a breadcrumb, waits until all others have done it, and logs.
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

    /// The `traceparent` of a request that would go out from the handler.
    #[must_use]
    pub fn outgoing(&self) -> String {
        let mut headers = http::HeaderMap::new();
        self.client.inject_trace(&mut headers);
        let header = headers.get("traceparent").and_then(|value| value.to_str().ok());
        header.unwrap_or("none").to_owned()
    }
}

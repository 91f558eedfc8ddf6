//! An axum server with the routes of the scenarios.

use std::{future::pending, io, net::SocketAddr, sync::Arc, thread};

use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    http::{StatusCode, header},
    routing::get,
};
use futures_util::{Stream, StreamExt as _, stream};
use logtide_client::Client;
use logtide_tests::middleware::{App, Running, enter_span_around};
use logtide_tower::{Options, ServerLayer};
use tokio::{net::TcpListener, runtime::Builder, sync::oneshot};

type Shared = State<Arc<App>>;

pub(crate) fn serve(client: Client, options: Options) -> Running {
    start(client, options, || ())
}

pub(crate) fn serve_inside_a_span(client: Client, options: Options) -> Running {
    start(client, options, enter_span_around)
}

/// Starts a server whose threads first run `prepare`.
fn start(client: Client, options: Options, prepare: fn()) -> Running {
    let router = Router::new()
        .route("/ok", get(ok))
        .route("/health", get(ok))
        .route("/users/{id}", get(ok))
        .route("/status/{code}", get(status))
        .route("/fails", get(async || (StatusCode::INTERNAL_SERVER_ERROR, "database gone")))
        .route("/panics", get(panics))
        .route("/streams", get(async |State(app): Shared| body(app.chunks().map(Ok))))
        .route(
            "/breaks",
            get(async || body(stream::iter([Ok(&b"a"[..]), Err(io::Error::other("disk gone"))]))),
        )
        .route(
            "/short",
            get(async || ([(header::CONTENT_LENGTH, 10)], body(stream::once(async { Ok(&b"a"[..]) })))),
        )
        .route("/endless", get(async || body(stream::repeat(&b"a"[..]).map(Ok))))
        .route(
            "/events",
            get(async || {
                let kind = [(header::CONTENT_TYPE, "text/event-stream; charset=utf-8")];
                (kind, body(stream::repeat(&b"data: a\n\n"[..]).map(Ok)))
            }),
        )
        .route("/waits", get(pending::<&str>))
        .route("/buy/{id}", get(async |State(app): Shared, Path(id): Path<String>| app.buy(&id).await))
        .route("/outgoing", get(async |State(app): Shared| app.outgoing()))
        .route("/traced", get(async |State(app): Shared| app.trace().await))
        .with_state(App::new(client.clone()))
        .layer(ServerLayer::with_options(client, options))
        .into_make_service_with_connect_info::<SocketAddr>();
    let runtime =
        Builder::new_multi_thread().worker_threads(2).on_thread_start(prepare).enable_all().build().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let thread = thread::spawn(move || {
        runtime.block_on(async {
            tokio::select! {
                served = axum::serve(listener, router) => served.unwrap(),
                _ = stopped => {}
            }
        });
    });
    Running::new(address, move || drop(stop), thread)
}

async fn ok(State(app): Shared) -> &'static str {
    app.ok()
}

async fn status(Path(code): Path<u16>) -> StatusCode {
    StatusCode::from_u16(code).unwrap()
}

async fn panics() -> &'static str {
    panic!("expected in this test")
}

fn body(chunks: impl Stream<Item = io::Result<&'static [u8]>> + Send + 'static) -> Body {
    Body::from_stream(chunks)
}

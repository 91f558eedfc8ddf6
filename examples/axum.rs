//! An axum server whose requests are logged.
//!
//! Run it with `cargo run --example axum`. It starts the server on a free port, sends it some requests, and prints what was
//! logged to an embedded LogTide server.

use std::error::Error;

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    routing::get,
};
use logtide::{
    Client, ClientOptions,
    integrations::tower::{Options, ServerLayer},
};
use logtide_devserver::DevServer;
use logtide_examples::print_stored;
use tokio::{net::TcpListener, sync::oneshot, task};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = DevServer::start()?;
    let client = Client::new(ClientOptions::new(server.url(), server.api_key()).service("shop"))?;

    let app = Router::new()
        .route("/orders/{id}", get(order))
        .route("/stock", get(stock))
        .route("/panic", get(panic))
        .layer(ServerLayer::with_options(client.clone(), Options::new().capture_headers(["x-request-id"])))
        .with_state(client.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async {
        // A dropped sender also means stop.
        let _ = stopped.await;
    };
    let serving = tokio::spawn(axum::serve(listener, app).with_graceful_shutdown(shutdown).into_future());

    for path in ["/orders/7", "/missing", "/stock", "/panic"] {
        task::spawn_blocking(move || logtide_examples::get(address, path)).await??;
    }
    drop(stop);
    serving.await??;

    client.close().await;
    print_stored(&server);
    Ok(())
}

async fn order(State(client): State<Client>, Path(id): Path<u64>) -> String {
    client.info("shop", "looking the order up", [("order", id)]);
    format!("order {id}")
}

async fn stock() -> (StatusCode, &'static str) {
    (StatusCode::SERVICE_UNAVAILABLE, "the warehouse does not answer")
}

async fn panic() -> &'static str {
    panic!("shown on purpose")
}

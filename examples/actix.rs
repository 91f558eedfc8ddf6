//! An actix-web server whose requests are logged.
//!
//! Run it with `cargo run --example actix --features actix`. It starts the server on a free port, sends it some requests, and
//! prints what was logged to an embedded LogTide server.

use std::{error::Error, fmt};

use actix_web::{
    App, HttpServer, ResponseError,
    rt::{System, task},
    web::{self, Data, Path},
};
use logtide::{
    Client, ClientOptions,
    integrations::actix::{LogTide, Options},
};
use logtide_devserver::DevServer;
use logtide_examples::print_stored;

fn main() -> Result<(), Box<dyn Error>> {
    let server = DevServer::start()?;
    let client = Client::new(ClientOptions::new(server.url(), server.api_key()).service("shop"))?;
    System::new().block_on(serve(client.clone()))?;
    client.close_blocking(std::time::Duration::from_secs(5));
    print_stored(&server);
    Ok(())
}

async fn serve(client: Client) -> Result<(), Box<dyn Error>> {
    let app = move || {
        App::new()
            .wrap(LogTide::with_options(client.clone(), Options::new().capture_headers(["x-request-id"])))
            .app_data(Data::new(client.clone()))
            .route("/orders/{id}", web::get().to(order))
            .route("/stock", web::get().to(stock))
            .route("/panic", web::get().to(panic))
    };
    let http = HttpServer::new(app).workers(1).disable_signals().bind(("127.0.0.1", 0))?;
    let address = http.addrs()[0];
    let http = http.run();
    let handle = http.handle();
    let serving = actix_web::rt::spawn(http);
    for path in ["/orders/7", "/missing", "/stock", "/panic"] {
        task::spawn_blocking(move || logtide_examples::get(address, path)).await??;
    }
    handle.stop(true).await;
    Ok(serving.await??)
}

async fn order(client: Data<Client>, id: Path<u64>) -> String {
    client.info("shop", "looking the order up", [("order", *id)]);
    format!("order {id}")
}

async fn stock() -> Result<&'static str, WarehouseGone> {
    Err(WarehouseGone)
}

async fn panic() -> &'static str {
    panic!("shown on purpose")
}

/// An error that actix-web answers with status 500.
#[derive(Debug)]
struct WarehouseGone;

impl fmt::Display for WarehouseGone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the warehouse does not answer")
    }
}

impl ResponseError for WarehouseGone {}

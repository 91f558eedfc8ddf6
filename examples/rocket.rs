//! A Rocket server whose requests are logged.
//!
//! Run it with `cargo run --example rocket --features rocket`. It starts the server on a free port, sends it some requests, and
//! prints what was logged to an embedded LogTide server.

use std::{error::Error, net::SocketAddr, thread, time::Duration};

use logtide::{
    Client, ClientOptions,
    integrations::rocket::{LogTide, Options, scoped},
};
use logtide_devserver::DevServer;
use logtide_examples::print_stored;
use rocket::{Config, State, config::LogLevel, fairing::AdHoc, get, http::Status, routes};

fn main() -> Result<(), Box<dyn Error>> {
    let server = DevServer::start()?;
    let client = Client::new(ClientOptions::new(server.url(), server.api_key()).service("shop"))?;
    let config =
        Config { address: [127, 0, 0, 1].into(), port: 0, log_level: LogLevel::Off, ..Config::default() };
    let rocket = rocket::custom(config)
        .attach(LogTide::with_options(client.clone(), Options::new().capture_headers(["x-request-id"])))
        .attach(AdHoc::on_liftoff("requests", |rocket| {
            let (config, shutdown) = (rocket.config(), rocket.shutdown());
            let address = SocketAddr::new(config.address, config.port);
            thread::spawn(move || {
                let asked = ["/orders/7", "/missing", "/stock", "/panic"]
                    .iter()
                    .try_for_each(|path| logtide_examples::get(address, path));
                shutdown.notify();
                asked
            });
            Box::pin(async {})
        }))
        .manage(client.clone())
        .mount("/", scoped(routes![order, stock, panic]));
    rocket::execute(rocket.launch())?;
    client.close_blocking(Duration::from_secs(5));
    print_stored(&server);
    Ok(())
}

#[get("/orders/<id>")]
fn order(client: &State<Client>, id: u64) -> String {
    client.info("shop", "looking the order up", [("order", id)]);
    format!("order {id}")
}

#[get("/stock")]
fn stock() -> (Status, &'static str) {
    (Status::ServiceUnavailable, "the warehouse does not answer")
}

#[get("/panic")]
fn panic() -> &'static str {
    panic!("shown on purpose")
}

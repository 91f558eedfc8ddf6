//! A program that logs with the `log` crate.
//!
//! Run it with `cargo run --example log`. It logs to an embedded server and prints the stored entries.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::{error::Error, time::Duration};

use logtide::{Client, ClientOptions, integrations};
use logtide_devserver::DevServer;

fn main() -> Result<(), Box<dyn Error>> {
    let server = DevServer::start()?;
    let client = Client::new(ClientOptions::new(server.url(), server.api_key()).service("shop"))?;
    integrations::log::Logger::new(&client).init()?;

    log::info!("server started");
    log::warn!(target: "shop::payments", attempt = 2, provider = "acme"; "the card was refused");
    log::debug!("below the level: not sent");
    println!("{}", client.close_blocking(Duration::from_secs(5)));
    for entry in server.stored() {
        println!("{} {} {}", entry.level, entry.message, entry.metadata.unwrap_or_default());
    }
    Ok(())
}

//! The end of a program: what `close` reports, what dropping does, and what happens if the server is down.
//!
//! Run it with `cargo run --example shutdown`. It ends four clients of an embedded server.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::{error::Error, time::Duration};

use logtide::{Client, ClientOptions};
use logtide_devserver::{DevServer, Fault};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = DevServer::start()?;
    let options = ClientOptions::new(server.url(), server.api_key()).shutdown_timeout(Duration::from_secs(1));

    let client = Client::new(options.clone())?;
    client.info("shop", "the last words", [("end", "close")]);
    println!("close:           {}", client.close().await);

    let client = Client::new(options.clone())?;
    client.info("shop", "the last words", [("end", "drop")]);
    tokio::task::spawn_blocking(move || drop(client)).await?; // blocks its thread until all is delivered
    println!("drop:            {} entries on the server", server.stored().len());

    // A cancelled flush loses nothing: the background thread continues.
    let client = Client::new(options.clone())?;
    client.info("shop", "the last words", [("end", "cancelled flush")]);
    tokio::select! {
        _ = client.flush() => {}
        () = std::future::ready(()) => {}
    }
    println!("after a cancel:  {}", client.close().await);

    server.chaos(Fault::Status(503)).always();
    let client = Client::new(options.outage_notice(false))?;
    client.info("shop", "the last words", [("end", "server away")]);
    println!("server away:     {}", client.close().await);
    println!("                 {:?}", client.metrics().dropped);
    Ok(())
}

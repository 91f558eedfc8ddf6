//! Entries that outlive their process: the server is down, the program ends, and the next one delivers.
//!
//! Run it with `cargo run --example spool`. It runs both programs in one process, with an embedded server.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::{env, error::Error, fs, process, time::Duration};

use logtide::{Client, ClientOptions, Durability};
use logtide_devserver::{DevServer, Fault};

fn main() -> Result<(), Box<dyn Error>> {
    let directory = env::temp_dir().join(format!("logtide-example-{}", process::id()));
    let server = DevServer::start()?;
    let options = ClientOptions::new(server.url(), server.api_key())
        .service("spool")
        .spool(&directory)
        .durability(Durability::Always); // a log call returns when its entry is on the disk

    // The server is down while the first program runs.
    server.chaos(Fault::Status(503)).always();
    let client = Client::new(options.clone())?;
    for order in 0..3 {
        client.info("shop", "order placed", [("order", order)]);
    }
    println!("first program:  {}", client.close_blocking(Duration::from_secs(5)));

    // It is up again when the next one starts.
    server.clear_chaos();
    let client = Client::new(options)?;
    let report = client.close_blocking(Duration::from_secs(5));
    println!("second program: {report}, {} of the first delivered", client.metrics().recovered.delivered);
    println!("on the server:  {} entries", server.stored().len());
    fs::remove_dir_all(directory)?;
    Ok(())
}

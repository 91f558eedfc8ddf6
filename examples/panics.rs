//! Panics as entries, with the error that was logged before them.
//!
//! Run it with `cargo run --example panics`. It panics on another thread and prints the stored entries.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::{error::Error, thread, time::Duration};

use logtide::{Client, ClientOptions, IntoMetadata as _};
use logtide_devserver::DevServer;

fn main() -> Result<(), Box<dyn Error>> {
    let server = DevServer::start()?;
    let options = ClientOptions::new(server.url(), server.api_key()).attach_stacktrace(true);
    let client = Client::new(options)?;
    client.service("shop").install_panic_hook();

    let shop = client.service("shop");
    let worker = thread::Builder::new().name("worker".to_owned()).spawn(move || {
        if let Err(error) = "seven".parse::<u32>() {
            shop.error("the amount cannot be read", [("order", 42)].with(&error));
        }
        panic!("the cart is empty");
    })?;
    let panicked = worker.join().is_err();
    println!("panicked: {panicked}; {}", client.close_blocking(Duration::from_secs(5)));
    for entry in server.stored() {
        let metadata = entry.metadata.unwrap_or_default();
        let exception = &metadata["exception"];
        let frames = exception["stacktrace"].as_array().map_or(0, Vec::len);
        println!("{} {}: {} with {frames} frames", entry.level, entry.message, exception["type"]);
    }
    Ok(())
}

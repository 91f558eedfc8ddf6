//! One client per tenant on a shared background thread and connections, and a key that changes while the program runs.
//!
//! Run it with `cargo run --example tenants`. It logs for three tenants to an embedded server.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::{error::Error, time::Duration};

use logtide::{Client, ClientOptions};
use logtide_devserver::DevServer;

fn main() -> Result<(), Box<dyn Error>> {
    let server = DevServer::start()?;
    let options =
        |tenant| ClientOptions::new(server.url(), server.api_key()).global_metadata([("tenant", tenant)]);
    let first = Client::new(options("a"))?;
    let second = Client::new(options("b").share_with(&first))?;
    let third = Client::new(options("c").share_with(&first))?;
    for (client, order) in [(&first, 1), (&second, 2), (&third, 3)] {
        client.info("shop", "order placed", [("order", order)]);
    }
    // Closing one does not affect the others.
    println!("first:  {}", first.close_blocking(Duration::from_secs(5)));
    second.set_api_key(server.api_key())?;
    second.info("shop", "order placed with the new key", [("order", 4)]);
    println!("second: {}", second.close_blocking(Duration::from_secs(5)));
    println!("third:  {}", third.close_blocking(Duration::from_secs(5)));
    for entry in server.stored() {
        println!("{} {}", entry.message, entry.metadata.unwrap_or_default());
    }
    Ok(())
}

//! A job that sends a heartbeat to a monitor of the server after each success.
//!
//! Run it with `cargo run --example heartbeat`. It runs a job three times against an embedded server. One of the runs fails.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;

use logtide::{Client, ClientOptions};
use logtide_devserver::DevServer;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = DevServer::start()?;
    server.add_monitor("nightly-backup");
    let client = Client::new(ClientOptions::new(server.url(), server.api_key()).service("backup"))?;
    for night in 1..=3 {
        match backup(night) {
            Ok(bytes) => {
                client.info("backup", "backup done", (("night", night), ("bytes", bytes)));
                client.heartbeat("nightly-backup").await?;
            }
            // Without a heartbeat, the monitor reports that the job is late.
            Err(error) => client.error("backup", "backup failed", &error),
        }
    }
    println!("{}", client.close().await);
    println!("{} heartbeats", server.heartbeats("nightly-backup"));
    Ok(())
}

fn backup(night: u32) -> Result<u64, std::num::ParseIntError> {
    if night == 2 { "no space".parse() } else { Ok(1_048_576) }
}

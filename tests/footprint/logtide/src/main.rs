//! A program that sends an event of `tracing` with LogTide, over HTTPS.

use std::{error::Error, time::Duration};

use logtide::{Client, ClientOptions};
use tracing_subscriber::prelude::*;

fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::new(ClientOptions::new("https://logs.example.com", "lp_key").service("svc"))?;
    tracing_subscriber::registry().with(logtide::integrations::tracing::layer(&client)).init();
    tracing::info!("hello");
    client.close_blocking(Duration::from_secs(2));
    Ok(())
}

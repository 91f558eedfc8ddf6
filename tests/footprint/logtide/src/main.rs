//! A program that sends one log with LogTide, over HTTPS.

use std::{error::Error, time::Duration};

use logtide::{Client, ClientOptions};

fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::new(ClientOptions::new("https://logs.example.com", "lp_key"))?;
    client.info("svc", "hello", ());
    client.close_blocking(Duration::from_secs(2));
    Ok(())
}

//! A program that logs with `tracing`: spans, async tasks, errors, and direct calls of the client inside spans.
//!
//! Run it with `cargo run --example tracing`. It logs to an embedded server. `RUST_LOG` filters the output to the server and to
//! the terminal.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::{error::Error, time::Duration};

use logtide::{Client, ClientOptions};
use logtide_devserver::DevServer;
use tracing::{Instrument as _, info_span, instrument};
use tracing_subscriber::{EnvFilter, filter::LevelFilter, fmt, prelude::*};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = DevServer::start()?;
    let client = Client::new(ClientOptions::new(server.url(), server.api_key()).service("shop"))?;
    tracing_subscriber::registry()
        .with(EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,tracing=debug")))
        .with(fmt::layer().compact())
        // The filter of the subscriber applies to both layers.
        .with(logtide::integrations::tracing::layer(&client).level(LevelFilter::TRACE))
        .init();

    tracing::info!(port = 3000, tls = false, "server started");
    let orders = [(1, "42"), (2, "many"), (3, "7")].map(|(id, quantity)| {
        let request = info_span!("request", method = "POST", path = "/orders", id);
        tokio::spawn(order(client.clone(), quantity).instrument(request))
    });
    for order in orders {
        order.await?;
    }
    tracing::error!(logtide.critical = true, free_bytes = 0, "the disk is full");

    let report = client.close_blocking(Duration::from_secs(5));
    println!("{report}");
    let mut stored = server.stored();
    stored.sort_by(|one, other| (&one.trace_id, &one.time).cmp(&(&other.trace_id, &other.time)));
    for entry in stored {
        let trace = entry.trace_id.as_deref().map_or("no trace", |id| &id[..8]);
        println!("{trace:<8} {:<8} {}  {}", entry.level, entry.message, entry.metadata.unwrap_or_default());
    }
    if report.is_complete() { Ok(()) } else { Err("not all was delivered".into()) }
}

#[instrument(skip(client))]
async fn order(client: Client, quantity: &'static str) {
    tracing::debug!("checking the stock");
    // Other tasks run in the meantime, and this one may continue on another thread.
    tokio::task::yield_now().await;
    match quantity.parse::<u32>() {
        Ok(quantity) => {
            tracing::info!(quantity, "order placed");
            // The entry has the ids of the span, although it is not logged through `tracing`.
            client.info("mail", "confirmation sent", [("template", "order")]);
        }
        Err(error) => tracing::error!(error = &error as &dyn Error, "order refused"),
    }
}

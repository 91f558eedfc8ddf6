//! Spans of `tracing`, sent together with the entries logged in them.
//!
//! Run it with `cargo run --example spans`. It sends them to an embedded server and prints the stored trace as a tree.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::{error::Error, time::Duration};

use logtide::{Client, ClientOptions};
use logtide_devserver::DevServer;
use tracing::{info, info_span, instrument, warn};
use tracing_subscriber::layer::SubscriberExt as _;

#[instrument(fields(order.id = id, order.total))]
fn place_order(id: u32) {
    info!("order received");
    let total = price(id);
    tracing::Span::current().record("order.total", total);
    info_span!("reserve stock", otel.kind = "client").in_scope(|| warn!(left = 2, "stock is low"));
}

#[instrument]
fn price(id: u32) -> u32 {
    id * 3
}

fn main() -> Result<(), Box<dyn Error>> {
    let server = DevServer::start()?;
    let options = ClientOptions::new(server.url(), server.api_key()).service("shop");
    let client = Client::new(options)?;
    let layer = logtide::integrations::tracing::layer(&client).spans(true);
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || place_order(7));

    let report = client.flush_blocking(Duration::from_secs(5));
    println!("{report}; {} spans", client.metrics().spans.sent);
    for trace in client.traces_blocking(logtide::TraceOptions::new())?.traces {
        println!("trace {}", trace.trace_id);
        let spans = client.trace_spans_blocking(&trace.trace_id)?;
        let entries = client.get_by_trace_id_blocking(&trace.trace_id)?;
        print!("{}", logtide_examples::tree(spans, entries));
    }
    Ok(())
}

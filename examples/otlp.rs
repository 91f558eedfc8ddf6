//! Entries and spans over OTLP, the protocol of OpenTelemetry collectors.
//!
//! Run it with `cargo run --example otlp`. It sends to an embedded server and prints what is stored, as a tree. For a collector,
//! use `Wire::otlp("http://localhost:4318")`: see `examples/collector`.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::{error::Error, time::Duration};

use logtide::{Client, ClientOptions, IntoMetadata as _, SpanKind, Wire};
use logtide_devserver::DevServer;

fn main() -> Result<(), Box<dyn Error>> {
    let server = DevServer::start()?;
    let options = ClientOptions::new(server.url(), server.api_key())
        .wire(Wire::Otlp)
        .service("shop")
        .environment("staging")
        .release("1.2.3");
    let client = Client::new(options)?;

    let checkout = client.span("checkout").kind(SpanKind::Server).attribute("cart.items", 3);
    checkout.in_scope(|| {
        client.info("shop", "checkout started", [("customer", "u_1")]);
        let payment = client.span("charge card").kind(SpanKind::Client).service("payments");
        payment.in_scope(|| {
            let error = "seven".parse::<u32>().expect_err("it is no number");
            client.error("payments", "the amount cannot be read", [("attempt", 1)].with(&error));
            payment.record_error(&error);
        });
    });
    let trace = checkout.trace_context().trace_id.to_string();
    checkout.end();

    let report = client.flush_blocking(Duration::from_secs(5));
    println!("{report}; {} spans", client.metrics().spans.sent);
    println!("trace {trace}");
    let spans = client.trace_spans_blocking(&trace)?;
    let entries = client.get_by_trace_id_blocking(&trace)?;
    print!("{}", logtide_examples::tree(spans, entries));
    Ok(())
}

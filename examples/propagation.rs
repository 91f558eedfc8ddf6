//! One trace across two services, passed on in the headers of a request.
//!
//! Run it with `cargo run --example propagation`. It plays both services and prints the entries of the trace.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::{error::Error, time::Duration};

use http::HeaderMap;
use logtide::{Client, ClientOptions, Scope};
use logtide_devserver::DevServer;

fn main() -> Result<(), Box<dyn Error>> {
    let server = DevServer::start()?;
    let client = Client::new(ClientOptions::new(server.url(), server.api_key()))?;
    let trace = client.with_new_trace_id(|| {
        client.info("shop", "checkout started", [("order", 42)]);
        let mut headers = HeaderMap::new();
        client.inject_trace(&mut headers);
        println!("shop calls payments with {:?}", headers.get("traceparent"));
        payments(&client, &headers);
        client.info("shop", "checkout done", [("order", 42)]);
        client.trace_id().expect("there is a trace inside")
    });
    println!("{}", client.flush_blocking(Duration::from_secs(5)));
    for entry in client.get_by_trace_id_blocking(&trace)? {
        println!("{} {}", entry.service, entry.message);
    }
    Ok(())
}

/// The other service, which sees only the headers.
fn payments(client: &Client, headers: &HeaderMap) {
    let mut scope = Scope::new();
    scope.set_trace_context(&client.extract_trace(headers));
    client.detached().in_scope(scope, || client.info("payments", "card charged", [("amount", 59.9)]));
}

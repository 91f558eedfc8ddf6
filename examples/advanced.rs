//! Everything that an entry can carry: traces, scopes, errors, limits, redaction, hooks, sampling and panics.
//!
//! Run it with `cargo run --example advanced`. It logs to an embedded server and prints the stored entries.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::{error::Error, fmt, thread, time::Duration};

use logtide::{
    Breadcrumb, BreadcrumbKind, Client, ClientOptions, DropPolicy, ErrorFormat, InScope, IntoMetadata as _,
    Level, LogEntry, PayloadLimits, Redaction, Scope, User, debug, info,
};
use logtide_devserver::{DevServer, StoredEntry};
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let server = DevServer::start()?;
    let client = Client::new(options(&server))?;

    log_in_a_trace(&client);
    log_in_a_scope(&client);
    log_a_request_across_threads(&client);
    log_errors(&client);
    log_what_must_not_be_sent(&client);
    log_a_panic(&client);

    println!("flushed: {}\n", client.flush_blocking(Duration::from_secs(10)));
    server.stored().iter().for_each(print_entry);
    println!("\n{}", client.metrics());
    client.close_blocking(Duration::from_secs(5));
    Ok(())
}

fn options(server: &DevServer) -> ClientOptions {
    let dsn = server.url().replace("://", &format!("://{}@", server.api_key()));
    ClientOptions::from_dsn(&dsn)
        .expect("address and key of the embedded server form a DSN")
        .service("advanced")
        .environment("production")
        .release("1.4.2")
        .server_name("web-1")
        .global_metadata(json!({"region": "eu-west-1"}))
        .auto_trace_id(true)
        .batch_size(50)
        .flush_interval(Duration::from_secs(2))
        .drop_policy(DropPolicy::Block(Duration::from_millis(100)))
        .payload_limits(PayloadLimits::default().max_field_bytes(200).exclude_fields(["body"]))
        .redaction(Redaction::default().keys(["iban"]))
        .error_format(ErrorFormat::Both)
        .attach_stacktrace(true)
        .max_breadcrumbs(20)
        .before_breadcrumb(|breadcrumb| {
            (breadcrumb.category.as_deref() != Some("noise")).then_some(breadcrumb)
        })
        .before_send(|mut entry| {
            entry.metadata.remove("email");
            (entry.level > Level::Debug).then_some(entry)
        })
        .sample_rate(1.0)
        .send_default_pii(false)
        .on_event(|event| println!("event: {event}"))
}

fn log_in_a_trace(client: &Client) {
    info!(client, "a trace id of its own");
    client.with_trace_id("checkout-7", || info!(client, "inside a trace"));
    client.with_new_trace_id(|| debug!(client, "left out by before_send"));
    client.set_trace_id(Some("fallback"));
    info!(client, "the client's trace");
    client.set_trace_id(None);
}

fn log_in_a_scope(client: &Client) {
    let configure = |scope: &mut Scope| {
        scope.set_tag("route", "/orders");
        scope.set_user(User::new().id("u_1").field("plan", "pro"));
        scope.set_extra("order_id", 42);
    };
    client.with_scope(configure, || {
        client.add_breadcrumb(Breadcrumb::new("cart loaded").kind(BreadcrumbKind::Http).data([("items", 3)]));
        client.add_breadcrumb(Breadcrumb::new("never kept").category("noise"));
        client.warn(
            "advanced",
            "the card was refused once",
            json!({"attempt": 1, "email": "removed by before_send"}),
        );
    });
}

/// A request arrives with a trace, continues in a future, and uses another thread.
fn log_a_request_across_threads(client: &Client) {
    let trace = client.incoming_trace(Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), None);
    let scope = Scope::new().with(|scope| scope.set_trace_context(&trace));
    let request = async {
        info!(client, "request accepted");
        let scope = client.current_scope();
        let helper = client.clone();
        let work = move || helper.in_scope(scope, || info!(helper, "helped by another thread"));
        thread::spawn(work).join().expect("the helper does not panic");
        let outgoing = client.outgoing_trace().map(|trace| trace.to_string());
        client.info("advanced", "asking another service", [("traceparent", outgoing)]);
    };
    futures::executor::block_on(request.with_scope(scope));
}

fn log_errors(client: &Client) {
    let error = Failure(
        "query failed",
        Some(Box::new(Failure("connection lost", Some(Box::new(Failure("timed out", None)))))),
    );
    client.error("database", "the order was not stored", json!({"order": 42}).with(&error));
}

fn log_what_must_not_be_sent(client: &Client) {
    let entry = LogEntry::new(Level::Info, "advanced", "limits and redaction").metadata(json!({
        "password": "never sent", "iban": "never sent", "body": "never sent",
        "image": format!("data:image/png;base64,{}", "iVBORw0KGgo".repeat(20)),
        "text": "long ".repeat(100), "exact": u64::MAX, "safe": (1_u64 << 53) - 1,
    }));
    client.log(entry.trace_id("limits").span_id("b7ad6b7169203331"));
}

fn log_a_panic(client: &Client) {
    client.install_panic_hook();
    let worker = thread::Builder::new().name("worker".to_owned()).spawn(|| panic!("shown on purpose"));
    // This part is about the panic.
    let _ = worker.map(thread::JoinHandle::join);
}

fn print_entry(entry: &StoredEntry) {
    let trace = entry.trace_id.as_deref().unwrap_or("-");
    println!("{:<8} {}  {}  [{trace}]", entry.level, entry.service, entry.message);
    for (key, value) in entry.metadata.iter().filter_map(|metadata| metadata.as_object()).flatten() {
        let text = value.to_string();
        let common = matches!(key.as_str(), "sdk" | "environment" | "release" | "server_name" | "region");
        if !common {
            println!("{:9}{key}: {}", "", text.chars().take(300).collect::<String>());
        }
    }
}

#[derive(Debug)]
struct Failure(&'static str, Option<Box<Self>>);

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.1.as_deref().map(|cause| cause as _)
    }
}

//! Logs at all levels, reads the entries back and prints them.
//!
//! Run it with `cargo run --example quickstart`. It starts an embedded server. If `LOGTIDE_API_URL` and `LOGTIDE_API_KEY` are
//! set, with a full key that may read, it uses that server instead.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::{env, error::Error, thread, time::Duration, time::SystemTime};

use logtide::{Client, ClientOptions, Level, LogRecord, QueryOptions};
use logtide_devserver::DevServer;
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let (url, key, _server) = match (env::var("LOGTIDE_API_URL"), env::var("LOGTIDE_API_KEY")) {
        (Ok(url), Ok(key)) => (url, key, None),
        _ => {
            let server = DevServer::start()?;
            (server.url().to_owned(), server.api_key().to_owned(), Some(server))
        }
    };
    println!("logging to {url}");

    // Identifies the entries of this run.
    let run = format!("{:x}", SystemTime::UNIX_EPOCH.elapsed()?.as_nanos());
    let options = ClientOptions::new(url, key).global_metadata(json!({"run": run}));
    let client = Client::new(options)?;

    let start = SystemTime::now();
    log_something(&client);
    let report = client.flush_blocking(Duration::from_secs(10));
    println!("flushed: {report}\n");

    let query = QueryOptions::new().service("quickstart").from_time(start);
    let mut found = client.query_blocking(query.clone())?.logs;
    found.retain(|entry| entry.metadata.get("run") == Some(&json!(run)));
    found.iter().rev().for_each(print_entry);
    let errors = client.query_blocking(query.level(Level::Error).level(Level::Critical))?;
    println!("\n{} entries read back; {} at level error or critical", found.len(), errors.logs.len());
    println!("{}", client.metrics());

    client.close_blocking(Duration::from_secs(5));
    if found.len() == 5 {
        Ok(())
    } else {
        Err(format!("logged 5 entries and read {} back", found.len()).into())
    }
}

fn log_something(client: &Client) {
    let steps: [fn(&Client); 5] = [
        |client| logtide::debug!(client, service: "quickstart", "reading the configuration"),
        |client| client.info("quickstart", "server started", json!({"port": 3000, "tls": false})),
        |client| client.warn("quickstart", "little space left", [("disk", "/var")]),
        |client| {
            let error = "eighty".parse::<u16>().expect_err("this is not a number");
            client.error("quickstart", "the port is not a number", &error);
        },
        |client| client.critical("quickstart", "giving up", (("exit_code", 1), ("restart", true))),
    ];
    for step in steps {
        step(client);
        // The server stores milliseconds, and does not keep the order within one.
        thread::sleep(Duration::from_millis(2));
    }
}

fn print_entry(entry: &LogRecord) {
    println!(
        "{}  {:<8}  {}: {}",
        entry.time.format("%H:%M:%S%.3f"),
        entry.level.to_string(),
        entry.service,
        entry.message
    );
    for (key, value) in entry.metadata.iter().filter(|(key, _)| !matches!(key.as_str(), "sdk" | "run")) {
        print_value(key, value);
    }
}

fn print_value(path: &str, value: &Value) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                print_value(&format!("{path}.{key}"), value);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                print_value(&format!("{path}[{index}]"), item);
            }
        }
        Value::String(text) => println!("{:24}{path}: {}", "", text.replace('\n', &format!("\n{:26}", ""))),
        other => println!("{:24}{path}: {other}", ""),
    }
}

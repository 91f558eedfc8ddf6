//! The page, over HTTP and in a browser.

mod entry;
mod guarded;
mod hostile;
mod keyboard;
mod live;
mod many;
mod routes;
mod screens;
mod searches;
mod trace;

use chrono::{DateTime, SecondsFormat, Utc};
use logtide_devserver::DevServer;
use serde_json::{Value, json};

use crate::client::{Client, batch};

/// The number of lines in the list.
const COUNT: &str = "Number(document.querySelector('.line')?.getAttribute('aria-setsize') ?? 0)";

/// Sends entries; each has the given changes to a plain one.
fn send(server: &DevServer, entries: &[Value]) {
    assert_eq!(Client::new(server).ingest(&batch(entries)).status, 200);
}

/// Returns the time this many seconds ago.
fn ago(seconds: i64) -> Value {
    json!(text_of(Utc::now() - chrono::Duration::seconds(seconds)))
}

fn text_of(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn messages(texts: &[&str]) -> String {
    format!(
        "JSON.stringify(Array.from(document.querySelectorAll('.line'), (line) => [Number(line.dataset.index), \
         line.querySelector('.message').textContent]).sort((a, b) => a[0] - b[0]).map((pair) => pair[1])) \
         === JSON.stringify({})",
        json!(texts)
    )
}

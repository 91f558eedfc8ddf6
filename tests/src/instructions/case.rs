//! The measured ways to log.

use std::{io::Write, sync::Arc, time::Duration};

use logtide_client::{Client, ClientOptions, DropPolicy, Durability};
use tracing::info_span;
use tracing_subscriber::{Registry, layer::SubscriberExt as _};

use super::{Result, full_buffer, request};
use crate::{measure::workload, nowhere::Nowhere, setup::NEVER, temporary::Temporary};

/// A way to log, with its name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case {
    name: &'static str,
    run: fn(u64, u64) -> Result<()>,
}

impl Case {
    const ALL: [Self; 11] = [
        Self {
            name: "direct-call",
            run: |entries, _| delivering(entries, |client| direct_calls(client, entries)),
        },
        Self {
            name: "identified-call",
            run: |entries, _| {
                let options = patient_options().event_ids(true).sequence_numbers(true);
                delivering_with(options, entries, |client| direct_calls(client, entries))
            },
        },
        Self {
            name: "direct-call-spooled",
            run: |entries, _| spooling(entries, |client| direct_calls(client, entries)),
        },
        Self { name: "macro", run: |entries, _| delivering(entries, |client| macros(client, entries)) },
        Self { name: "direct-call-below", run: |entries, _| below(|client| direct_calls(client, entries)) },
        Self { name: "macro-below", run: |entries, _| below(|client| macros(client, entries)) },
        Self { name: "event", run: |entries, _| delivering(entries, |client| events(client, entries)) },
        Self {
            name: "event-in-two-spans",
            run: |entries, _| delivering(entries, |client| events_in_two_spans(client, entries)),
        },
        Self {
            name: "log-record",
            run: |entries, _| delivering(entries, |client| log_records(client, entries)),
        },
        Self {
            name: "request",
            run: |requests, most| {
                // Each request is two entries.
                delivering(2 * requests, |client| request::serve_all(client, requests, most))
            },
        },
        Self { name: "full-buffer", run: full_buffer::run },
    ];

    pub(super) fn list(output: &mut impl Write) -> Result<()> {
        Self::ALL.iter().try_for_each(|case| writeln!(output, "{}", case.name))?;
        Ok(())
    }

    pub(super) fn find(name: &str) -> Result<Self> {
        let known = Self::ALL.into_iter().find(|case| case.name == name);
        known.ok_or_else(|| format!("no case `{name}`").into())
    }

    pub(super) fn run(self, entries: u64, most: u64) -> Result<()> {
        (self.run)(entries, most)
    }
}

/// Logs with a client that accepts all entries and delivers none before all are logged, because the moment at which the worker
/// wakes up varies.
fn delivering(entries: u64, log: impl FnOnce(&Client) -> Result<()>) -> Result<()> {
    delivering_with(patient_options(), entries, log)
}

/// Does the same as [`delivering`], with a spool that stays unused.
fn spooling(entries: u64, log: impl FnOnce(&Client) -> Result<()>) -> Result<()> {
    let dir = Temporary::new();
    let options = patient_options().spool(&*dir).durability(Durability::Every(NEVER));
    delivering_with(options, entries, log)
}

fn patient_options() -> ClientOptions {
    ClientOptions::new("http://localhost:8080", "lp_bench")
        .service("bench")
        .batch_size(1_000_000_000)
        .flush_interval(NEVER)
        .max_buffer_size(1_000_000)
        .max_buffer_bytes(1 << 30)
        .drop_policy(DropPolicy::Block(Duration::from_secs(60)))
}

fn delivering_with(
    options: ClientOptions,
    entries: u64,
    log: impl FnOnce(&Client) -> Result<()>,
) -> Result<()> {
    let client = Client::with_transport(options, Arc::new(Nowhere))?;
    log(&client)?;
    let report = client.close_blocking(Duration::from_secs(60));
    if report.delivered == entries {
        Ok(())
    } else {
        Err(format!("not all was delivered: {report:?}").into())
    }
}

/// Logs with a client whose lowest level is above that of the entries.
fn below(log: impl FnOnce(&Client) -> Result<()>) -> Result<()> {
    let options = ClientOptions::new("http://localhost:8080", "lp_bench").min_level(logtide::Level::Warn);
    let client = Client::with_transport(options, Arc::new(Nowhere))?;
    log(&client)?;
    match client.metrics().logged {
        0 => Ok(()),
        logged => Err(format!("{logged} entries were logged below the lowest level").into()),
    }
}

fn direct_calls(client: &Client, entries: u64) -> Result<()> {
    (0..entries).for_each(|id| client.info("bench", workload::MESSAGE, workload::fields(id)));
    Ok(())
}

fn macros(client: &Client, entries: u64) -> Result<()> {
    let _guard = logtide::init_with(client.clone())?;
    for id in 0..entries {
        logtide::info!(
            "request completed",
            method = "GET",
            path = "/api/users/42",
            status = 200_u64,
            duration_ms = 12.5_f64,
            user_id = id
        );
    }
    Ok(())
}

fn events(client: &Client, entries: u64) -> Result<()> {
    let layer = logtide_tracing::layer(client);
    tracing::subscriber::set_global_default(Registry::default().with(layer))?;
    (0..entries).for_each(workload::event);
    Ok(())
}

fn events_in_two_spans(client: &Client, entries: u64) -> Result<()> {
    let layer = logtide_tracing::layer(client);
    tracing::subscriber::set_global_default(Registry::default().with(layer))?;
    let _request = info_span!("request", request_id = 4_711_u64, tenant = "acme").entered();
    let _query = info_span!("query", table = "users", rows = 42_u64).entered();
    (0..entries).for_each(workload::event);
    Ok(())
}

fn log_records(client: &Client, entries: u64) -> Result<()> {
    logtide_log::Logger::new(client).init()?;
    for id in 0..entries {
        log::info!(
            method = "GET",
            path = "/api/users/42",
            status = 200_u64,
            duration_ms = 12.5_f64,
            user_id = id;
            "request completed"
        );
    }
    Ok(())
}

//! Reads entries: filters, whole searches, traces, context, counts and top lists.
//!
//! Run it with `cargo run --example query`. It logs a few entries to an embedded server and reads them. If `LOGTIDE_API_URL` and
//! `LOGTIDE_API_KEY` are set, with a full key that may read, it uses that server instead.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::{env, error::Error, time::Duration, time::SystemTime};

use futures::{TryStreamExt, executor::block_on};
use logtide::{
    AggregatedStatsOptions, Client, ClientOptions, ContextOptions, Interval, Level, LogEntry, LogRecord,
    MetadataFilter, QueryOptions, StatsOptions,
};
use logtide_devserver::DevServer;
use serde_json::json;

/// Entries of the job, enough for several pages.
const STEPS: u32 = 250;

fn main() -> Result<(), Box<dyn Error>> {
    let (url, key, _server) = match (env::var("LOGTIDE_API_URL"), env::var("LOGTIDE_API_KEY")) {
        (Ok(url), Ok(key)) => (url, key, None),
        _ => {
            let server = DevServer::start()?;
            (server.url().to_owned(), server.api_key().to_owned(), Some(server))
        }
    };
    let client = Client::new(ClientOptions::new(url, key))?;
    // Identifies the entries of this run, in their metadata and as their trace id.
    let run = format!("{:032x}", SystemTime::UNIX_EPOCH.elapsed()?.as_nanos());
    let start = SystemTime::now() - Duration::from_secs(30 * 60);
    log_something(&client, &run, start);

    let of_run = || QueryOptions::new().metadata(MetadataFilter::equals("run", &run));

    heading("errors and worse of one service");
    let errors = of_run().service("shop").levels([Level::Error, Level::Critical]);
    client.query_blocking(errors)?.logs.iter().for_each(print);

    heading("answers that were neither 200 nor 204, with a word in the message");
    let odd = of_run().metadata(MetadataFilter::not_in("status", [200, 204])).q("request");
    for entry in client.query_blocking(odd)?.logs {
        print(&entry);
        if let (Some(order), Some(status)) = (entry.get::<u64>("order")?, entry.get::<u16>("status")?) {
            println!("    order {order}, status {status}");
        }
    }

    heading("everything the job logged, in pages of 100");
    let mut levels = 0;
    for entry in client.query_all_blocking(of_run().service("job").limit(100)) {
        levels += u32::from(entry?.level == Level::Debug);
    }
    println!("{levels} entries of level debug, one by one");
    let all: Vec<LogRecord> = block_on(client.query_all(of_run().service("job")).try_collect())?;
    if let (Some(first), Some(last)) = (first(&all), last(&all)) {
        println!("{} entries as a stream, from number {first} to number {last}", all.len());
    }

    heading("one trace through the services");
    let trace = client.get_by_trace_id_blocking(&run)?;
    trace.iter().for_each(print);

    heading("what was logged around its last entry");
    let end = trace.last().ok_or("the trace is not there")?;
    let context = client.context_blocking(ContextOptions::new(end.time).before(2).after(2))?;
    context.before.iter().chain(&context.current).chain(&context.after).for_each(print);
    let again = client.log_by_id_blocking(&end.id)?.ok_or("the entry is not there")?;
    println!("read by its id: {}", again.message);

    heading("counts");
    let stats = client.stats_blocking(StatsOptions::new().from_time(start))?;
    println!("{} entries, {} of them errors", stats.total, stats.by_level.get(Level::Error));
    let options =
        AggregatedStatsOptions::new(start, SystemTime::now()).interval(Interval::FiveMinutes).service("job");
    let stats = client.get_aggregated_stats_blocking(options)?;
    for bucket in &stats.timeseries {
        println!("{}  {}", bucket.bucket.format("%H:%M"), "#".repeat(bucket.total.div_ceil(5) as usize));
    }
    for top in &stats.top_services {
        println!("{:>6}  {}", top.count, top.service);
    }
    for top in &stats.top_errors {
        println!("{:>6}  {}", top.count, top.message);
    }
    for failure in stats.top_services_failure.iter().chain(&stats.top_errors_failure) {
        println!("a list is missing: {failure}");
    }
    println!(
        "services: {}; hosts: {}",
        client.services_blocking()?.join(", "),
        client.hostnames_blocking()?.join(", ")
    );

    client.close_blocking(Duration::from_secs(5));
    if all.len() == STEPS as usize && trace.len() == 3 {
        Ok(())
    } else {
        Err(format!("read {} entries of the job and {} of the trace", all.len(), trace.len()).into())
    }
}

fn log_something(client: &Client, run: &str, start: SystemTime) {
    let at = |milliseconds| start + Duration::from_millis(milliseconds);
    let entry = |level, service, message: &str, milliseconds| {
        LogEntry::new(level, service, message).time(at(milliseconds))
    };
    let steps = (0..STEPS).map(|step| {
        entry(Level::Debug, "job", "a step is done", u64::from(step) * 5_000)
            .metadata(json!({"run": run, "step": step, "hostname": "worker-1"}))
    });
    let traced = [
        entry(Level::Info, "gateway", "request accepted", 100).metadata(json!({"run": run, "status": 200})),
        entry(Level::Warn, "shop", "request is slow", 700)
            .metadata(json!({"run": run, "status": 202, "order": u64::MAX})),
        entry(Level::Error, "shop", "the card was declined", 900)
            .metadata(json!({"run": run, "status": 402})),
    ];
    let traced = traced.into_iter().map(|entry| entry.trace_id(run));
    steps.chain(traced).for_each(|entry| client.log(entry));
    println!("logged: {}", client.flush_blocking(Duration::from_secs(10)));
}

fn heading(text: &str) {
    println!("\n{text}\n{}", "-".repeat(text.len()));
}

fn print(entry: &LogRecord) {
    println!(
        "{}  {:<8}  {}: {}",
        entry.time.format("%H:%M:%S%.3f"),
        entry.level.to_string(),
        entry.service,
        entry.message
    );
}

fn first(entries: &[LogRecord]) -> Option<u32> {
    entries.last()?.get("step").ok()?
}

fn last(entries: &[LogRecord]) -> Option<u32> {
    entries.first()?.get("step").ok()?
}

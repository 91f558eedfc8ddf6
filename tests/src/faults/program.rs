//! The program that logs, in a separate process.

use std::{
    collections::BTreeMap,
    fmt::Display,
    io::Write,
    sync::OnceLock,
    thread,
    time::{Duration, Instant},
};

use logtide::{Client, ClientMetrics, ClientOptions, DropPolicy, FlushReport};
use logtide_transport::Driver;
use serde::{Deserialize, Serialize};

use super::{Ending, Load, Result, WhenFull};
use crate::{pace::steadily, payload};

/// The first argument of the program that logs.
pub(super) const ROLE: &str = "program";

/// The line before the first entry.
pub(super) const BEGIN: &str = "begin";
/// The line before the program ends.
pub(super) const END: &str = "end";

/// The longest wait for capacity in the buffer.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Keeps a client that nobody closes or drops.
static FORGOTTEN: OnceLock<Client> = OnceLock::new();

/// The program's counts, printed as a line of JSON.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Told {
    pub(super) logged: u64,
    pub(super) sent: u64,
    pub(super) dropped: u64,
    pub(super) pending: u64,
    pub(super) spooled: u64,
    /// Lost entries of an earlier program.
    #[serde(default)]
    pub(super) recovered_lost: u64,
    /// Delivered entries of an earlier program.
    #[serde(default)]
    pub(super) recovered_sent: u64,
    /// Requests that failed.
    pub(super) errors: u64,
    /// Dropped entries by reason.
    pub(super) reasons: BTreeMap<String, u64>,
    /// The lost and pending entries in the report of `close`.
    pub(super) report: Option<(u64, u64)>,
}

/// Logs, waits until nothing is pending, and ends as the load says.
pub(super) fn run(url: &str, load: &Load) -> Result<()> {
    let mut options = ClientOptions::new(url, "lp_faults");
    if load.when_full == WhenFull::Waits {
        options = options.drop_policy(DropPolicy::Block(LONGEST_WAIT));
    }
    if let Some(dir) = &load.spool {
        options = options.spool(dir);
    }
    let client = Client::new(options)?;
    say(&BEGIN)?;
    steadily(load.entries, load.over, |id| {
        client.info("faults", payload::short(u64::from(id)), [("id", id)]);
    });
    settle(&client, load.settles);
    match load.ending {
        Ending::Close => {
            say(&END)?;
            let report = Driver::block_on(client.close())?;
            tell(&client.metrics(), Some(report))
        }
        Ending::Drop => {
            let metrics = client.detached();
            say(&END)?;
            drop(client);
            tell(&metrics.metrics(), None)
        }
        Ending::Return | Ending::Exit => {
            tell(&FORGOTTEN.get_or_init(|| client).metrics(), None)?;
            say(&END)?;
            if load.ending == Ending::Exit {
                std::process::exit(0);
            }
            Ok(())
        }
    }
}

fn settle(client: &Client, at_most: Duration) {
    let deadline = Instant::now() + at_most;
    while Instant::now() < deadline && client.metrics().pending > 0 {
        thread::park_timeout(Duration::from_millis(20));
    }
}

fn tell(metrics: &ClientMetrics, report: Option<FlushReport>) -> Result<()> {
    say(&serde_json::to_string(&Told::new(metrics, report))?)
}

impl Told {
    pub(super) fn new(metrics: &ClientMetrics, report: Option<FlushReport>) -> Self {
        Self {
            logged: metrics.logged,
            sent: metrics.logs_sent,
            dropped: metrics.logs_dropped,
            pending: metrics.pending,
            spooled: metrics.spooled,
            recovered_lost: metrics.recovered.dropped,
            recovered_sent: metrics.recovered.delivered,
            errors: metrics.errors,
            reasons: metrics.dropped.iter().map(|(reason, entries)| (reason.to_string(), entries)).collect(),
            report: report.map(|report| (report.lost, report.pending)),
        }
    }
}

fn say(line: &impl Display) -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}

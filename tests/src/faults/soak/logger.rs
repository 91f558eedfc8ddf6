//! The program that logs.

use logtide_client::integration::Integration;
use std::{
    collections::BTreeMap,
    io::{self, BufRead, Write},
    path::{Path, PathBuf},
    sync::{
        Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use logtide::{Client, ClientOptions, Durability, HttpOptions, IntoMetadata as _};
use serde::{Deserialize, Serialize};

use super::Result;
use crate::{pace::steadily_while, payload};

/// The first argument of the program that logs.
pub(super) const ROLE: &str = "logger";

/// Replaces the client by another one.
pub(super) const REOPEN: &str = "reopen";
/// Stops logging.
pub(super) const STOP: &str = "stop";
/// Closes the client and ends.
pub(super) const CLOSE: &str = "close";

/// From how many threads it logs.
const THREADS: u32 = 4;

/// The buffer size in bytes, enough for entries of some seconds.
const MEMORY: usize = 4 << 20;

/// The interval of reports.
const INTERVAL: Duration = Duration::from_secs(1);

/// The program's counts over all its clients, reported once a second and at the end.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Told {
    pub(super) logged: u64,
    pub(super) sent: u64,
    pub(super) dropped: u64,
    pub(super) reasons: BTreeMap<String, u64>,
    pub(super) pending: u64,
    pub(super) spooled: u64,
    /// What earlier clients and other programs left: read, sent and dropped.
    pub(super) recovered: (u64, u64, u64),
    pub(super) errors: u64,
    pub(super) last_error: Option<String>,
}

struct Logger {
    options: ClientOptions,
    client: RwLock<Client>,
    /// The counts of closed clients.
    closed: Mutex<Told>,
    next: AtomicU64,
    is_over: AtomicBool,
}

/// Logs this many entries a second, and obeys the commands on standard input.
pub(super) fn run(url: &str, dir: &Path, rate: u32) -> Result<()> {
    let logger = Logger::start(url, dir.to_owned())?;
    thread::scope(|scope| {
        let logger = &logger;
        scope.spawn(|| {
            steadily_while(INTERVAL, || {
                !logger.is_over.load(Ordering::Relaxed) && tell(&logger.told()).is_ok()
            });
        });
        let stops = AtomicBool::new(false);
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| logger.log_steadily(INTERVAL * THREADS / rate, &stops));
            }
            let obeyed = logger.obey_until(STOP);
            stops.store(true, Ordering::Relaxed);
            obeyed
        })?;
        let obeyed = logger.obey_until(CLOSE);
        let closed = logger.close(&logger.client());
        logger.is_over.store(true, Ordering::Relaxed);
        obeyed.and(closed)
    })?;
    let told = Told { logged: logger.next.load(Ordering::Relaxed), ..logger.closed().clone() };
    tell(&told)
}

impl Logger {
    fn start(url: &str, dir: PathBuf) -> Result<Self> {
        let options = ClientOptions::new(url, "lp_soak")
            .spool(dir)
            .durability(Durability::Every(Duration::from_secs(1)))
            .max_buffer_bytes(MEMORY)
            .flush_interval(Duration::from_secs(1))
            .retry_delay(Duration::from_millis(100))
            .circuit_breaker_reset(Duration::from_secs(2))
            .request_timeout(Duration::from_secs(2))
            .http(HttpOptions::new().no_proxy());
        let client = Client::new(options.clone())?;
        Ok(Self {
            options,
            client: RwLock::new(client),
            closed: Mutex::default(),
            next: AtomicU64::new(0),
            is_over: AtomicBool::new(false),
        })
    }

    /// Obeys commands until this one or the end of the input.
    fn obey_until(&self, last: &str) -> Result<()> {
        for line in io::stdin().lock().lines() {
            match line?.as_str() {
                line if line == last => break,
                REOPEN => self.reopen()?,
                other => return Err(format!("`{other}` is no command").into()),
            }
        }
        Ok(())
    }

    fn log_steadily(&self, interval: Duration, stops: &AtomicBool) {
        steadily_while(interval, || {
            log(&self.client(), self.next.fetch_add(1, Ordering::Relaxed));
            !stops.load(Ordering::Relaxed)
        });
    }

    fn reopen(&self) -> Result<()> {
        // Log calls wait in the meantime.
        let mut client = self.client.write().unwrap_or_else(PoisonError::into_inner);
        self.close(&client)?;
        *client = Client::new(self.options.clone())?;
        Ok(())
    }

    fn close(&self, client: &Client) -> Result<()> {
        let report = client.close_blocking(Duration::from_secs(5));
        let mut closed = self.closed();
        let spooled = closed.add(client);
        drop(closed);
        // Entries in files belong to the next client.
        if report.pending == 0 {
            Ok(())
        } else {
            Err(format!("closed with {report}, {spooled} spooled").into())
        }
    }

    fn told(&self) -> Told {
        let client = self.client();
        let mut told = self.closed().clone();
        told.spooled = told.add(&client);
        told.pending = client.metrics().pending;
        told.logged = self.next.load(Ordering::Relaxed);
        told
    }

    fn client(&self) -> std::sync::RwLockReadGuard<'_, Client> {
        self.client.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn closed(&self) -> MutexGuard<'_, Told> {
        self.closed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Told {
    /// Adds the counts of a client, and returns how many of its entries are in files.
    fn add(&mut self, client: &Client) -> u64 {
        let metrics = client.metrics();
        self.sent += metrics.logs_sent;
        self.dropped += metrics.logs_dropped + metrics.recovered.dropped;
        for (reason, entries) in metrics.dropped.iter() {
            *self.reasons.entry(reason.to_string()).or_default() += entries;
        }
        let (read, sent, dropped) = &mut self.recovered;
        *read += metrics.recovered.read;
        *sent += metrics.recovered.delivered;
        *dropped += metrics.recovered.dropped;
        self.errors += metrics.errors;
        self.last_error = metrics.last_error.or_else(|| self.last_error.take());
        metrics.spooled
    }
}

fn log(client: &Client, id: u64) {
    let (message, fields) = (payload::message(id), [("id", id)]);
    match id % 8 {
        0 => {
            let error = io::Error::other(format!("cause of {id}"));
            client.error("soak", message, fields.with(&error));
        }
        1 => client.with_new_trace_id(|| client.warn("soak", message, fields)),
        2 => {
            let span = Integration::of(client).root_span();
            span.enter();
            client.info("soak", message, fields);
            span.exit();
        }
        _ => client.info("soak", message, fields),
    }
}

fn tell(told: &Told) -> Result<()> {
    Ok(writeln!(io::stdout(), "{}", serde_json::to_string(told)?)?)
}

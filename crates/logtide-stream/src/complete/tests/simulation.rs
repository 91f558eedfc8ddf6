//! The state of a simulation: entries, faults and clocks.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use chrono::{DateTime, Utc};
use fastrand::Rng;
use logtide_query::LogRecord;
use logtide_transport::Request;
use tokio::{
    sync::mpsc,
    time::{Instant, sleep},
};

use super::server::Server;
use crate::{
    StreamOptions, complete,
    event_source::EventSource,
    race::race,
    sink::{Closed, Item, Sink},
    testing::record,
};

/// The server's time at the start, in microseconds since 1970, without a fraction of a millisecond. It does not depend on
/// this machine's clock.
const EPOCH: i64 = 1_800_000_000_000_000;

const TICK: Duration = Duration::from_millis(10);

/// A server with its entries and faults.
#[derive(Clone, Debug)]
pub(super) struct Simulation(Arc<Mutex<State>>);

#[derive(Debug)]
pub(super) struct State {
    /// By time and id.
    pub(super) entries: BTreeMap<(i64, String), Stored>,
    /// The newest time that was stored, and when the last entry becomes visible.
    newest: Option<(i64, Instant)>,
    pub(super) random: Rng,
    pub(super) faults: Faults,
    pub(super) stats: Stats,
    pub(super) refuses_connections: bool,
    pub(super) refuses_queries: bool,
    /// A proxy answers with an HTML page.
    pub(super) proxy_answers: bool,
    /// The largest page that is not refused for its size, in entries.
    pub(super) max_page: u32,
    /// The largest page that does not time out, in entries.
    pub(super) max_timely_page: u32,
    /// How far the dates of answers are ahead of the server's clock, in milliseconds, as if a proxy wrote them.
    pub(super) date_skew: i64,
    /// The size of an entry that pages report, in bytes.
    pub(super) entry_bytes: usize,
    /// The server sends the newest entries again every second, like versions before 1.0.
    pub(super) repeats: bool,
    /// Incremented to cut all connections.
    pub(super) cut: u32,
    origin: Option<Instant>,
    /// In microseconds since 1970.
    epoch: i64,
}

#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) record: LogRecord,
    pub(super) visible_at: Instant,
}

/// Probabilities of faults, from 0 to 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Faults {
    pub(super) failing_query: f64,
    pub(super) slow_query: f64,
    /// In each second of a connection.
    pub(super) cut: f64,
    /// In each second of a connection: it stays open but falls silent.
    pub(super) silence: f64,
    pub(super) refusal: f64,
}

/// Counts what happened.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stats {
    pub(super) queries: u32,
    pub(super) later_pages: u32,
    pub(super) failed_queries: u32,
    pub(super) cuts: u32,
    pub(super) silences: u32,
    pub(super) refusals: u32,
    pub(super) late: u32,
    /// Entries that the server's stream omitted.
    pub(super) lost_by_stream: u32,
}

/// A program that logs.
#[derive(Clone, Debug)]
pub(super) struct Producer {
    per_second: u32,
    flush_every: Duration,
    /// The longest additional delay of a flush, as caused by retries.
    retries: Duration,
    /// The probability of a burst in each second, and its size.
    bursts: (f64, u32),
    pending: Vec<i64>,
    flush_at: Duration,
    due: f64,
}

impl Simulation {
    pub(super) fn new(seed: u64, faults: Faults) -> Self {
        // The jitter of delays uses this generator too.
        fastrand::seed(seed);
        Self(Arc::new(Mutex::new(State {
            entries: BTreeMap::new(),
            newest: None,
            random: Rng::with_seed(seed),
            faults,
            stats: Stats::default(),
            refuses_connections: false,
            refuses_queries: false,
            proxy_answers: false,
            max_page: u32::MAX,
            max_timely_page: u32::MAX,
            date_skew: 0,
            entry_bytes: 300,
            repeats: false,
            cut: 0,
            origin: None,
            epoch: EPOCH + Rng::with_seed(seed).i64(0..1_000),
        })))
    }

    /// Follows the server in complete mode.
    pub(super) fn follow(&self, options: StreamOptions) -> mpsc::Receiver<Item> {
        let (sink, records) = Sink::new(options.buffer);
        let server = Server(self.clone());
        let delay = Duration::from_micros(self.lock().random.u64(0..500_000));
        let request = Request::new(http::Method::GET, http::Uri::from_static("http://server.example/stream"));
        let events = EventSource::new(Arc::new(server.clone()), request, &options);
        let started = Instant::now();
        tokio::spawn(async move {
            // The SDK's thread may be busy at first.
            sleep(delay).await;
            let run = complete::run(events, server, options, sink.clone(), started);
            let closed = async {
                sink.closed().await;
                Err(Closed)
            };
            if let Ok(last) = race(run, closed).await {
                let _ = sink.send(Err(last)).await;
            }
        });
        records
    }

    /// Runs producers for a while, and flushes them at the end.
    pub(super) async fn produce(&self, mut producers: Vec<Producer>, time: Duration) {
        let start = Instant::now();
        while start.elapsed() < time {
            for producer in &mut producers {
                let now = self.lock().now();
                let random = &mut self.lock().random.clone();
                *random = Rng::with_seed(self.lock().random.u64(..));
                for time in producer.tick(start.elapsed(), now, random) {
                    self.lock().store(time);
                }
            }
            sleep(TICK).await;
        }
        for time in producers.iter_mut().flat_map(|producer| std::mem::take(&mut producer.pending)) {
            self.lock().store(time);
        }
    }

    /// Stores an entry with an age in milliseconds.
    pub(super) fn store(&self, age: i64) {
        let mut state = self.lock();
        let time = state.now() - age;
        state.store(time);
    }

    /// Starts to inject faults.
    pub(super) fn fail(&self, faults: Faults) {
        self.lock().faults = faults;
    }

    /// Stops injecting faults.
    pub(super) fn heal(&self) {
        self.lock().faults = Faults::none();
    }

    pub(super) fn refuse_connections(&self, refuse: bool) {
        self.lock().refuses_connections = refuse;
    }

    pub(super) fn refuse_queries(&self, refuse: bool) {
        self.lock().refuses_queries = refuse;
    }

    pub(super) fn let_a_proxy_answer(&self, answer: bool) {
        self.lock().proxy_answers = answer;
    }

    /// Refuses larger pages for their size.
    pub(super) fn limit_pages(&self, entries: u32) {
        self.lock().max_page = entries;
    }

    /// Makes larger pages time out.
    pub(super) fn time_out_pages_above(&self, entries: u32) {
        self.lock().max_timely_page = entries;
    }

    pub(super) fn enlarge_entries(&self, bytes: usize) {
        self.lock().entry_bytes = bytes;
    }

    pub(super) fn skew_dates(&self, millis: i64) {
        self.lock().date_skew = millis;
    }

    pub(super) fn repeat(&self) {
        self.lock().repeats = true;
    }

    /// Sets the clocks of the server and the producers forward, in milliseconds.
    pub(super) fn set_clock(&self, by: i64) {
        self.lock().epoch += by * 1_000;
    }

    pub(super) fn cut(&self) {
        self.lock().cut += 1;
    }

    pub(super) fn time(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.lock().now()).unwrap()
    }

    pub(super) fn stored(&self) -> Vec<LogRecord> {
        self.lock().entries.values().map(|stored| stored.record.clone()).collect()
    }

    pub(super) fn stats(&self) -> Stats {
        self.lock().stats
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

impl State {
    /// The server's time, in milliseconds since 1970.
    pub(super) fn now(&mut self) -> i64 {
        let origin = *self.origin.get_or_insert_with(Instant::now);
        (self.epoch + i64::try_from(origin.elapsed().as_micros()).unwrap()).div_euclid(1_000)
    }

    fn store(&mut self, time: i64) {
        // Entries become visible in the order in which they were stored.
        let soon = Instant::now() + Duration::from_millis(self.random.u64(0..20));
        let (newest, visible_at) =
            self.newest.map_or((time, soon), |(newest, last)| (newest, last.max(soon)));
        self.stats.late += u32::from(newest > time + 1_000);
        self.newest = Some((newest.max(time), visible_at));
        let mut record = record(u32::try_from(self.entries.len()).unwrap(), time);
        // Ids are random, so their order has no meaning.
        record.id = self.random_id();
        self.entries.insert((time, record.id.clone()), Stored { record, visible_at });
    }

    fn random_id(&mut self) -> String {
        uuid::Uuid::from_u128(self.random.u128(..)).to_string()
    }
}

impl Faults {
    pub(super) const fn none() -> Self {
        Self { failing_query: 0.0, slow_query: 0.0, cut: 0.0, silence: 0.0, refusal: 0.0 }
    }

    pub(super) fn random(seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let mut up_to = |most: f64| most * random.f64();
        Self {
            failing_query: up_to(0.2),
            slow_query: up_to(0.2),
            cut: up_to(0.3),
            silence: up_to(0.06),
            refusal: up_to(0.7),
        }
    }
}

impl Producer {
    /// Logs regularly and flushes at once.
    pub(super) fn steady(per_second: u32) -> Self {
        Self {
            per_second,
            flush_every: Duration::ZERO,
            retries: Duration::ZERO,
            bursts: (0.0, 0),
            pending: Vec::new(),
            flush_at: Duration::ZERO,
            due: 0.0,
        }
    }

    /// One to four random producers. None stores an entry more than 9 s after it was logged.
    pub(super) fn several(seed: u64) -> Vec<Self> {
        let mut random = Rng::with_seed(!seed);
        (0..random.usize(1..=4))
            .map(|_| Self {
                flush_every: Duration::from_millis(random.u64(0..5_000)),
                retries: Duration::from_millis(random.u64(0..4_000)),
                bursts: (random.f64() / 20.0, random.u32(50..1_500)),
                ..Self::steady([1, 10, 40, 120][random.usize(0..4)])
            })
            .collect()
    }

    /// Logs for one tick. Returns the times of the entries that are flushed.
    fn tick(&mut self, elapsed: Duration, now: i64, random: &mut Rng) -> Vec<i64> {
        self.due += f64::from(self.per_second) * TICK.as_secs_f64();
        while self.due >= 1.0 {
            self.due -= 1.0;
            self.pending.push(now);
        }
        let (chance, size) = self.bursts;
        if random.f64() < chance * TICK.as_secs_f64() {
            self.pending.extend((0..size).map(|_| now));
        }
        if elapsed < self.flush_at {
            return Vec::new();
        }
        let late = if random.f64() < 0.2 { self.retries } else { Duration::ZERO };
        self.flush_at = elapsed + self.flush_every + late;
        std::mem::take(&mut self.pending)
    }
}

impl Stats {
    pub(super) fn add(&mut self, other: &Self) {
        self.queries += other.queries;
        self.later_pages += other.later_pages;
        self.failed_queries += other.failed_queries;
        self.cuts += other.cuts;
        self.silences += other.silences;
        self.refusals += other.refusals;
        self.late += other.late;
        self.lost_by_stream += other.lost_by_stream;
    }

    /// Asserts that every fault occurred, because a run without faults proves nothing.
    pub(super) fn assert_everything_happened(&self) {
        let Self { queries, later_pages, failed_queries, cuts, silences, refusals, late, lost_by_stream } =
            *self;
        let happened = [queries, later_pages, failed_queries, cuts, silences, refusals, late, lost_by_stream];
        assert!(happened.iter().all(|count| *count > 20), "{self:?}");
    }
}

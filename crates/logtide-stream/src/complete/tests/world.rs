//! Who logs, and what happens meanwhile.

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
    link::Link,
    outlet::{Closed, Item, Outlet},
    race::race,
    testing::record,
};

/// The server's time at the start, in microseconds since 1970, and a part of a millisecond. It has nothing to do with this
/// machine's.
const EPOCH: i64 = 1_800_000_000_000_000;

const TICK: Duration = Duration::from_millis(10);

/// A server, who logs to it, and what goes wrong.
#[derive(Clone, Debug)]
pub(super) struct World(Arc<Mutex<State>>);

#[derive(Debug)]
pub(super) struct State {
    /// By time and id.
    pub(super) entries: BTreeMap<(i64, String), Stored>,
    /// The newest time that was stored, and when the last entry is visible.
    newest: Option<(i64, Instant)>,
    pub(super) random: Rng,
    pub(super) faults: Faults,
    pub(super) seen: Seen,
    pub(super) refuses_connections: bool,
    pub(super) refuses_queries: bool,
    /// A proxy answers queries with a page of its own.
    pub(super) proxy_answers: bool,
    /// The longest page that is not too large.
    pub(super) max_page: u32,
    /// The longest page that comes in time.
    pub(super) max_timely_page: u32,
    /// How far the dates of answers are ahead of the server's clock, in milliseconds: a proxy writes its own.
    pub(super) date_skew: i64,
    /// Bytes of an entry, as pages tell them.
    pub(super) entry_bytes: usize,
    /// It sends the newest entries again every second, as servers before version 1.0.
    pub(super) repeats: bool,
    /// Rises when all connections are cut.
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

/// How often something goes wrong, from 0 to 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Faults {
    pub(super) failing_query: f64,
    pub(super) slow_query: f64,
    /// For each second of a connection.
    pub(super) cut: f64,
    /// For each second of a connection: it stays open and is silent.
    pub(super) silence: f64,
    pub(super) refusal: f64,
}

/// What happened, so that a test can ask for it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    pub(super) queries: u32,
    pub(super) later_pages: u32,
    pub(super) failed_queries: u32,
    pub(super) cuts: u32,
    pub(super) silences: u32,
    pub(super) refusals: u32,
    pub(super) late: u32,
    /// Entries that the server's stream would never have sent.
    pub(super) lost_by_stream: u32,
}

/// Someone who logs.
#[derive(Clone, Debug)]
pub(super) struct Producer {
    per_second: u32,
    flush_every: Duration,
    /// A flush may be late by so much, as retries make it.
    retries: Duration,
    /// The chance of a burst in each second, and its size.
    bursts: (f64, u32),
    pending: Vec<i64>,
    flush_at: Duration,
    owed: f64,
}

impl World {
    pub(super) fn new(seed: u64, faults: Faults) -> Self {
        // The jitter of delays comes from here too.
        fastrand::seed(seed);
        Self(Arc::new(Mutex::new(State {
            entries: BTreeMap::new(),
            newest: None,
            random: Rng::with_seed(seed),
            faults,
            seen: Seen::default(),
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

    /// Follows it in the complete mode.
    pub(super) fn follow(&self, options: StreamOptions) -> mpsc::Receiver<Item> {
        let (outlet, records) = Outlet::new(options.buffer);
        let server = Server(self.clone());
        let delay = Duration::from_micros(self.lock().random.u64(0..500_000));
        let request = Request::new(http::Method::GET, http::Uri::from_static("http://server.example/stream"));
        let link = Link::new(Arc::new(server.clone()), request, &options);
        let started = Instant::now();
        tokio::spawn(async move {
            // The thread may be busy with other work first.
            sleep(delay).await;
            let run = complete::run(link, server, options, outlet.clone(), started);
            let closed = async {
                outlet.closed().await;
                Err(Closed)
            };
            if let Ok(last) = race(run, closed).await {
                let _ = outlet.send(Err(last)).await;
            }
        });
        records
    }

    /// Has everyone log for a while, and flush what is left.
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

    /// Stores an entry that is so many milliseconds old.
    pub(super) fn store(&self, age: i64) {
        let mut state = self.lock();
        let time = state.now() - age;
        state.store(time);
    }

    /// This goes wrong from now on.
    pub(super) fn fail(&self, faults: Faults) {
        self.lock().faults = faults;
    }

    /// Nothing goes wrong from now on.
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

    /// Entries are so large from now on that no longer page can be read.
    pub(super) fn limit_pages(&self, entries: u32) {
        self.lock().max_page = entries;
    }

    /// Longer pages take longer than a query may.
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

    /// Sets the clocks of the server and of whoever logs, by so many milliseconds.
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

    pub(super) fn seen(&self) -> Seen {
        self.lock().seen
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
        // Requests come one after the other, and what one stored is there before the next.
        let soon = Instant::now() + Duration::from_millis(self.random.u64(0..20));
        let (newest, visible_at) =
            self.newest.map_or((time, soon), |(newest, last)| (newest, last.max(soon)));
        self.seen.late += u32::from(newest > time + 1_000);
        self.newest = Some((newest.max(time), visible_at));
        let mut record = record(u32::try_from(self.entries.len()).unwrap(), time);
        // Ids say nothing about the order.
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
    /// Logs regularly, and each entry is stored at once.
    pub(super) fn steady(per_second: u32) -> Self {
        Self {
            per_second,
            flush_every: Duration::ZERO,
            retries: Duration::ZERO,
            bursts: (0.0, 0),
            pending: Vec::new(),
            flush_at: Duration::ZERO,
            owed: 0.0,
        }
    }

    /// One to four of different habits. None stores an entry more than 9 seconds after it was logged.
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

    /// Logs for one tick; gives the times of the entries that are flushed.
    fn tick(&mut self, elapsed: Duration, now: i64, random: &mut Rng) -> Vec<i64> {
        self.owed += f64::from(self.per_second) * TICK.as_secs_f64();
        while self.owed >= 1.0 {
            self.owed -= 1.0;
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

impl Seen {
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

    /// A campaign in which nothing happened shows nothing.
    pub(super) fn assert_everything_happened(&self) {
        let Self { queries, later_pages, failed_queries, cuts, silences, refusals, late, lost_by_stream } =
            *self;
        let happened = [queries, later_pages, failed_queries, cuts, silences, refusals, late, lost_by_stream];
        assert!(happened.iter().all(|count| *count > 20), "{self:?}");
    }
}

//! A process: a pipeline and a store, driven like the worker of a client.

use std::{
    collections::{BTreeSet, VecDeque},
    path::Path,
    sync::Arc,
    time::Duration,
};

use fastrand::Rng;
use logtide_client::{Durability, spool::Store};
use logtide_core::{
    Admit, BatchId, DropReason, Drops, Event, Head, Level, Outcome, Overflow, Pipeline, RecordWriter, Tick,
    Timestamp, Token, Wake,
    spool::{FileId, Operation},
};

use super::{
    super::{
        entry::Make,
        server::{Reply, Server},
        wire::Texts,
    },
    files::{self, ROOT},
    plan::Plan,
};
use crate::spool_model::ModelDisk;

/// How long before a folder is looked for again.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// The state that the processes of a seed share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) now: Tick,
    pub(super) random: Rng,
    pub(super) make: Make,
    pub(super) disk: ModelDisk,
    pub(super) server: Server,
    pub(super) issued: u64,
    /// The shift of the wall clock in microseconds, in addition to the elapsed time.
    pub(super) wall_shift: i64,
    pub(super) seen: BTreeSet<&'static str>,
    /// Whether an event happened after which an entry may be sent twice.
    pub(super) may_repeat: bool,
    /// The lost entries that had been in files, according to the events.
    pub(super) lost_from_files: u64,
    /// Steps of all processes.
    pub(super) steps: u64,
}

impl Shared {
    /// Returns the wall clock.
    pub(super) fn wall(&self) -> Timestamp {
        let passed = i64::try_from(self.now.as_micros()).expect("a simulation is short");
        Timestamp::from_micros(1_795_340_191_342_000 + self.wall_shift + passed)
    }
}

/// The work of the thread for files.
#[derive(Debug)]
enum Work {
    Open,
    Run(Operation),
    Adopt,
}

#[derive(Debug)]
pub(super) struct Process {
    pub(super) pipeline: Pipeline,
    store: Option<Store>,
    plan: Plan,
    writer: RecordWriter,
    job: Option<(Tick, Work)>,
    looked: Option<Tick>,
    replies: Vec<(Tick, BatchId, Vec<u64>, Reply)>,
    /// Entries that the pipeline accepted, in order.
    pub(super) own: Vec<u64>,
    logged: u64,
    delivered: u64,
    recovered: u64,
    /// Dropped entries of all that were logged.
    dropped: Drops,
    /// Entries that were rejected at once.
    refused: Drops,
    /// Log calls that wait until their entries are written.
    rounds: VecDeque<(u64, usize)>,
    /// How many of `own` are acknowledged.
    pub(super) acknowledged: usize,
    flushes: Vec<(Token, Tick)>,
    is_closing: bool,
    /// The largest file that was read.
    largest: usize,
    /// Whether another program changed files in the meantime, or an operation failed.
    pub(super) is_meddled: bool,
    failed_operations: u64,
    /// The files that it has created.
    created: Vec<FileId>,
}

impl Process {
    pub(super) fn new(plan: Plan, make: Make) -> Self {
        let mut pipeline = Pipeline::new(plan.options.clone(), Texts::new(make, 50 << 20));
        pipeline.set_spool(plan.spool.clone());
        Self {
            pipeline,
            store: None,
            plan,
            writer: RecordWriter::default(),
            job: None,
            looked: None,
            replies: Vec::new(),
            own: Vec::new(),
            logged: 0,
            delivered: 0,
            recovered: 0,
            dropped: Drops::default(),
            refused: Drops::default(),
            rounds: VecDeque::new(),
            acknowledged: 0,
            flushes: Vec::new(),
            is_closing: false,
            largest: 0,
            is_meddled: false,
            failed_operations: 0,
            created: Vec::new(),
        }
    }

    pub(super) fn syncs(&self) -> bool {
        self.plan.durability != Durability::Never
    }

    /// Returns the entries that were accepted and then lost, other than those that the server rejected.
    pub(super) fn lost(&self) -> u64 {
        let dropped = self.pipeline.counters().dropped.since(&self.refused);
        dropped.total() - dropped.get(DropReason::Rejected) - dropped.get(DropReason::TooLarge)
    }

    /// Returns when something is due.
    pub(super) fn next_time(&self) -> Option<Tick> {
        let reply = self.replies.iter().map(|(at, ..)| *at).min();
        let job = self.job.as_ref().map(|(at, _)| *at);
        [reply, job, self.timeout()].into_iter().flatten().min()
    }

    /// Returns the timeout of the pipeline.
    fn timeout(&self) -> Option<Tick> {
        self.pipeline.poll_timeout().map(|(at, _)| at)
    }

    /// Performs one of the due actions.
    pub(super) fn step(&mut self, shared: &mut Shared) {
        shared.steps += 1;
        assert!(shared.steps < 200_000, "an endless loop");
        let reply = self.replies.iter().position(|(at, ..)| *at <= shared.now);
        let job = self.job.as_ref().is_some_and(|(at, _)| *at <= shared.now);
        let first = shared.random.u8(..3);
        for source in (first..first + 3).map(|source| source % 3) {
            match (source, reply) {
                (0, Some(index)) => {
                    self.deliver(index, shared);
                    break;
                }
                (1, _) if job => {
                    self.complete(shared);
                    break;
                }
                (2, _) if self.timeout().is_some_and(|at| at <= shared.now) => {
                    self.pipeline.handle_timeout(shared.now);
                    self.settle(shared);
                    let next = self.timeout();
                    assert!(
                        next.is_none_or(|at| at > shared.now),
                        "{:?} again",
                        self.pipeline.poll_timeout()
                    );
                    return;
                }
                _ => {}
            }
        }
        self.settle(shared);
    }

    pub(super) fn log(&mut self, entries: usize, is_durable: bool, shared: &mut Shared) {
        for _ in 0..entries {
            let id = shared.issued;
            shared.issued += 1;
            self.logged += 1;
            let mut fields = self.writer.begin(&Head::new(Level::Info, ""));
            fields.message(shared.make.message(id));
            match self.pipeline.push(fields.finish(), shared.now) {
                Admit::Accepted => self.own.push(id),
                Admit::Evicted(_) => {
                    assert_eq!(self.plan.options.overflow, Overflow::Oldest);
                    self.own.push(id);
                    shared.seen.insert("spool: evicted");
                }
                Admit::Dropped(reason) => {
                    assert_eq!(self.is_closing, reason == DropReason::Closed);
                    self.refused.add(reason, 1);
                    self.dropped.add(reason, 1);
                }
            }
        }
        if is_durable && !self.is_closing {
            let token = self.pipeline.write_all();
            self.rounds.push_back((token, self.own.len()));
        }
        self.settle(shared);
    }

    pub(super) fn flush(&mut self, time: Duration, shared: &mut Shared) {
        let deadline = shared.now.after(time);
        let token = self.pipeline.flush(deadline, shared.now);
        self.flushes.push((token, deadline));
        self.settle(shared);
    }

    pub(super) fn close(&mut self, time: Duration, shared: &mut Shared) {
        let deadline = shared.now.after(time);
        let token = self.pipeline.close(deadline, shared.now);
        self.flushes.push((token, Tick::from_micros(u64::MAX)));
        self.is_closing = true;
        self.settle(shared);
    }

    fn deliver(&mut self, index: usize, shared: &mut Shared) {
        let (_, id, ids, reply) = self.replies.remove(index);
        let before = *self.pipeline.counters();
        self.pipeline.handle_outcome(id, reply.outcome.clone(), shared.now);
        let after = self.pipeline.counters();
        let confirmed =
            (after.delivered - before.delivered, after.recovered.delivered - before.recovered.delivered);
        let own = ids.iter().filter(|id| self.own.binary_search(id).is_ok()).count();
        match reply.outcome {
            Outcome::Stored { .. } if confirmed != (0, 0) => {
                let stored = reply.stored.len() as u64;
                assert!(own == 0 || own == ids.len(), "entries of several processes in one request");
                assert_eq!(confirmed, if own > 0 { (stored, 0) } else { (0, stored) });
                self.delivered += confirmed.0;
                self.recovered += confirmed.1;
                if own == 0 && stored > 0 {
                    shared.seen.insert("spool: recovered and delivered");
                }
            }
            _ => {
                assert_eq!(confirmed, (0, 0));
                shared.may_repeat |= !reply.stored.is_empty();
            }
        }
    }

    /// Completes the work of the thread for files.
    fn complete(&mut self, shared: &mut Shared) {
        let Some((_, work)) = self.job.take() else { return };
        shared.disk.set_time(shared.wall());
        match work {
            Work::Open => self.open(shared),
            Work::Adopt => {
                let Some(store) = &mut self.store else { return };
                let found = store.adopt();
                if !found.is_empty() {
                    shared.seen.insert("spool: a dead owner's folder was adopted later");
                }
                self.pipeline.end_search(found, shared.now);
                self.tell_left_alone(shared);
            }
            Work::Run(operation) => self.run(operation, shared),
        }
    }

    fn open(&mut self, shared: &mut Shared) {
        match Store::open(Arc::new(shared.disk.clone()), Path::new(ROOT), self.plan.durability) {
            Ok((store, found)) => {
                if found.iter().any(|found| found.file.folder > 0) {
                    shared.seen.insert("spool: a dead owner's folder was adopted");
                }
                let next = store.next_number();
                self.store = Some(store);
                self.pipeline.open_spool(next, found, shared.now);
                self.tell_left_alone(shared);
            }
            Err(error) => {
                shared.seen.insert("spool: not opened");
                self.pipeline.fail_spool(error.to_string(), shared.now);
            }
        }
    }

    fn tell_left_alone(&mut self, shared: &mut Shared) {
        if self.store.as_mut().is_some_and(|store| !store.take_notices().is_empty()) {
            shared.seen.insert("spool: a folder was left alone");
        }
    }

    fn run(&mut self, operation: Operation, shared: &mut Shared) {
        let Some(store) = &mut self.store else { return };
        let is_write = matches!(operation, Operation::Create { .. } | Operation::Append { .. });
        let name = match operation {
            Operation::Create { .. } => "spool: a file was created",
            Operation::Append { .. } => "spool: a file was appended to",
            Operation::Read { .. } => "spool: a file was read",
            Operation::Remove { .. } => "spool: a file was removed",
            Operation::SetAside { .. } => "spool: a file was set aside",
            _ => "spool: something else",
        };
        let file = operation.file();
        let (is_new, is_read) =
            (matches!(operation, Operation::Create { .. }), matches!(operation, Operation::Read { .. }));
        let completion = store.run(operation);
        if is_new && completion.is_ok() {
            self.created.push(file);
            if self.created.len() > 1 {
                shared.seen.insert("spool: another file was begun");
            }
        }
        if is_read && self.created.contains(&file) {
            shared.seen.insert("spool: let go from memory and read back");
        }
        match &completion {
            Ok(bytes) => {
                shared.seen.insert(name);
                self.largest = self.largest.max(bytes.len());
                if is_write && self.failed_operations == 0 {
                    let own = files::readable(&shared.disk);
                    let own: Vec<_> = own.iter().filter(|path| path.starts_with(store.folder())).collect();
                    let bytes: usize =
                        own.iter().map(|path| shared.disk.get(path).map_or(0, |bytes| bytes.len())).sum();
                    assert!(own.len() <= self.plan.spool.max_files, "{} files", own.len());
                    assert!(bytes as u64 <= self.plan.spool.max_bytes, "{bytes} bytes");
                }
            }
            Err(trouble) => {
                self.failed_operations += 1;
                shared.may_repeat = true;
                let detail = &trouble.detail;
                for (part, thing) in [
                    ("disk is full", "spool: disk full"),
                    ("read-only", "spool: read-only"),
                    ("syncs fail", "spool: a sync failed"),
                    ("renames fail", "spool: a rename failed"),
                    ("removes fail", "spool: a remove failed"),
                    ("reads fail", "spool: a read failed"),
                    ("it is gone", "spool: a file is gone"),
                ] {
                    if detail.contains(part) {
                        shared.seen.insert(thing);
                    }
                }
            }
        }
        self.pipeline.handle_completion(completion, shared.now);
    }

    /// Performs the pending work up to some change of the disk, and ends abruptly.
    pub(super) fn die(mut self, changes: Option<u64>, shared: &mut Shared) {
        if let (Some((_, Work::Run(operation))), Some(store)) = (self.job.take(), &mut self.store) {
            if let Some(changes) = changes {
                shared.disk.stop_after(changes);
            }
            shared.seen.insert("spool: died in the middle of an operation");
            let _ = store.run(operation);
        }
    }

    fn settle(&mut self, shared: &mut Shared) {
        // File operations may allow sending, and the reverse.
        loop {
            let has_sent = self.send(shared);
            if self.job.is_none() {
                self.begin(shared);
            }
            if !self.send(shared) && !has_sent {
                break;
            }
        }
        while let Some(event) = self.pipeline.poll_event() {
            self.event(&event, shared);
        }
        while let Some((token, end)) = self.rounds.front().copied() {
            if self.pipeline.is_written(token) && !self.pipeline.is_spool_failing() {
                self.acknowledged = self.acknowledged.max(end);
                shared.seen.insert("spool: acknowledged");
            } else if !self.pipeline.is_spool_failing() {
                break;
            }
            self.rounds.pop_front();
        }
        self.check(shared);
    }

    /// Sends everything that is due. Returns whether there was anything.
    fn send(&mut self, shared: &mut Shared) -> bool {
        let mut has_sent = false;
        while let Some(transmit) = self.pipeline.poll_transmit(shared.now) {
            has_sent = true;
            let ids = shared.make.read(&transmit.body);
            assert!(!ids.is_empty() && ids.len() == transmit.entries);
            assert!(ids.iter().all(|id| *id < shared.issued), "an entry that nobody logged");
            let reply = shared.server.answer(&transmit.body, &ids, shared.now);
            self.replies.push((shared.now.after(reply.after), transmit.id, ids, reply));
        }
        has_sent
    }

    fn begin(&mut self, shared: &mut Shared) {
        let looks = self.looked.is_none_or(|looked| shared.now.since(looked) >= LOOK_AGAIN);
        let work = if self.store.is_none() {
            looks.then(|| {
                self.looked = Some(shared.now);
                Work::Open
            })
        } else if let Some(operation) = self.pipeline.poll_operation(shared.now, shared.wall()) {
            Some(Work::Run(operation))
        } else {
            (looks && !self.pipeline.is_closed() && self.pipeline.begin_search()).then(|| {
                self.looked = Some(shared.now);
                Work::Adopt
            })
        };
        let delay = Duration::from_micros(match shared.random.u8(..8) {
            0 => shared.random.u64(..2_000_000),
            1..3 => shared.random.u64(..50_000),
            _ => shared.random.u64(..500),
        });
        self.job = work.map(|work| (shared.now.after(delay), work));
    }

    fn event(&mut self, event: &Event, shared: &mut Shared) {
        match event {
            Event::Dropped { entries, reason, .. } => {
                self.dropped.add(*reason, *entries as u64);
                let thing = match reason {
                    DropReason::SpoolFull => "spool: the oldest file made room",
                    DropReason::Expired => "spool: expired",
                    DropReason::RetriesExhausted | DropReason::Denied => "spool: given up",
                    DropReason::Shutdown => "spool: lost at a close",
                    _ => return,
                };
                if *reason != DropReason::Shutdown {
                    shared.lost_from_files += *entries as u64;
                }
                shared.seen.insert(thing);
            }
            Event::Damaged { entries, .. } => {
                shared.seen.insert(if *entries > 0 {
                    "spool: damaged entries"
                } else {
                    "spool: damaged, no entry"
                });
            }
            Event::SpoolFailed { detail } if detail.contains("the spool is full") => {
                shared.seen.insert(match self.plan.options.overflow {
                    Overflow::Newest => "spool: full, the newest stay in memory",
                    Overflow::Oldest => "spool: full, the oldest are in memory",
                });
            }
            Event::Skipped { .. } => {
                shared.seen.insert("spool: a file was left alone");
            }
            Event::Recovered { .. } => {
                shared.seen.insert("spool: recovered");
            }
            Event::Flushed { token, .. } => {
                let index = self
                    .flushes
                    .iter()
                    .position(|(open, _)| open == token)
                    .expect("one report for each flush");
                let (_, deadline) = self.flushes.remove(index);
                assert!(shared.now <= deadline || self.is_closing, "a flush ended late");
            }
            _ => {}
        }
    }

    /// Checks what holds whenever everything was polled.
    fn check(&self, shared: &Shared) {
        let counters = self.pipeline.counters();
        assert_eq!(counters.logged, self.logged);
        assert_eq!(counters.delivered, self.delivered);
        let (pending, spooled) = (counters.pending(), counters.spooled());
        let sum = counters.delivered + counters.dropped.total() + pending + spooled;
        assert_eq!(counters.logged, sum, "the counts: {counters:?}");
        assert!(pending <= self.pipeline.held_entries() as u64, "{pending} pending entries are not held");
        let recovered = counters.recovered;
        assert_eq!(recovered.delivered, self.recovered);
        assert!(recovered.read >= recovered.delivered + recovered.dropped, "{recovered:?}");
        let most = self.plan.options.max_bytes + self.largest;
        assert!(
            self.pipeline.held_bytes() <= most,
            "{} bytes are held, of {most}",
            self.pipeline.held_bytes()
        );
        match self.timeout() {
            Some(at) => {
                let next = self.pipeline.poll_timeout();
                // Another action that is due at this moment may come first.
                let is_deadline = next == Some((shared.now, Wake::FlushDeadline));
                assert!(at > shared.now || is_deadline, "{next:?} is now");
            }
            None => {
                let is_idle = self.replies.is_empty() && self.job.is_none();
                let held = self.pipeline.held_entries();
                let is_done = self.pipeline.is_closed() || (held == 0 && !self.is_closing);
                assert!(!is_idle || is_done, "{held} entries or the close wait for nothing");
            }
        }
    }

    /// Whether requests are in flight.
    pub(super) fn is_talking(&self) -> bool {
        !self.replies.is_empty()
    }

    /// Returns the entries of this process that the server may accept.
    pub(super) fn good<'a>(&'a self, shared: &'a Shared) -> impl Iterator<Item = u64> + 'a {
        self.own.iter().copied().filter(|id| shared.is_good(*id))
    }
}

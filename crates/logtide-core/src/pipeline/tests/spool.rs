//! Entries in files.

mod bounds;
mod closing;
mod eviction;
mod faults;
mod restarts;
mod wakes;

use std::collections::BTreeMap;

use super::*;
use crate::{
    Timestamp,
    spool::{Completion, FileId, Found, Operation, OperationError, SpoolOptions},
};

/// A pipeline with a folder, and a server that is there or not.
struct Spooled {
    bench: Bench,
    folder: BTreeMap<FileId, Vec<u8>>,
    aside: Vec<FileId>,
    wall: Timestamp,
    is_up: bool,
    /// What keeps files from being written.
    failure: Option<&'static str>,
    /// A file that cannot be read.
    unreadable: Option<FileId>,
    operations: Vec<&'static str>,
}

impl Spooled {
    fn new(change: impl FnOnce(&mut PipelineOptions)) -> Self {
        Self::with(SpoolOptions::default(), BTreeMap::new(), change)
    }

    fn with(
        spool: SpoolOptions,
        folder: BTreeMap<FileId, Vec<u8>>,
        change: impl FnOnce(&mut PipelineOptions),
    ) -> Self {
        let mut bench = Bench::new(change);
        bench.pipeline.set_spool(spool);
        let wall = Timestamp::from_micros(1_795_340_191_342_000);
        let mut spooled = Self {
            bench,
            folder,
            aside: Vec::new(),
            wall,
            is_up: true,
            failure: None,
            unreadable: None,
            operations: Vec::new(),
        };
        let found: Vec<_> = spooled.found(0).collect();
        let next = found.last().map_or(1, |found| found.file.number + 1);
        spooled.bench.pipeline.open_spool(next, found, spooled.bench.now);
        spooled
    }

    fn found(&self, folder: u32) -> impl Iterator<Item = Found> {
        let found = |(id, bytes): (&FileId, &Vec<u8>)| Found {
            file: *id,
            bytes: bytes.len() as u64,
            written: self.wall,
        };
        self.folder
            .iter()
            .filter(move |(id, _)| id.folder == folder)
            .map(found)
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// What a later process finds, with the books of this one.
    fn restart(self, change: impl FnOnce(&mut PipelineOptions)) -> Self {
        Self::with(SpoolOptions::default(), self.folder, change)
    }

    fn push(&mut self, entries: std::ops::Range<u32>) {
        for entry in entries {
            let _ = self.bench.push_text(&entry.to_string());
            self.check();
        }
    }

    /// Does what is to be done until then.
    fn run(&mut self, seconds: u32) {
        let until = self.bench.after(seconds);
        loop {
            self.settle();
            match self.bench.pipeline.poll_timeout() {
                Some((at, wake)) if at <= until => {
                    assert!(at > self.bench.now, "a wake-up that changes nothing at {at:?}: {wake:?}");
                    self.wall = Timestamp::from_micros(
                        self.wall.as_micros() + at.since(self.bench.now).as_micros() as i64,
                    );
                    self.bench.now = at;
                    self.bench.pipeline.handle_timeout(at);
                }
                _ => break,
            }
        }
        self.wall =
            Timestamp::from_micros(self.wall.as_micros() + until.since(self.bench.now).as_micros() as i64);
        self.bench.now = until;
    }

    fn settle(&mut self) {
        loop {
            let is_up = self.is_up;
            let sent = self.bench.send(|entries| if is_up { ok(entries) } else { unavailable(entries) });
            self.check();
            let operated = self.operate();
            self.check();
            if !sent && !operated {
                break;
            }
        }
        let Bench { pipeline, events, .. } = &mut self.bench;
        events.extend(std::iter::from_fn(|| pipeline.poll_event()));
    }

    fn operate(&mut self) -> bool {
        let Some(operation) = self.bench.pipeline.poll_operation(self.bench.now, self.wall) else {
            return false;
        };
        let completion = self.carry_out(operation);
        self.bench.pipeline.handle_completion(completion, self.bench.now);
        true
    }

    fn carry_out(&mut self, operation: Operation) -> Completion {
        if let Some(detail) = self.failure {
            return Err(OperationError { detail: detail.to_owned(), is_final: false });
        }
        if matches!(operation, Operation::Read { file } if self.unreadable == Some(file)) {
            return Err(OperationError { detail: "permission denied".to_owned(), is_final: false });
        }
        let gone = || OperationError { detail: "no such file".to_owned(), is_final: true };
        self.operations.push(match &operation {
            Operation::Create { .. } => "create",
            Operation::Append { .. } => "append",
            Operation::Read { .. } => "read",
            Operation::Remove { .. } => "remove",
            Operation::SetAside { .. } => "set aside",
        });
        match operation {
            Operation::Create { file, bytes } => {
                assert!(self.folder.insert(file, bytes).is_none(), "{file:?} was there");
            }
            Operation::Append { file, bytes } => self.folder.get_mut(&file).ok_or_else(gone)?.extend(bytes),
            Operation::Read { file } => return self.folder.get(&file).cloned().ok_or_else(gone),
            Operation::Remove { file } => drop(self.folder.remove(&file)),
            Operation::SetAside { file } => {
                self.folder.remove(&file);
                self.aside.push(file);
            }
        }
        Ok(Vec::new())
    }

    /// The books, and what is in the files.
    fn check(&self) {
        let counters = self.bench.pipeline.counters();
        let sum = counters.delivered + counters.dropped.total() + counters.pending() + counters.spooled();
        assert_eq!(counters.logged, sum, "{counters:?}");
    }

    /// Entries in files, without those that are damaged.
    fn in_files(&self) -> Vec<u32> {
        let texts = self.folder.values().flat_map(|bytes| match crate::spool::read(bytes, "numbers") {
            crate::spool::Content::Entries(entries) => entries
                .texts
                .iter()
                .map(|text| std::str::from_utf8(&bytes[text.clone()]).unwrap().parse().unwrap())
                .collect(),
            crate::spool::Content::Foreign { .. } => Vec::new(),
        });
        texts.collect()
    }

    fn counters(&self) -> &crate::Counters {
        self.bench.pipeline.counters()
    }

    fn stored(&self) -> Vec<u32> {
        let mut stored = self.bench.stored.clone();
        stored.sort_unstable();
        stored.dedup();
        stored
    }
}

fn all(entries: std::ops::Range<u32>) -> Vec<u32> {
    entries.collect()
}

/// Entries that are delivered are never written, if that takes less time than they may wait.
#[test]
fn a_healthy_server_costs_no_file() {
    let mut spooled = Spooled::new(|options| options.flush_interval = SECOND / 2);
    for start in 0..20 {
        spooled.push(start * 250..(start + 1) * 250);
        spooled.run(1);
    }
    assert_eq!(spooled.stored(), all(0..5_000));
    assert!(spooled.operations.is_empty(), "{:?}", spooled.operations);
}

#[test]
fn what_waits_for_long_is_written_and_removed_when_it_is_delivered() {
    let mut spooled = Spooled::new(|_| {});
    spooled.push(0..3);
    spooled.run(1);
    assert_eq!(
        (spooled.in_files(), spooled.counters().spooled(), spooled.counters().pending()),
        (all(0..3), 3, 0)
    );
    spooled.push(3..5);
    spooled.run(1);
    assert_eq!(spooled.in_files(), all(0..5));
    spooled.run(10);
    assert_eq!((spooled.stored(), spooled.counters().spooled()), (all(0..5), 0));
    assert_eq!(spooled.operations, ["create", "append", "remove"]);
}

#[test]
fn an_outage_is_written_to_few_files_and_delivered_in_order_after_it() {
    let mut spooled = Spooled::new(|options| options.max_entries = 2_000);
    spooled.is_up = false;
    for start in 0..40 {
        spooled.push(start * 500..(start + 1) * 500);
        spooled.run(1);
        assert!(spooled.bench.pipeline.held_entries() <= 2_000);
    }
    assert_eq!((spooled.counters().dropped.total(), spooled.counters().spooled()), (0, 20_000));
    assert_eq!(spooled.in_files(), all(0..20_000));
    assert!(spooled.folder.len() <= 100, "{}", spooled.folder.len());
    spooled.is_up = true;
    spooled.run(120);
    assert_eq!(spooled.bench.stored, all(0..20_000), "in order, once");
    assert!(spooled.folder.is_empty());
    assert_eq!(spooled.counters().delivered, 20_000);
}

#[test]
fn a_burst_waits_in_memory_until_it_is_written() {
    let mut spooled = Spooled::new(|options| options.max_entries = 1_000);
    spooled.is_up = false;
    spooled.push(0..30_000);
    assert_eq!(spooled.counters().dropped.total(), 0);
    spooled.settle();
    assert!(spooled.bench.pipeline.held_entries() <= 1_000, "{}", spooled.bench.pipeline.held_entries());
    spooled.is_up = true;
    spooled.run(120);
    assert_eq!(spooled.bench.stored, all(0..30_000));
}

#[test]
fn a_flush_tells_what_is_in_files() {
    let mut spooled = Spooled::new(|_| {});
    spooled.is_up = false;
    spooled.push(0..10);
    spooled.run(5);
    let deadline = spooled.bench.after(1);
    spooled.bench.pipeline.flush(deadline, spooled.bench.now);
    spooled.run(1);
    assert!(
        spooled
            .bench
            .events
            .iter()
            .any(|event| matches!(event, Event::Flushed { pending: 0, spooled: 10, .. }))
    );
}

#[test]
fn entries_are_written_while_the_server_is_away_whatever_the_durability() {
    let options = SpoolOptions { write_after: None, ..SpoolOptions::default() };
    let mut spooled = Spooled::with(options, BTreeMap::new(), |_| {});
    spooled.push(0..10);
    spooled.run(4);
    assert_eq!(
        (spooled.in_files(), spooled.counters().pending()),
        (Vec::new(), 10),
        "the server is not known to be away"
    );
    spooled.is_up = false;
    spooled.run(30);
    assert_eq!(spooled.in_files(), all(0..10));
    spooled.push(10..20);
    spooled.run(1);
    assert_eq!(spooled.in_files(), all(0..20));
}

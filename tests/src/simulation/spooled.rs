//! Processes that use one spool, one after the other and sometimes at the same time.

mod disk_faults;
mod files;
mod plan;
mod process;

use std::{
    collections::{BTreeSet, HashSet},
    time::Duration,
};

use fastrand::Rng;
use logtide_core::Tick;

use self::{
    plan::{End, Plan},
    process::{Process, Shared},
};
use super::{
    Happened,
    entry::{Make, Nature},
    server::Server,
    wire::Texts,
};
use crate::spool_model::{Faults, ModelDisk};

/// The processes of a seed, and the entries that must not be lost.
struct World {
    shared: Shared,
    processes: Vec<Process>,
    /// Entries that were in files when a process ended.
    kept: HashSet<u64>,
    /// Those of them that no power cut may lose.
    firm: HashSet<u64>,
}

/// Runs one seed with a spool.
pub(super) fn run(seed: u64) -> Happened {
    let mut random = Rng::with_seed(seed);
    let bad_one_in = [0, 0, 30, 300][random.usize(..4)];
    let make = Make {
        seed,
        padding: [0, 40, 200][random.usize(..3)],
        swell: random.usize(1..3),
        bad_one_in,
        crashing: bad_one_in > 100,
    };
    let count = random.usize(1..6);
    let faults_end = Tick::ZERO.after(Duration::from_secs(random.u64(10..80)));
    let shared = Shared {
        now: Tick::ZERO,
        make,
        disk: ModelDisk::new(seed),
        server: Server::new(seed ^ 0x5eed, make, faults_end),
        issued: 0,
        wall_shift: 0,
        seen: BTreeSet::new(),
        may_repeat: false,
        lost_from_files: 0,
        steps: 0,
        random,
    };
    let mut world = World { shared, processes: Vec::new(), kept: HashSet::new(), firm: HashSet::new() };
    for _ in 0..count {
        world.live();
    }
    world.shared.now = world.shared.now.max(faults_end);
    world.shared.disk.set_faults(Faults::default());
    world.come_to_rest();
    if world.shared.server.duplicates > 0 {
        assert!(world.shared.may_repeat, "an entry was sent twice for no reason");
        world.shared.seen.insert("spool: duplicates");
    }
    Happened { seen: world.shared.seen, logged: world.shared.issued }
}

impl Shared {
    /// Whether the server accepts the entry.
    fn is_good(&self, id: u64) -> bool {
        let bytes = Texts::body_bytes(self.make, id);
        self.make.nature(id) == Nature::Good && bytes <= self.server.body_limit
    }
}

impl World {
    /// Runs one or two processes to their end.
    fn live(&mut self) {
        self.mend_or_break_files();
        let count = if self.shared.random.u8(..5) == 0 { 2 } else { 1 };
        for _ in 0..count {
            let plan = Plan::new(&mut self.shared.random);
            self.processes.push(Process::new(plan, self.shared.make));
        }
        if count == 2 {
            self.shared.seen.insert("spool: two owners at once");
        }
        let end = self.shared.now.after(Duration::from_millis(self.shared.random.u64(..20_000)));
        while self.shared.now < end {
            self.act();
            let pause = match self.shared.random.u8(..4) {
                0 => self.shared.random.u64(..4_000),
                1 => self.shared.random.u64(..300),
                _ => self.shared.random.u64(..1_500),
            };
            self.run_until(self.shared.now.after(Duration::from_millis(pause)));
        }
        while !self.processes.is_empty() {
            let end = End::new(&mut self.shared.random);
            self.end(end);
        }
    }

    /// Performs an action of applications or disks.
    fn act(&mut self) {
        let index = self.shared.random.usize(..self.processes.len());
        match self.shared.random.u8(..32) {
            0..2 => {
                let entries = self.shared.random.usize(60..250);
                self.processes[index].log(entries, false, &mut self.shared);
            }
            2..4 => {
                let time = Duration::from_millis(self.shared.random.u64(..5_000));
                self.processes[index].flush(time, &mut self.shared);
            }
            4..7 => self.change_faults(),
            7 => self.meddle(),
            _ => {
                let entries = self.shared.random.usize(1..9);
                let is_durable = self.shared.random.bool();
                self.processes[index].log(entries, is_durable, &mut self.shared);
            }
        }
    }

    fn run_until(&mut self, end: Tick) {
        loop {
            let times = self.processes.iter().map(Process::next_time).enumerate();
            let next = times.filter_map(|(index, at)| Some((at?, index))).min();
            let Some((at, index)) = next.filter(|(at, _)| *at <= end) else { break };
            self.shared.now = self.shared.now.max(at);
            self.processes[index].step(&mut self.shared);
        }
        self.shared.now = end;
    }

    /// Ends the oldest process; a power cut ends all.
    fn end(&mut self, end: End) {
        match end {
            End::Close(time) => self.close(time),
            End::PowerCut => self.cut_power(),
            End::Kill | End::Drop => {
                self.shared.may_repeat = true;
                let process = self.processes.remove(0);
                let is_alone = self.processes.is_empty();
                let changes = (end == End::Kill && is_alone).then(|| self.shared.random.u64(..8));
                self.check_end(process, |process, shared| {
                    process.die(changes, shared);
                    if is_alone && end == End::Kill {
                        shared.disk.kill();
                        shared.seen.insert("spool: killed");
                    }
                });
            }
        }
    }

    fn close(&mut self, time: Duration) {
        let began = self.shared.now;
        self.processes[0].close(time, &mut self.shared);
        let late = began.after(time + Duration::from_secs(300));
        while !self.processes[0].pipeline.is_closed() {
            assert!(
                self.shared.now < late,
                "the close does not end: {:?}",
                self.processes[0].pipeline.poll_timeout()
            );
            let next = self.processes.iter().filter_map(Process::next_time).min();
            let next = next.map_or(late, |next| next.min(late)).max(self.shared.now);
            self.run_until(next);
        }
        let process = self.processes.remove(0);
        let counters = *process.pipeline.counters();
        assert_eq!(counters.pending(), 0, "entries are left at the end of a close");
        let took = self.shared.now.since(began);
        if counters.spooled() > 0 && took < time {
            self.shared.seen.insert("spool: closed early since all is safe");
        }
        if took > time {
            self.shared.seen.insert("spool: a close waited for the disk");
        }
        // A file stays until all of its entries are settled.
        self.shared.may_repeat |= process.is_talking() || !files::readable(&self.shared.disk).is_empty();
        let there = files::entries(&self.shared.disk);
        let is_gone = |id: &u64| !there.contains(id) && !self.shared.server.stored.contains(id);
        let missing = process.good(&self.shared).filter(is_gone).count() as u64;
        assert!(process.is_meddled || missing <= process.lost(), "{missing} entries are lost in silence");
        self.check_end(process, |process, _| drop(process));
    }

    /// Ends a process, and checks that nothing acknowledged is lost.
    fn check_end(&mut self, process: Process, end: impl FnOnce(Process, &mut Shared)) {
        let acknowledged = self.acknowledged(&process);
        let (spooled, lost, is_meddled) =
            (process.pipeline.counters().spooled(), process.lost(), process.is_meddled);
        let own: HashSet<u64> = process.own.iter().copied().collect();
        let syncs = process.syncs();
        end(process, &mut self.shared);
        let there = files::entries(&self.shared.disk);
        let in_files = own.intersection(&there).count() as u64;
        assert!(is_meddled || in_files >= spooled, "{spooled} entries in files are {in_files}");
        self.check_acknowledged(&acknowledged, &there, lost, is_meddled);
        if self.processes.is_empty() {
            self.keep(&there);
        } else {
            // What the other process has written counts when that one ends.
            self.keep(&own.intersection(&there).copied().collect());
        }
        // Entries that were lost, or whose file was removed, may still be in another file that is not durable.
        if syncs && lost == 0 && !is_meddled {
            self.firm.extend(acknowledged.intersection(&there));
        }
    }

    fn cut_power(&mut self) {
        self.shared.may_repeat = true;
        self.shared.seen.insert("spool: power cut");
        let mut promised = Vec::new();
        let mut changes = Some(self.shared.random.u64(..8));
        for process in std::mem::take(&mut self.processes) {
            if process.syncs() {
                let own: HashSet<u64> = process.own.iter().copied().collect();
                let spooled = process.pipeline.counters().spooled();
                promised.push((
                    self.acknowledged(&process),
                    process.lost(),
                    process.is_meddled,
                    own,
                    spooled,
                ));
            }
            process.die(changes.take(), &mut self.shared);
        }
        self.shared.disk.crash();
        if files::are_torn(&self.shared.disk) {
            self.shared.seen.insert("spool: a file was torn");
        }
        let there = files::entries(&self.shared.disk);
        for (acknowledged, lost, is_meddled, own, spooled) in promised {
            let in_files = own.intersection(&there).count() as u64;
            assert!(
                is_meddled || in_files >= spooled,
                "a power cut left {in_files} of {spooled} entries in files"
            );
            self.check_acknowledged(&acknowledged, &there, lost, is_meddled);
        }
        let Self { kept, firm, .. } = self;
        kept.retain(|id| firm.contains(id) || there.contains(id));
        self.keep(&there);
        self.firm.extend(there);
    }

    fn acknowledged(&self, process: &Process) -> HashSet<u64> {
        let acknowledged = process.own[..process.acknowledged].iter().copied();
        acknowledged.filter(|id| self.shared.is_good(*id)).collect()
    }

    fn check_acknowledged(
        &self,
        acknowledged: &HashSet<u64>,
        there: &HashSet<u64>,
        lost: u64,
        is_meddled: bool,
    ) {
        let is_gone = |id: &&u64| !there.contains(id) && !self.shared.server.stored.contains(id);
        let missing = acknowledged.iter().filter(is_gone).count() as u64;
        assert!(is_meddled || missing <= lost, "{missing} acknowledged entries are lost");
    }

    /// Expects the entries in files to arrive.
    fn keep(&mut self, there: &HashSet<u64>) {
        let good: Vec<u64> = there.iter().copied().filter(|id| self.shared.is_good(*id)).collect();
        self.kept.extend(good);
    }

    /// Lets a healthy process deliver what the others left, and a new entry in time.
    fn come_to_rest(&mut self) {
        let plan = Plan::healthy(&mut self.shared.random);
        self.processes.push(Process::new(plan, self.shared.make));
        let there = files::entries(&self.shared.disk);
        self.keep(&there);
        let crashing = there.iter().filter(|id| self.shared.make.nature(**id) == Nature::Crashing).count();
        let backlog = Server::LATENCY * there.len() as u32;
        let bound = self.shared.now.after(Duration::from_secs(100) * (2 + crashing as u32) + backlog);
        let mut fresh = Vec::new();
        while !fresh.iter().any(|id| self.shared.server.stored.contains(id)) {
            assert!(self.shared.now < bound, "no fresh entry got through");
            let id = self.shared.issued;
            self.processes[0].log(1, false, &mut self.shared);
            if self.shared.is_good(id) {
                fresh.push(id);
            }
            self.run_until(self.shared.now.after(Duration::from_secs(5)));
        }
        let end = self.shared.now.after(Duration::from_secs(100_000));
        let is_done = |world: &Self| {
            let counters = world.processes[0].pipeline.counters();
            counters.pending() + counters.spooled() == 0 && files::readable(&world.shared.disk).is_empty()
        };
        while !is_done(self) && self.shared.now < end {
            self.processes[0].log(1, false, &mut self.shared);
            self.run_until(self.shared.now.after(Duration::from_secs(240)));
        }
        assert!(is_done(self), "files are left: {:?}", files::readable(&self.shared.disk));
        self.close(Duration::from_secs(5));
        let missing = self.kept.iter().filter(|id| !self.shared.server.stored.contains(id)).count() as u64;
        let excused = self.shared.lost_from_files;
        assert!(missing <= excused, "{missing} entries of files never arrived, and {excused} were counted");
    }
}

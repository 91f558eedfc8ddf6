//! The process that logs.

use std::{
    sync::{
        Barrier,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use nix::sys::resource::{UsageWho, getrusage};

use super::{Figures, Plan, Result, Subject, clock, plan::Mode, process::ReceiverProcess};

/// The entries between two reads of the clock, and between two flushes of a thread in steady mode.
const STRIDE: u64 = 1_000;

/// The allocations of the process, if its program counts them.
pub static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

/// Logs as planned and returns the cost.
pub(super) fn run<S: Subject>(plan: &Plan) -> Result<Figures> {
    let subject = S::start(plan)?;
    let (before, resident_before) = (clock::process_time(), resident_bytes());
    let allocations = ALLOCATIONS.load(Ordering::Relaxed);
    let start = Instant::now();
    let busy = log(&subject, plan);
    let mut held = f64::NAN;
    if plan.mode == Mode::Burst {
        held = resident_bytes() - resident_before;
        ReceiverProcess::release(plan.address())?;
    }
    subject.finish()?;
    let wall = start.elapsed();
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    let per_entry = |time: Duration| time.as_nanos() as f64 / plan.entries as f64;
    Ok(Figures {
        caller: per_entry(busy.iter().map(|busy| busy.wall).sum()),
        own: per_entry(busy.iter().map(|busy| busy.processor).sum()),
        aggregate: per_entry(busy.iter().map(|busy| busy.wall).max().unwrap_or_default()),
        processor: per_entry(clock::of(&usage).saturating_sub(before)) / 1_000.0,
        wall: per_entry(wall) / 1_000.0,
        memory: usage.max_rss() as f64 / 1_024.0,
        held: held / plan.entries as f64,
        allocations: match ALLOCATIONS.load(Ordering::Relaxed) - allocations {
            0 => f64::NAN,
            counted => counted as f64 / plan.entries as f64,
        },
        ..Figures::default()
    })
}

/// Returns the resident memory of the process. NaN if the system has no `/proc`.
fn resident_bytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<f64>().ok());
    kibibytes.unwrap_or(f64::NAN) * 1_024.0
}

/// How long a thread was busy with its log calls.
#[derive(Clone, Copy, Debug, Default)]
struct Busy {
    wall: Duration,
    processor: Duration,
}

fn log<S: Subject>(subject: &S, plan: &Plan) -> Vec<Busy> {
    let barrier = Barrier::new(plan.threads as usize);
    thread::scope(|scope| {
        let callers: Vec<_> = (0..plan.threads)
            .map(|thread| {
                let (barrier, ids) = (&barrier, (thread..plan.entries).step_by(plan.threads as usize));
                scope.spawn(move || {
                    barrier.wait();
                    log_ids(subject, ids, plan.mode == Mode::Steady)
                })
            })
            .collect();
        callers.into_iter().map(|caller| caller.join().expect("a log call never panics")).collect()
    })
}

fn log_ids<S: Subject>(subject: &S, mut ids: impl Iterator<Item = u64>, flushes: bool) -> Busy {
    let mut busy = Busy::default();
    loop {
        let (start, processor) = (Instant::now(), clock::thread_time());
        let mut logged = 0;
        for id in ids.by_ref().take(STRIDE as usize) {
            subject.log(id);
            logged += 1;
        }
        busy.wall += start.elapsed();
        busy.processor += clock::thread_time().saturating_sub(processor);
        if logged < STRIDE {
            return busy;
        }
        if flushes {
            subject.flush();
        }
    }
}

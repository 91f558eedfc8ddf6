//! The process that logs.

use std::{
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use nix::sys::{
    resource::{Usage, UsageWho, getrusage},
    time::TimeValLike,
};

use super::{Figures, Plan, Result, Subject, plan::Mode, process::ReceiverProcess};

/// Entries between two looks at the clock, and between two flushes of a thread in steady mode.
const STRIDE: u64 = 1_000;

/// Logs as planned and tells what it cost.
pub(super) fn run<S: Subject>(plan: &Plan) -> Result<Figures> {
    let subject = S::start(plan)?;
    let before = processor_time(&getrusage(UsageWho::RUSAGE_SELF)?);
    let start = Instant::now();
    let busy = log(&subject, plan);
    if plan.mode == Mode::Burst {
        ReceiverProcess::release(plan.address())?;
    }
    subject.finish()?;
    let wall = start.elapsed();
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    let per_entry = |time: Duration| time.as_nanos() as f64 / plan.entries as f64;
    Ok(Figures {
        caller: per_entry(busy.iter().sum()),
        aggregate: per_entry(busy.into_iter().max().unwrap_or_default()),
        processor: per_entry(processor_time(&usage).saturating_sub(before)) / 1_000.0,
        wall: per_entry(wall) / 1_000.0,
        memory: usage.max_rss() as f64 / 1_024.0,
        ..Figures::default()
    })
}

/// How long each thread was busy with its log calls.
fn log<S: Subject>(subject: &S, plan: &Plan) -> Vec<Duration> {
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

fn log_ids<S: Subject>(subject: &S, mut ids: impl Iterator<Item = u64>, flushes: bool) -> Duration {
    let mut busy = Duration::ZERO;
    loop {
        let start = Instant::now();
        let mut logged = 0;
        for id in ids.by_ref().take(STRIDE as usize) {
            subject.log(id);
            logged += 1;
        }
        busy += start.elapsed();
        if logged < STRIDE {
            return busy;
        }
        if flushes {
            subject.flush();
        }
    }
}

/// User and system time of all threads.
fn processor_time(usage: &Usage) -> Duration {
    let microseconds = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Duration::from_micros(microseconds.unsigned_abs())
}

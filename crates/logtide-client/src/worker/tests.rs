//! How the worker starts and falls asleep.

use std::task::{Context, Waker};

use logtide_core::{Head, Level, RecordWriter};
use logtide_transport::{Endpoint, MemoryTransport};

use super::*;
use crate::intake::Intake;

fn worker() -> Worker {
    let options = ClientOptions::new("http://localhost", "lp_key");
    worker_of(Arc::new(Shared::new(Intake::new(&options))))
}

fn worker_of(shared: Arc<Shared>) -> Worker {
    let options = ClientOptions::new("http://localhost", "lp_key");
    let endpoint = Endpoint::new(&options.api_url, options.api_key.clone()).unwrap();
    let exchanges = Exchanges::new(endpoint, Arc::new(MemoryTransport::new()), options.request_timeout);
    let (_, commands) = crate::sync::unbounded_channel();
    Worker::new(&options, Box::new(logtide_core::Json::default()), shared, exchanges, commands)
}

fn log(worker: &Worker) {
    let mut head = Head::new(Level::Info, "");
    head.nanos = 1;
    worker.shared.intake.offer(RecordWriter::default().begin(&head).finish(), None);
}

fn is_woken(worker: &Worker) -> bool {
    let mut woken = pin!(worker.shared.intake.signal().notified());
    woken.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready()
}

#[test]
fn an_entry_between_the_last_check_and_the_sleep_ends_the_sleep() {
    let mut worker = worker();
    worker.collect(false);
    // It is not counted, since the signal is not armed yet.
    log(&worker);
    worker.arm();
    assert!(is_woken(&worker));
}

#[test]
fn an_entry_during_the_sleep_ends_the_sleep() {
    let mut worker = worker();
    worker.collect(false);
    worker.arm();
    assert!(!is_woken(&worker));
    log(&worker);
    assert!(is_woken(&worker));
}

#[test]
fn an_entry_that_reserved_the_last_capacity_is_sent_at_once_for_a_caller_that_waits() {
    let mut worker = worker();
    worker.shared.intake.signal().wake_urgently();
    // A call has reserved the capacity but not yet added its entry.
    worker.collect(false);
    log(&worker);
    worker.collect(false);
    assert!(worker.pipeline.poll_transmit(worker.now()).is_some());
    worker.shared.intake.release(1, 0);
    log(&worker);
    worker.collect(false);
    assert!(worker.pipeline.poll_transmit(worker.now()).is_none(), "capacity is free again");
}

#[test]
fn a_caller_that_panics_when_it_receives_its_report_costs_no_other_its_report() {
    let mut worker = worker();
    let (sender, report) = std::sync::mpsc::channel();
    let replies: [Reply; 2] =
        [Box::new(|_| panic!("expected in this test")), Box::new(move |report| sender.send(report).unwrap())];
    for reply in replies {
        let token = worker.pipeline.flush(worker.now(), worker.now());
        worker.replies.insert(token, reply);
    }
    worker.settle();
    assert!(report.try_recv().is_ok_and(|ended| ended.pending == 0));
}

#[test]
fn a_worker_that_ends_wakes_one_that_did_not_wait_for_it() {
    let first = worker();
    let second = worker_of(first.shared.clone());
    second.arm();
    assert!(!is_woken(&second));
    first.shared.intake.signal().disarm();
    drop(first);
    assert!(is_woken(&second));
}

#[test]
fn a_worker_that_did_not_wait_enters_when_it_can() {
    let mut first = worker();
    first.permit = first.shared.try_enter();
    let mut second = worker_of(first.shared.clone());
    let turn = |second: &mut Worker| {
        let _ = pin!(second.turn()).poll(&mut Context::from_waker(Waker::noop()));
        second.permit.is_some()
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let _inside = runtime.enter();
    assert!(!turn(&mut second));
    drop(first);
    assert!(turn(&mut second) && second.shared.has_worker());
}

#[cfg(feature = "spool")]
#[test]
fn a_round_that_is_wanted_while_another_waits_for_names_begins_with_it() {
    let mut worker = worker();
    // More than are handed out at once.
    for _ in 0..40 {
        let stack = crate::stacktrace::Stack::of_panic().expect("a stack");
        stack.resolve();
        let mut head = Head::new(Level::Info, "");
        head.nanos = 1;
        worker.shared.intake.offer(RecordWriter::default().begin(&head).finish(), Some(stack));
    }
    let want = |worker: &Worker| worker.shared.syncs.wait(|_| false);
    want(&worker);
    worker.begin_round();
    assert!(worker.round.is_some() && worker.rounds.is_empty());
    want(&worker);
    worker.begin_round();
    assert!(worker.round.is_none());
    assert_eq!(worker.rounds, [(1, worker.pipeline.write_all()), (2, worker.pipeline.write_all())]);
}

#[test]
fn a_worker_takes_nothing_before_the_one_before_it_has_ended() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let _inside = runtime.enter();
    let mut first = worker();
    first.permit = first.shared.try_enter();
    let shared = first.shared.clone();
    log(&first);
    let mut second = pin!(worker_of(shared.clone()).run());
    let mut poll = || second.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready();
    assert!(!poll() && !shared.intake.is_empty());
    drop(first);
    assert!(poll(), "nobody has a handle");
    assert!(shared.intake.is_empty() && !shared.has_worker());
}

//! Workers whose driver is stopped while they run.

use std::{
    pin::{Pin, pin},
    sync::{Mutex, mpsc},
    task::{Context, Waker},
};

use logtide_core::FlushReport;

use super::{super::deadline, *};
use crate::worker::End;

/// A client whose worker blocks in its first request until the sender sends something. The request is never answered.
fn blocked(options: ClientOptions) -> (Client, mpsc::Sender<()>) {
    let (resume, held) = mpsc::channel();
    let (is_held, held_since) = mpsc::channel();
    let (held, is_first) = (Mutex::new(held), AtomicBool::new(true));
    let transport = MemoryTransport::responding(move |_| {
        if is_first.swap(false, Ordering::SeqCst) {
            let _ = is_held.send(());
            let _ = held.lock().unwrap().recv_timeout(TIMEOUT);
            return Reply::hang();
        }
        Reply::json(r#"{"received":1}"#)
    });
    let client = Client::with_transport(options, Arc::new(transport)).unwrap();
    client.info("svc", "held by the first worker", ());
    drop(client.handle.start_flush(TIMEOUT));
    held_since.recv_timeout(TIMEOUT).unwrap();
    (client, resume)
}

fn options() -> ClientOptions {
    ClientOptions::new("http://localhost", "lp_key")
}

fn is_ready(future: Pin<&mut impl Future<Output = FlushReport>>) -> bool {
    future.poll(&mut Context::from_waker(Waker::noop())).is_ready()
}

fn complete(future: impl Future<Output = FlushReport>) -> FlushReport {
    logtide_transport::Driver::block_on(future).unwrap()
}

/// Checks that all entries are counted when a close has returned, without further waiting.
fn assert_settled(client: &Client, lost: u64) {
    let metrics = client.metrics();
    assert_eq!((metrics.pending, metrics.dropped_for(DropReason::Shutdown)), (0, lost), "{metrics}");
}

#[test]
fn a_close_ends_when_a_stopped_worker_has_counted_what_it_held() {
    let (client, resume) = blocked(options());
    client.handle().driver().stop();
    let mut close = pin!(client.close());
    assert!(!is_ready(close.as_mut()), "the first worker still holds an entry");
    resume.send(()).unwrap();
    let report = complete(close);
    assert_eq!((report.delivered, report.lost, report.pending), (0, 1, 0));
    assert_settled(&client, 1);
}

#[test]
fn a_flush_reports_what_a_stopped_worker_held() {
    let (client, resume) = blocked(options());
    client.handle().driver().stop();
    client.info("svc", "left for the second", ());
    let mut flush = pin!(client.flush());
    assert!(!is_ready(flush.as_mut()));
    resume.send(()).unwrap();
    let report = complete(flush);
    assert_eq!((report.delivered, report.lost, report.pending), (1, 1, 0));
}

#[test]
fn a_worker_that_does_not_wait_forever_reports_the_counters() {
    let (client, resume) = blocked(options());
    client.handle().driver().stop();
    client.info("svc", "left for the second", ());
    let report = client.close_blocking(TIMEOUT);
    assert_eq!((report.delivered, report.lost, report.pending), (1, 0, 1));
    resume.send(()).unwrap();
    wait_until(|| client.metrics().pending == 0);
    assert_settled(&client, 1);
}

#[test]
fn what_is_logged_after_a_stop_is_not_lost_with_the_stopped_worker() {
    let (client, _) = client();
    let (resume, held) = mpsc::channel::<()>();
    let (is_held, held_since) = mpsc::channel();
    client.info("svc", "to the first worker", ());
    // The worker blocks in the middle of a turn, before it looks at the buffers again.
    client.handle.begin(End::Flush, deadline(TIMEOUT), move |_| {
        let _ = is_held.send(());
        let _ = held.recv_timeout(TIMEOUT);
    });
    held_since.recv_timeout(TIMEOUT).unwrap();
    client.handle().driver().stop();
    client.info("svc", "after the stop", ());
    resume.send(()).unwrap();
    wait_until(|| client.handle.intake().worker_state().is_missing());
    let report = client.close_blocking(TIMEOUT);
    assert_eq!((report.delivered, report.lost, report.pending), (2, 0, 0));
}

#[test]
fn a_close_whose_worker_is_stopped_leaves_nothing_uncounted() {
    let (client, resume) = blocked(options());
    client.info("svc", "in the buffers", ());
    let mut close = pin!(client.close());
    assert!(!is_ready(close.as_mut()));
    client.handle().driver().stop();
    resume.send(()).unwrap();
    let report = complete(close);
    assert_eq!((report.delivered, report.lost, report.pending), (0, 2, 0));
    assert_settled(&client, 2);
}

#[test]
fn the_last_handle_closes_what_a_close_that_was_given_up_has_left() {
    let (client, resume) = blocked(options());
    client.info("svc", "in the buffers", ());
    assert!(!is_ready(pin!(client.close())));
    client.handle().driver().stop();
    let detached = client.detached();
    resume.send(()).unwrap();
    drop(client);
    let metrics = detached.metrics();
    assert_eq!((metrics.logs_sent, metrics.logs_dropped, metrics.pending), (1, 1, 0), "{metrics}");
}

//! Dropping the last handle respects its time limit, whatever the worker does.

use std::{
    sync::{Arc, Mutex, PoisonError, mpsc},
    time::{Duration, Instant},
};

use logtide_client::Client;
use logtide_tests::setup::{TIMEOUT, options};
use logtide_transport::{Exchange, Request, Transport};
use tokio::runtime::Builder;

const SHUTDOWN: Duration = Duration::from_millis(200);

/// How late it may return on a loaded machine, in the best of some attempts.
const LATE: Duration = Duration::from_millis(150);
const TRIES: usize = 5;

/// Blocks the SDK's thread until the test is done.
#[derive(Debug)]
struct Blocking(Mutex<mpsc::Receiver<()>>);

impl Transport for Blocking {
    fn exchange(&self, _: Request) -> Exchange {
        let done = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = done.recv_timeout(TIMEOUT);
        Box::pin(std::future::pending())
    }
}

#[test]
fn a_worker_that_says_nothing_cannot_hold_an_async_thread_for_longer() {
    let runtime = Builder::new_current_thread().build().expect("a runtime starts");
    let took = (0..TRIES).map(|_| runtime.block_on(async { drop_with_a_worker_that_is_held_up() }));
    let fastest = took.min().expect("there are tries");
    assert!((SHUTDOWN..SHUTDOWN + LATE).contains(&fastest), "{fastest:?}");
}

fn drop_with_a_worker_that_is_held_up() -> Duration {
    let (_done, is_done) = mpsc::channel();
    let options = options("http://localhost").shutdown_timeout(SHUTDOWN).batch_size(1);
    let client =
        Client::with_transport(options, Arc::new(Blocking(Mutex::new(is_done)))).expect("the options work");
    client.info("svc", "hello", ());
    let start = Instant::now();
    drop(client);
    start.elapsed()
}

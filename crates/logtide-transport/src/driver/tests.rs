//! Threads that come and go.

use super::*;
use std::sync::atomic::AtomicBool;

const TIMEOUT: Duration = Duration::from_secs(30);

/// Sets the flag when the future that holds it is dropped.
struct Dropped(mpsc::Sender<()>);

impl Drop for Dropped {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

#[test]
fn it_works_without_any_runtime() {
    let driver = Driver::new();
    assert!(!driver.is_running());
    let name = driver.run_blocking(TIMEOUT, async { std::thread::current().name().map(str::to_owned) });
    assert_eq!(name.unwrap().as_deref(), Some("logtide-driver"));
    assert!(driver.is_running());
    assert_eq!(Driver::block_on(driver.run(async { 7 })).unwrap().unwrap(), 7);
}

#[tokio::test]
async fn it_works_inside_a_current_thread_runtime() {
    let driver = Driver::new();
    assert_eq!(driver.run(async { 1 }).await.unwrap(), 1);
    assert_eq!(driver.run_blocking(TIMEOUT, async { 2 }).unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_works_inside_a_multi_thread_runtime() {
    let driver = Driver::new();
    assert_eq!(driver.run(async { 1 }).await.unwrap(), 1);
    assert_eq!(driver.run_blocking(TIMEOUT, async { 2 }).unwrap(), 2);
}

#[test]
fn after_a_stop_the_next_future_starts_a_new_thread() {
    let driver = Driver::new();
    let (sender, dropped) = mpsc::channel();
    let guard = Dropped(sender);
    driver
        .spawn(async move {
            let _guard = guard;
            std::future::pending::<()>().await;
        })
        .unwrap();
    assert_eq!(driver.generation(), 1);
    driver.stop();
    assert!(!driver.is_running());
    dropped.recv_timeout(TIMEOUT).unwrap();
    assert_eq!(driver.run_blocking(TIMEOUT, async { 3 }).unwrap(), 3);
    assert_eq!(driver.generation(), 2);
}

#[test]
fn a_stop_ends_the_wait_for_a_result() {
    let driver = Driver::new();
    let stopper = driver.clone();
    let result = driver.run_blocking(TIMEOUT, async move {
        stopper.stop();
        std::future::pending::<()>().await;
    });
    assert!(matches!(result, Err(DriverError::Stopped)));
}

#[test]
fn what_a_stopped_thread_is_polling_can_see_that() {
    let (driver, other) = (Driver::new(), Driver::new());
    let stopper = driver.clone();
    let (sender, seen) = mpsc::channel();
    driver
        .spawn(async move {
            let before = Driver::is_stopping();
            other.stop();
            let after_another = Driver::is_stopping();
            stopper.stop();
            sender.send([before, after_another, Driver::is_stopping()]).unwrap();
        })
        .unwrap();
    assert_eq!(seen.recv_timeout(TIMEOUT).unwrap(), [false, false, true]);
    assert!(!Driver::is_stopping());
}

#[test]
fn the_last_handle_ends_the_thread() {
    let driver = Driver::new();
    let (sender, dropped) = mpsc::channel();
    let guard = Dropped(sender);
    driver
        .spawn(async move {
            let _guard = guard;
            std::future::pending::<()>().await;
        })
        .unwrap();
    let second = driver.clone();
    drop(driver);
    assert_eq!(second.run_blocking(TIMEOUT, async { 4 }).unwrap(), 4);
    drop(second);
    dropped.recv_timeout(TIMEOUT).unwrap();
}

#[test]
fn the_last_handle_may_be_dropped_on_the_thread_itself() {
    let driver = Driver::new();
    let (sender, ended) = mpsc::channel();
    let guard = Dropped(sender);
    let held = driver.clone();
    let (go, gone) = oneshot::channel::<()>();
    driver
        .spawn(async move {
            let _guard = guard;
            let _ = gone.await;
            drop(held);
            std::future::pending::<()>().await;
        })
        .unwrap();
    drop(driver);
    drop(go);
    ended.recv_timeout(TIMEOUT).unwrap();
}

#[test]
fn a_panic_stays_in_its_future() {
    let driver = Driver::new();
    let result: Result<(), _> = driver.run_blocking(TIMEOUT, async { panic!("expected in this test") });
    assert!(matches!(result, Err(DriverError::Stopped)));
    assert_eq!(driver.run_blocking(TIMEOUT, async { 5 }).unwrap(), 5);
    assert_eq!(driver.generation(), 1);
}

#[test]
fn a_blocking_call_gives_up_in_time_and_drops_its_work() {
    let driver = Driver::new();
    let (sender, dropped) = mpsc::channel();
    let guard = Dropped(sender);
    let result: Result<(), _> = driver.run_blocking(Duration::from_millis(20), async move {
        let _guard = guard;
        std::future::pending::<()>().await;
    });
    assert!(matches!(result, Err(DriverError::Timeout(_))));
    dropped.recv_timeout(TIMEOUT).unwrap();
}

#[test]
fn dropping_the_wait_drops_the_work() {
    let driver = Driver::new();
    let (sender, dropped) = mpsc::channel();
    let guard = Dropped(sender);
    let mut waiting = Box::pin(driver.run(async move {
        let _guard = guard;
        std::future::pending::<()>().await;
    }));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(waiting.as_mut().poll(&mut context).is_pending());
    drop(waiting);
    dropped.recv_timeout(TIMEOUT).unwrap();
}

#[test]
fn a_blocking_call_on_a_driver_thread_is_refused_at_once() {
    let (driver, other) = (Driver::new(), Driver::new());
    let inner = driver.clone();
    let results = driver.run_blocking(TIMEOUT, async move {
        assert!(Driver::is_driver_thread());
        [inner.run_blocking(TIMEOUT, async {}), other.run_blocking(TIMEOUT, async {})]
    });
    assert!(results.unwrap().iter().all(|result| matches!(result, Err(DriverError::OnDriverThread))));
    assert!(!Driver::is_driver_thread());
}

#[test]
fn its_threads_for_blocking_work_are_driver_threads_too() {
    let driver = Driver::new();
    let blocking =
        driver.run_blocking(TIMEOUT, async { tokio::task::spawn_blocking(Driver::is_driver_thread).await });
    assert!(blocking.unwrap().unwrap());
}

#[test]
fn a_forked_child_starts_a_thread_of_its_own() {
    let mut driver = Driver::new();
    driver.run_blocking(TIMEOUT, async {}).unwrap();
    Arc::get_mut(&mut driver.0).unwrap().thread.pretend_to_be_forked();
    assert!(!driver.is_running());
    let flag = Arc::new(AtomicBool::new(false));
    let polled = flag.clone();
    driver.run_blocking(TIMEOUT, async move { flag.store(true, Ordering::SeqCst) }).unwrap();
    assert!(polled.load(Ordering::SeqCst));
    assert_eq!(driver.generation(), 2);
}

#[test]
fn callers_that_start_it_at_once_share_a_thread() {
    let driver = Driver::new();
    let thread = || driver.run_blocking(TIMEOUT, async { std::thread::current().id() }).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(thread);
        }
    });
    assert_eq!((driver.generation(), thread()), (1, thread()));
}

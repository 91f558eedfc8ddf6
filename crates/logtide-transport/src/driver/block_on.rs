//! Polls a future on the calling thread.

use super::{Driver, DriverError};
use std::{
    pin::pin,
    sync::{Arc, Condvar, Mutex, PoisonError},
    task::{Context, Poll, Wake},
};
use tokio::task::coop::unconstrained;

impl Driver {
    /// Polls a future on the calling thread and blocks until it has a result.
    ///
    /// It needs no driver and no runtime, and has no timeout. Inside an async runtime it blocks one of the runtime's
    /// threads, so the future must not wait for something that only this thread can do. Tasks on a driver, such as a
    /// future of [`run`](Self::run), continue.
    ///
    /// ```
    /// use logtide_transport::Driver;
    ///
    /// let driver = Driver::new();
    /// let answer = Driver::block_on(driver.run(async { 6 * 7 }))??;
    /// assert_eq!(answer, 42);
    /// # Ok::<(), logtide_transport::DriverError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`DriverError::OnDriverThread`] at once when called on a driver thread, which would wait for itself.
    pub fn block_on<T>(future: impl Future<Output = T>) -> Result<T, DriverError> {
        if Self::is_driver_thread() {
            return Err(DriverError::OnDriverThread);
        }
        // Inside a task of a runtime, tokio's channels would occasionally yield to the scheduler, which cannot run
        // before this call returns.
        let mut future = pin!(unconstrained(future));
        let alarm = Arc::new(Alarm::default());
        let waker = alarm.clone().into();
        let mut context = Context::from_waker(&waker);
        loop {
            if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
                return Ok(value);
            }
            alarm.wait();
        }
    }
}

/// What the thread sleeps on. Not the thread's park token, which the surrounding code may use.
#[derive(Default)]
struct Alarm {
    rung: Mutex<bool>,
    changed: Condvar,
}

impl Alarm {
    /// Waits for a notification, or takes one that came since the last wait.
    fn wait(&self) {
        let rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        let mut rung = self.changed.wait_while(rung, |rung| !*rung).unwrap_or_else(PoisonError::into_inner);
        *rung = false;
    }
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        future::{pending, poll_fn},
        thread,
        time::Duration,
    };
    use tokio::sync::{mpsc, oneshot};

    /// Far more than the polls that tokio allows a task in one turn.
    const MANY: u32 = 10_000;

    /// Receives what another thread sends, one blocking call each.
    fn receive_many() {
        let (sender, mut receiver) = mpsc::channel(1);
        let sending = thread::spawn(move || {
            Driver::block_on(async {
                for number in 0..MANY {
                    sender.send(number).await.unwrap();
                }
            })
        });
        for number in 0..MANY {
            assert_eq!(Driver::block_on(receiver.recv()).unwrap(), Some(number));
        }
        sending.join().unwrap().unwrap();
    }

    #[test]
    fn it_blocks_until_another_thread_wakes_it() {
        let (sender, receiver) = oneshot::channel();
        let (polled, was_polled) = oneshot::channel();
        let waiting = thread::spawn(move || {
            let (mut polled, mut receiver) = (Some(polled), pin!(receiver));
            Driver::block_on(poll_fn(|context| {
                let poll = receiver.as_mut().poll(context);
                if let Some(polled) = polled.take() {
                    polled.send(poll.is_pending()).unwrap();
                }
                poll
            }))
        });
        assert!(was_polled.blocking_recv().unwrap());
        sender.send(7).unwrap();
        assert_eq!(waiting.join().unwrap().unwrap(), Ok(7));
    }

    #[test]
    fn a_wake_up_during_the_poll_is_not_lost() {
        let mut polls = 0;
        let result = Driver::block_on(poll_fn(|context| {
            polls += 1;
            context.waker().wake_by_ref();
            if polls == 3 { Poll::Ready(polls) } else { Poll::Pending }
        }));
        assert_eq!(result.unwrap(), 3);
    }

    #[test]
    fn it_works_without_a_runtime() {
        receive_many();
    }

    #[tokio::test]
    async fn it_works_inside_a_current_thread_runtime() {
        receive_many();
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn it_works_inside_a_multi_thread_runtime() {
        tokio::spawn(async { receive_many() }).await.unwrap();
    }

    #[test]
    fn it_leaves_the_park_token_of_the_thread_alone() {
        thread::current().unpark();
        let driver = Driver::new();
        Driver::block_on(driver.run(async {})).unwrap().unwrap();
        let start = std::time::Instant::now();
        thread::park_timeout(Duration::from_secs(20));
        assert!(start.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn it_is_refused_on_a_driver_thread_at_once() {
        let driver = Driver::new();
        let result = Driver::block_on(driver.run(async { Driver::block_on(pending::<()>()) }));
        assert!(matches!(result, Ok(Ok(Err(DriverError::OnDriverThread)))));
    }
}

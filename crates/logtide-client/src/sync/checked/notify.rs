//! tokio's `Notify`, with a possible thread switch before each operation.

use std::future::poll_fn;

use super::switch;

#[derive(Debug)]
pub(crate) struct Notify(tokio::sync::Notify);

impl Notify {
    pub(crate) fn new() -> Self {
        Self(tokio::sync::Notify::new())
    }

    pub(crate) fn notify_one(&self) {
        switch();
        self.0.notify_one();
    }

    pub(crate) fn notified(&self) -> impl Future<Output = ()> {
        let mut notified = Box::pin(self.0.notified());
        poll_fn(move |context| {
            switch();
            notified.as_mut().poll(context)
        })
    }
}

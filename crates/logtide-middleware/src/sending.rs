//! Bodies that are produced while they are sent.

use std::pin::Pin;

use pin_project_lite::pin_project;

use crate::Transfer;

pin_project! {
    /// A body that is produced while it is sent. Created by [`Transfer::send`].
    ///
    /// It is polled and dropped in the scope of its request.
    #[derive(Debug)]
    pub struct Sending<B> {
        // `None` only while this is dropped.
        #[pin]
        body: Option<B>,
        transfer: Transfer,
    }

    impl<B> PinnedDrop for Sending<B> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            this.transfer.run(|| this.body.set(None));
        }
    }
}

impl<B> Sending<B> {
    pub(crate) const fn new(body: B, transfer: Transfer) -> Self {
        Self { body: Some(body), transfer }
    }

    /// Returns the body.
    pub fn body(&self) -> &B {
        self.body.as_ref().expect(BODY)
    }

    /// Runs a closure with the body in the scope of its request. Returns its output and the transfer, which records the
    /// progress.
    ///
    /// # Panics
    ///
    /// Panics with the same payload if the closure panics, after logging the final entry.
    pub fn run<R>(self: Pin<&mut Self>, work: impl FnOnce(Pin<&mut B>) -> R) -> (R, &mut Transfer) {
        let this = self.project();
        let body = this.body.as_pin_mut().expect(BODY);
        (this.transfer.run(|| work(body)), this.transfer)
    }
}

const BODY: &str = "a body is there until it is dropped";

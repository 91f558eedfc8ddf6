//! Futures that handle requests.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use pin_project_lite::pin_project;

use crate::Exchange;

pin_project! {
    /// A future that handles a request. Created by [`Exchange::handle`].
    ///
    /// It is polled and dropped in the scope of the request. It returns the future's output and the exchange to
    /// continue with.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct Handling<F> {
        // `None` once it is ready or this is dropped.
        #[pin]
        future: Option<F>,
        exchange: Option<Exchange>,
    }

    impl<F> PinnedDrop for Handling<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Some(exchange) = this.exchange {
                exchange.run(|| this.future.set(None));
            }
        }
    }
}

impl<F> Handling<F> {
    pub(crate) const fn new(future: F, exchange: Exchange) -> Self {
        Self { future: Some(future), exchange: Some(exchange) }
    }
}

impl<F: Future> Future for Handling<F> {
    type Output = (F::Output, Exchange);

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let Some(exchange) = this.exchange.as_mut() else { return Poll::Pending };
        let output = ready!(exchange.run(|| {
            let polled =
                this.future.as_mut().as_pin_mut().map_or(Poll::Pending, |future| future.poll(context));
            if polled.is_ready() {
                this.future.set(None);
            }
            polled
        }));
        this.exchange.take().map_or(Poll::Pending, |exchange| Poll::Ready((output, exchange)))
    }
}

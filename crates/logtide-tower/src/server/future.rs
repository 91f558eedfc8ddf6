//! The future that logs.

use std::{
    fmt::{Debug, Display},
    pin::Pin,
    task::{Context, Poll},
};

use http::Response;
use http_body::Body;
use logtide_middleware::Exchange;
use pin_project_lite::pin_project;

use super::{ResponseBody, failure::Failure};

pin_project! {
    /// The future of a service whose requests are logged. It is polled, and dropped, in the scope of its request.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct ResponseFuture<F> {
        #[pin]
        future: Option<F>,
        exchange: Option<Exchange>,
    }

    impl<F> PinnedDrop for ResponseFuture<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Some(exchange) = this.exchange {
                exchange.run(|| this.future.set(None));
            }
        }
    }
}

impl<F> ResponseFuture<F> {
    pub(super) const fn new(future: F, exchange: Exchange) -> Self {
        Self { future: Some(future), exchange: Some(exchange) }
    }
}

impl<F, B, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: Body,
    E: Debug + Display + 'static,
{
    type Output = Result<Response<ResponseBody<B>>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let Some(exchange) = this.exchange.as_mut() else { return Poll::Pending };
        let result = exchange.run(|| {
            let polled =
                this.future.as_mut().as_pin_mut().map_or(Poll::Pending, |future| future.poll(context));
            if polled.is_ready() {
                this.future.set(None);
            }
            polled
        });
        let Poll::Ready(result) = result else { return Poll::Pending };
        let Some(mut exchange) = this.exchange.take() else { return Poll::Pending };
        Poll::Ready(match result {
            Ok(response) => Ok(ResponseBody::of(response, exchange)),
            Err(error) => {
                exchange.fail(None, &Failure(&error));
                Err(error)
            }
        })
    }
}

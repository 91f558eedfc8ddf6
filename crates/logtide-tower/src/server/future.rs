//! The future of the layer.

use std::{
    fmt::{Debug, Display},
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::Response;
use http_body::Body;
use logtide_middleware::Handling;
use pin_project_lite::pin_project;

use super::ResponseBody;
use crate::failure::Failure;

pin_project! {
    /// The future of a service whose requests are logged. It is polled and dropped in the scope of its request.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct ResponseFuture<F> {
        #[pin]
        handling: Handling<F>,
    }
}

impl<F> ResponseFuture<F> {
    pub(super) const fn new(handling: Handling<F>) -> Self {
        Self { handling }
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
        let (result, mut exchange) = ready!(self.project().handling.poll(context));
        Poll::Ready(match result {
            Ok(response) => Ok(ResponseBody::of(response, exchange)),
            Err(error) => {
                exchange.fail(None, &Failure(&error));
                Err(error)
            }
        })
    }
}

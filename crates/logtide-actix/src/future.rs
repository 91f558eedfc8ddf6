//! The future of the middleware.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use actix_web::{
    Error,
    body::MessageBody,
    dev::ServiceResponse,
    http::{StatusCode, header::HeaderMap},
};
use logtide_middleware::{Exchange, Handling};
use pin_project_lite::pin_project;

use crate::{ResponseBody, fields::HeaderFields};

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
    pub(crate) const fn new(handling: Handling<F>) -> Self {
        Self { handling }
    }
}

impl<F, B> Future for ResponseFuture<F>
where
    F: Future<Output = Result<ServiceResponse<B>, Error>>,
    B: MessageBody,
{
    type Output = Result<ServiceResponse<ResponseBody<B>>, Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let (result, exchange) = ready!(self.project().handling.poll(context));
        Poll::Ready(match result {
            Ok(response) => Ok(answered(response, exchange)),
            Err(error) => {
                log_error(&error, exchange);
                Err(error)
            }
        })
    }
}

/// Continues with the body. If the response was created from an error, it is logged if the server is at fault.
fn answered<B: MessageBody>(
    response: ServiceResponse<B>,
    mut exchange: Exchange,
) -> ServiceResponse<ResponseBody<B>> {
    if let Some(error) = response.response().error() {
        fail(&mut exchange, response.status(), error);
    }
    response.map_body(|head, body| ResponseBody::new(head, body, exchange))
}

/// Another middleware returned an error, from which actix-web creates a response.
fn log_error(error: &Error, mut exchange: Exchange) {
    let status = error.as_response_error().status_code();
    fail(&mut exchange, status, error);
    let _ = exchange.respond(status.as_u16(), &HeaderFields(&HeaderMap::new()), Some(0));
}

fn fail(exchange: &mut Exchange, status: StatusCode, error: &Error) {
    if status.is_server_error() {
        exchange.fail(Some(status.as_u16()), error);
    }
}

//! The response body of the middleware.

use std::{
    error::Error,
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{
    body::{BodySize, MessageBody},
    dev::ResponseHead,
};
use bytes::Bytes;
use logtide_middleware::{Exchange, Sending};
use pin_project_lite::pin_project;

use crate::fields::{HeaderFields, SentFields};

pin_project! {
    /// A response body that logs its end. It is polled and dropped in the scope of its request.
    ///
    /// Chunks, size and errors are those of the inner body. Errors are boxed.
    #[derive(Debug)]
    pub struct ResponseBody<B> {
        #[pin]
        sending: Sending<B>,
    }
}

impl<B: MessageBody> ResponseBody<B> {
    pub(crate) fn new(head: &ResponseHead, body: B, exchange: Exchange) -> Self {
        // actix-web drops the application's `content-length` if it sends its own or the body is chunked.
        let (size, sends_length) = match body.size() {
            BodySize::None => (Some(0), false),
            BodySize::Sized(size) => (Some(size), false),
            BodySize::Stream => (None, !head.chunked()),
        };
        let headers = SentFields { fields: HeaderFields(head.headers()), has_length: sends_length };
        let transfer = exchange.respond(head.status.as_u16(), &headers, size);
        Self { sending: transfer.send(body) }
    }
}

impl<B: MessageBody> MessageBody for ResponseBody<B> {
    type Error = Box<dyn Error>;

    fn size(&self) -> BodySize {
        self.sending.body().size()
    }

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Box<dyn Error>>>> {
        let (chunk, transfer) = self.project().sending.run(|body| body.poll_next(context));
        chunk.map(|chunk| match chunk {
            Some(Ok(chunk)) => {
                transfer.sent(chunk.len() as u64);
                Some(Ok(chunk))
            }
            Some(Err(error)) => {
                let error = error.into();
                transfer.fail(&*error);
                Some(Err(error))
            }
            None => {
                transfer.complete();
                None
            }
        })
    }
}

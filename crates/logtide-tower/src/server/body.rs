//! The response body of the layer.

use std::{
    fmt::{Debug, Display},
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Buf;
use http::Response;
use http_body::{Body, Frame, SizeHint};
use logtide_middleware::{Exchange, Sending};
use pin_project_lite::pin_project;

use crate::failure::Failure;

pin_project! {
    /// A response body that logs its end. It is polled and dropped in the scope of its request.
    ///
    /// Frames, trailers, size and errors are those of the inner body.
    #[derive(Debug)]
    pub struct ResponseBody<B> {
        #[pin]
        sending: Sending<B>,
    }
}

impl<B: Body> ResponseBody<B> {
    /// Wraps the body of the service's response.
    pub(super) fn of(response: Response<B>, exchange: Exchange) -> Response<Self> {
        let (head, body) = response.into_parts();
        let is_empty = body.is_end_stream();
        let size = if is_empty { None } else { body.size_hint().exact() };
        let mut transfer = exchange.respond(head.status.as_u16(), &head.headers, size);
        if is_empty {
            transfer.complete();
        }
        Response::from_parts(head, Self { sending: transfer.send(body) })
    }
}

impl<B> Body for ResponseBody<B>
where
    B: Body,
    B::Error: Debug + Display + 'static,
{
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let ((frame, is_last), transfer) = self.project().sending.run(|mut body| {
            let frame = body.as_mut().poll_frame(context);
            (frame, body.is_end_stream())
        });
        match &frame {
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(data) = frame.data_ref() {
                    transfer.sent(data.remaining() as u64);
                }
                if let Some(trailers) = frame.trailers_ref() {
                    transfer.trailers(trailers);
                } else if is_last {
                    transfer.complete();
                }
            }
            Poll::Ready(Some(Err(error))) => transfer.fail(&Failure(error)),
            Poll::Ready(None) => transfer.complete(),
            Poll::Pending => {}
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.sending.body().is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.sending.body().size_hint()
    }
}

//! The body that logs.

use std::{
    fmt::{Debug, Display},
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Buf;
use http::Response;
use http_body::{Body, Frame, SizeHint};
use logtide_middleware::{Exchange, Transfer};
use pin_project_lite::pin_project;

use super::failure::Failure;

pin_project! {
    /// The body of a response that is logged when it ends. It is polled, and dropped, in the scope of its request.
    ///
    /// Frames, trailers, size and errors are those of the body in it.
    #[derive(Debug)]
    pub struct ResponseBody<B> {
        #[pin]
        body: Option<B>,
        transfer: Transfer,
    }

    impl<B> PinnedDrop for ResponseBody<B> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            this.transfer.run(|| this.body.set(None));
        }
    }
}

impl<B: Body> ResponseBody<B> {
    /// Puts the body of a response that the service gave into one that logs.
    pub(super) fn of(response: Response<B>, exchange: Exchange) -> Response<Self> {
        let (head, body) = response.into_parts();
        let size = if body.is_end_stream() { Some(0) } else { body.size_hint().exact() };
        let transfer = exchange.respond(head.status.as_u16(), &head.headers, size);
        Response::from_parts(head, Self { body: Some(body), transfer })
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
        let this = self.project();
        let Some(mut body) = this.body.as_pin_mut() else { return Poll::Ready(None) };
        let frame = this.transfer.run(|| body.as_mut().poll_frame(context));
        match &frame {
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(data) = frame.data_ref() {
                    this.transfer.sent(data.remaining() as u64);
                }
                // Nothing follows trailers.
                if frame.is_trailers() || body.is_end_stream() {
                    this.transfer.complete();
                }
            }
            Poll::Ready(Some(Err(error))) => this.transfer.fail(&Failure(error)),
            Poll::Ready(None) => this.transfer.complete(),
            Poll::Pending => {}
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}

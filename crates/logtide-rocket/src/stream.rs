//! Bodies of unknown size.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use logtide_middleware::{Sending, Transfer};
use rocket::{
    Response,
    response::Body,
    tokio::io::{AsyncRead, ReadBuf},
};

/// A body that is logged when it ends. It is read, and dropped, in the scope of its request.
pub(crate) struct Stream<'r>(Sending<Body<'r>>);

impl<'r> Stream<'r> {
    pub(crate) fn wrap(response: &mut Response<'r>, transfer: Transfer) {
        let body = response.body_mut().take();
        let chunk = body.max_chunk_size();
        response.set_streamed_body(Self(transfer.send(body)));
        response.set_max_chunk_size(chunk);
    }
}

impl AsyncRead for Stream<'_> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let (before, has_room) = (buffer.filled().len(), buffer.remaining() > 0);
        let sending = Pin::new(&mut self.get_mut().0);
        let (read, transfer) = sending.run(|body| body.poll_read(context, buffer));
        match &read {
            Poll::Ready(Ok(())) => match buffer.filled().len() - before {
                0 if has_room => transfer.complete(),
                bytes => transfer.sent(bytes as u64),
            },
            Poll::Ready(Err(error)) => transfer.fail(error),
            Poll::Pending => {}
        }
        read
    }
}

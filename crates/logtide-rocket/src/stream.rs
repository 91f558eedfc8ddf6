//! Response bodies that log their end.

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

/// A response body that logs its end. It is read and dropped in the scope of its request.
pub(crate) struct Stream<'r> {
    sending: Sending<Body<'r>>,
    /// The size of a body in bytes, until Rocket starts to read it. A body that is not read, as in the response to
    /// HEAD, counts as sent.
    unread: Option<u64>,
}

impl<'r> Stream<'r> {
    pub(crate) fn wrap(response: &mut Response<'r>, transfer: Transfer, size: Option<u64>) {
        let body = response.body_mut().take();
        let chunk = body.max_chunk_size();
        response.set_streamed_body(Self { sending: transfer.send(body), unread: size });
        response.set_max_chunk_size(chunk);
        if let Some(size) = size {
            response.set_raw_header("Content-Length", size.to_string());
        }
    }
}

impl Drop for Stream<'_> {
    fn drop(&mut self) {
        if let Some(size) = self.unread {
            let (_, transfer) = Pin::new(&mut self.sending).run(|_| ());
            transfer.sent(size);
        }
    }
}

impl AsyncRead for Stream<'_> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let (before, has_room) = (buffer.filled().len(), buffer.remaining() > 0);
        let Self { sending, unread } = self.get_mut();
        *unread = None;
        let (read, transfer) = Pin::new(sending).run(|body| body.poll_read(context, buffer));
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

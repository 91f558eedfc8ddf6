//! The body of a response.

use crate::{ErrorKind, TransportError, http_transport::from_body};
use bytes::Bytes;
use futures_core::Stream;
use hyper::body::{Body as _, Incoming};
use std::{fmt, future::poll_fn, pin::Pin};

/// A body that can be read chunk by chunk, or collected up to a limit.
pub struct Body(Source);

enum Source {
    Whole(Bytes),
    Incoming(Incoming),
    Chunks(Box<dyn Iterator<Item = Result<Bytes, TransportError>> + Send + 'static>),
    Stream(Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send + 'static>>),
}

impl Body {
    /// Creates an empty body.
    #[must_use]
    pub fn empty() -> Self {
        Self(Source::Whole(Bytes::new()))
    }

    /// Creates a body of chunks that arrive one by one. An `Err` stands for a connection that breaks.
    pub fn from_stream(chunks: impl Stream<Item = Result<Bytes, TransportError>> + Send + 'static) -> Self {
        Self(Source::Stream(Box::pin(chunks)))
    }

    /// Creates a body of existing chunks, like [`from_stream`](Self::from_stream).
    pub fn from_chunks(chunks: impl Iterator<Item = Result<Bytes, TransportError>> + Send + 'static) -> Self {
        Self(Source::Chunks(Box::new(chunks)))
    }

    pub(crate) fn incoming(body: Incoming) -> Self {
        Self(Source::Incoming(body))
    }

    /// Waits for the next chunk. Returns `None` at the end. Cancel safe: dropping the future loses nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] if the connection breaks before the end.
    pub async fn chunk(&mut self) -> Option<Result<Bytes, TransportError>> {
        match &mut self.0 {
            Source::Whole(bytes) if bytes.is_empty() => None,
            Source::Whole(bytes) => Some(Ok(std::mem::take(bytes))),
            Source::Chunks(chunks) => chunks.next(),
            Source::Stream(chunks) => poll_fn(|context| chunks.as_mut().poll_next(context)).await,
            Source::Incoming(body) => loop {
                match poll_fn(|context| Pin::new(&mut *body).poll_frame(context))
                    .await?
                    .map(hyper::body::Frame::into_data)
                {
                    Ok(Ok(data)) => return Some(Ok(data)),
                    Ok(Err(_trailers)) => {}
                    Err(error) => return Some(Err(from_body(error))),
                }
            },
        }
    }

    /// Reads the rest of the body.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooLarge`] as soon as more than `limit` bytes have arrived or are announced, and the errors of
    /// [`chunk`](Self::chunk).
    pub async fn collect(mut self, limit: usize) -> Result<Bytes, TransportError> {
        if let Source::Incoming(body) = &self.0 {
            check(body.size_hint().lower().try_into().unwrap_or(usize::MAX), limit)?;
        }
        let Some(first) = self.chunk().await.transpose()? else {
            return Ok(Bytes::new());
        };
        check(first.len(), limit)?;
        let Some(second) = self.chunk().await.transpose()? else {
            return Ok(first);
        };
        let mut collected = Vec::new();
        append(&mut collected, &first, limit)?;
        append(&mut collected, &second, limit)?;
        while let Some(chunk) = self.chunk().await.transpose()? {
            append(&mut collected, &chunk, limit)?;
        }
        Ok(collected.into())
    }

    /// Appends the rest of the body to `collected`, which keeps what was read on an error or if the future is
    /// dropped.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooLarge`] if there are more than `limit` bytes, and the errors of [`chunk`](Self::chunk).
    pub(crate) async fn collect_into(
        mut self,
        collected: &mut Vec<u8>,
        limit: usize,
    ) -> Result<(), TransportError> {
        while let Some(chunk) = self.chunk().await.transpose()? {
            let (kept, rest) = chunk.split_at(chunk.len().min(limit - collected.len()));
            append(collected, kept, limit)?;
            check(collected.len() + rest.len(), limit)?;
        }
        Ok(())
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self(Source::Whole(bytes))
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Bytes::from_static(text.as_bytes()).into()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.0 {
            Source::Whole(_) => "Body(whole)",
            Source::Chunks(_) => "Body(chunks)",
            Source::Stream(_) => "Body(stream)",
            Source::Incoming(_) => "Body(incoming)",
        })
    }
}

fn check(length: usize, limit: usize) -> Result<(), TransportError> {
    if length > limit {
        let cause = format!("the limit is {limit} bytes");
        return Err(TransportError::new(ErrorKind::TooLarge, cause));
    }
    Ok(())
}

/// Appends a chunk. The capacity doubles as needed, but never exceeds the limit.
fn append(collected: &mut Vec<u8>, chunk: &[u8], limit: usize) -> Result<(), TransportError> {
    let length = collected.len() + chunk.len();
    check(length, limit)?;
    if length > collected.capacity() {
        let capacity = (2 * collected.capacity()).clamp(length, limit);
        collected.reserve_exact(capacity - collected.len());
    }
    collected.extend_from_slice(chunk);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunks(parts: &'static [&'static str]) -> Body {
        Body::from_chunks(parts.iter().map(|part| Ok(Bytes::from_static(part.as_bytes()))))
    }

    #[tokio::test]
    async fn chunks_are_joined_in_order() {
        assert_eq!(chunks(&["a", "", "b", "c"]).collect(3).await.unwrap(), "abc");
        assert_eq!(chunks(&["only"]).collect(4).await.unwrap(), "only");
        assert_eq!(Body::empty().collect(0).await.unwrap(), "");
    }

    #[tokio::test]
    async fn one_byte_over_the_limit_is_too_large() {
        for body in [chunks(&["ab", "cd", "e"]), chunks(&["abcd", "e"]), chunks(&["abcde"])] {
            assert_eq!(body.collect(4).await.unwrap_err().kind(), ErrorKind::TooLarge);
        }
    }

    #[test]
    fn no_more_memory_is_taken_than_the_limit() {
        let (mut collected, chunk, limit) = (Vec::new(), [0; 1_000], 1 << 16);
        while append(&mut collected, &chunk, limit).is_ok() {
            assert!(collected.capacity() <= limit);
        }
        assert_eq!(collected.len(), 65_000);
    }

    #[tokio::test]
    async fn a_break_in_the_middle_is_an_error_and_not_a_short_body() {
        let broken = || Err(TransportError::new(ErrorKind::Io, "reset"));
        let body = Body::from_chunks([Ok(Bytes::from_static(b"half")), broken()].into_iter());
        assert_eq!(body.collect(100).await.unwrap_err().kind(), ErrorKind::Io);
    }
}

//! Requests with their whole response.

mod caught;
mod redirect;

use std::time::Duration;

use crate::{
    Answer, Beginning, ErrorKind, Request, Response, Transport, TransportError, error::require_runtime,
};

const MAX_REDIRECTS: usize = 5;

/// The longest body of a redirect that is read. Beyond it the connection is closed.
const MAX_REDIRECT_BYTES: usize = 1 << 20;

/// Sends a request and reads the whole response, within the request's total timeout.
///
/// A redirect to the same origin (scheme, host, port) is followed up to five times: 307 and 308 with any method, 301,
/// 302 and 303 with GET and HEAD. Any other redirect is returned as the response, so the API key never reaches a
/// server that the user did not name.
///
/// # Errors
///
/// - [`ErrorKind::Timeout`] after the request's timeout.
/// - [`ErrorKind::TooLarge`] for a body over `limit` bytes.
/// - [`ErrorKind::Request`] if a request with a timeout is not polled on a tokio runtime, such as a
///   [`Driver`](crate::Driver).
/// - [`ErrorKind::Io`] if the transport panics.
/// - The errors of the transport.
///
/// # Panics
///
/// On a tokio runtime without a timer, if the request has a timeout.
pub async fn fetch(
    transport: &dyn Transport,
    request: Request,
    limit: usize,
) -> Result<Answer, TransportError> {
    let timeout = request.timeout;
    let whole = async {
        let Response { status, headers, body } = follow(transport, request).await?;
        Ok(Answer { status, headers, body: body.collect(limit).await? })
    };
    within(timeout, whole).await
}

/// Sends a request and reads the beginning of its response.
///
/// Like [`fetch`], but a partial response is a success. If the response is longer than `limit` bytes, breaks off or
/// takes too long, the part that was read is returned and [`Beginning::cut`] has the reason. At most `limit` bytes
/// are read.
///
/// # Errors
///
/// There was no head of a response. The errors are those of [`fetch`].
///
/// # Panics
///
/// On a tokio runtime without a timer, if the request has a timeout.
pub async fn fetch_beginning(
    transport: &dyn Transport,
    request: Request,
    limit: usize,
) -> Result<Beginning, TransportError> {
    let timeout = request.timeout;
    let (mut head, mut read) = (None, Vec::new());
    let whole = async {
        let Response { status, headers, body } = follow(transport, request).await?;
        head = Some((status, headers));
        body.collect_into(&mut read, limit).await
    };
    let end = within(timeout, whole).await;
    match (head, end) {
        (Some((status, headers)), end) => {
            Ok(Beginning { status, headers, body: read.into(), cut: end.err() })
        }
        (None, Err(error)) => Err(error),
        (None, Ok(())) => Err(TransportError::new(ErrorKind::Io, "there was no response")),
    }
}

/// Sends a request, and returns the head of the response with a body that is still to be read.
///
/// The request's timeout applies only to the head. Redirects are followed like in [`fetch`].
///
/// # Errors
///
/// [`ErrorKind::Timeout`] if there is no head within the request's timeout, [`ErrorKind::Request`] if a request with
/// a timeout is not polled on a tokio runtime, and the errors of the transport.
///
/// # Panics
///
/// On a tokio runtime without a timer, if the request has a timeout.
pub async fn open(transport: &dyn Transport, request: Request) -> Result<Response, TransportError> {
    let timeout = request.timeout;
    within(timeout, follow(transport, request)).await
}

async fn within<T>(
    timeout: Option<Duration>,
    work: impl Future<Output = Result<T, TransportError>>,
) -> Result<T, TransportError> {
    let work = caught::caught(work);
    let Some(timeout) = timeout else {
        return work.await;
    };
    // Without a runtime there is no timer, and tokio would panic.
    require_runtime()?;
    match tokio::time::timeout(timeout, work).await {
        Ok(result) => result,
        Err(_) => {
            let cause = format!("gave up after {timeout:?}");
            let hint = "check that the server and its database are running, or allow more time";
            Err(TransportError::new(ErrorKind::Timeout, cause).with_hint(hint))
        }
    }
}

async fn follow(transport: &dyn Transport, mut request: Request) -> Result<Response, TransportError> {
    for _ in 0..MAX_REDIRECTS {
        let response = transport.exchange(request.clone()).await?;
        match redirect::target(&request, response.status, &response.headers) {
            Some(uri) => request.uri = uri,
            None => return Ok(response),
        }
        // Read to its end, so that the connection can be reused. The content does not matter.
        let _ = response.body.collect(MAX_REDIRECT_BYTES).await;
    }
    transport.exchange(request).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MemoryTransport, Reply};
    use http::{Method, StatusCode, Uri};

    fn request(method: Method) -> Request {
        Request::new(method, Uri::from_static("http://logs.example/api/v1/logs?q=a"))
    }

    fn redirect(status: u16, location: &str) -> Reply {
        Reply::status(status).header("location", location)
    }

    #[tokio::test]
    async fn a_redirect_to_the_same_origin_keeps_method_body_and_headers() {
        let transport = MemoryTransport::new();
        transport.push(redirect(308, "/v2/logs"));
        let mut post = request(Method::POST);
        post.body = "entries".into();
        post.headers.insert("x-api-key", "lp_secret".parse().unwrap());
        let answer = fetch(&transport, post, 100).await.unwrap();
        assert_eq!(answer.status, StatusCode::OK);
        let last = transport.requests().pop().unwrap();
        assert_eq!(last.method, Method::POST);
        assert_eq!(last.uri, "http://logs.example/v2/logs");
        assert_eq!(last.body, "entries");
        assert_eq!(last.headers["x-api-key"], "lp_secret");
    }

    #[tokio::test]
    async fn a_redirect_to_another_origin_is_the_answer() {
        let elsewhere =
            ["https://logs.example/", "http://evil.example/", "//evil.example/", "http://logs.example:81/"];
        for location in elsewhere {
            let transport = MemoryTransport::new();
            transport.push(redirect(307, location));
            let answer = fetch(&transport, request(Method::GET), 100).await.unwrap();
            assert_eq!(answer.status, StatusCode::TEMPORARY_REDIRECT, "{location}");
            assert_eq!(transport.requests().len(), 1, "{location}");
        }
    }

    #[tokio::test]
    async fn a_post_is_not_sent_again_for_a_302() {
        let transport = MemoryTransport::new();
        transport.push(redirect(302, "/elsewhere"));
        let answer = fetch(&transport, request(Method::POST), 100).await.unwrap();
        assert_eq!(answer.status, StatusCode::FOUND);
    }

    #[tokio::test]
    async fn a_circle_of_redirects_ends() {
        let transport = MemoryTransport::responding(|_| redirect(302, "/again"));
        let answer = fetch(&transport, request(Method::GET), 100).await.unwrap();
        assert_eq!(answer.status, StatusCode::FOUND);
        assert_eq!(transport.requests().len(), MAX_REDIRECTS + 1);
    }

    #[tokio::test(start_paused = true)]
    async fn the_timeout_covers_a_silent_server() {
        let transport = MemoryTransport::new();
        transport.push(Reply::hang());
        let mut slow = request(Method::GET);
        slow.timeout = Some(Duration::from_secs(30));
        let error = fetch(&transport, slow, 100).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        let text = error.to_string();
        assert!(text.starts_with("no complete response in time: gave up after 30s; check"), "{text}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_timeout_of_a_stream_covers_its_head_alone() {
        let transport = MemoryTransport::new();
        transport.push(redirect(307, "/v2/stream"));
        let slow = futures_util::stream::unfold(0, |count| async move {
            tokio::time::sleep(Duration::from_secs(60)).await;
            (count < 2).then(|| (Ok(bytes::Bytes::from_static(b"tick")), count + 1))
        });
        transport.push(Reply::status(200).body(crate::Body::from_stream(slow)));
        transport.push(Reply::hang());
        let stream = || Request { timeout: Some(Duration::from_secs(30)), ..request(Method::GET) };
        let response = open(&transport, stream()).await.unwrap();
        assert_eq!(response.body.collect(100).await.unwrap(), "ticktick");
        assert_eq!(open(&transport, stream()).await.unwrap_err().kind(), ErrorKind::Timeout);
    }

    #[tokio::test(start_paused = true)]
    async fn the_beginning_of_an_answer_is_given_however_it_ends() {
        let beginning = async |body: crate::Body, limit| {
            let transport = MemoryTransport::new();
            transport.push(Reply::status(200).body(body));
            let request = Request { timeout: Some(Duration::from_secs(30)), ..request(Method::POST) };
            let Beginning { body, cut, .. } = fetch_beginning(&transport, request, limit).await.unwrap();
            (body, cut.map(|error| error.kind()))
        };
        let chunks = |last: Result<&'static str, ErrorKind>| {
            let last = last.map(Into::into).map_err(|kind| TransportError::new(kind, "broken"));
            crate::Body::from_chunks([Ok("abc".into()), last].into_iter())
        };
        assert_eq!(beginning(chunks(Ok("def")), 6).await, ("abcdef".into(), None));
        assert_eq!(beginning(chunks(Ok("def")), 5).await, ("abcde".into(), Some(ErrorKind::TooLarge)));
        assert_eq!(beginning(chunks(Ok("def")), 3).await, ("abc".into(), Some(ErrorKind::TooLarge)));
        assert_eq!(beginning(chunks(Err(ErrorKind::Io)), 9).await, ("abc".into(), Some(ErrorKind::Io)));
        let stalled = futures_util::stream::once(async { Ok("abc".into()) });
        let stalled = futures_util::StreamExt::chain(stalled, futures_util::stream::pending());
        let stalled = beginning(crate::Body::from_stream(stalled), 9).await;
        assert_eq!(stalled, ("abc".into(), Some(ErrorKind::Timeout)));
    }

    #[tokio::test]
    async fn the_beginning_needs_a_head() {
        let transport = MemoryTransport::new();
        transport.push(Reply::fail(ErrorKind::Connect));
        let error = fetch_beginning(&transport, request(Method::POST), 9).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect);
    }

    #[tokio::test]
    async fn the_limit_covers_the_answer() {
        let transport = MemoryTransport::new();
        transport.push(Reply::status(200).body("12345"));
        let error = fetch(&transport, request(Method::GET), 4).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TooLarge);
    }
}

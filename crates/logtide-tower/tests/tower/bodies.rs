//! Bodies are passed on unchanged, and the response is logged when they end.

use std::{collections::VecDeque, convert::Infallible, io, panic::AssertUnwindSafe, pin::Pin, task};

use futures_util::FutureExt as _;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use logtide_tower::ResponseBody;
use tower::{ServiceExt as _, service_fn};

use crate::setup::{Logged, TRACE, answer, request};
use http_body::{Body, Frame};

/// A body of scripted frames, of unknown size.
struct Scripted(VecDeque<Step>);

enum Step {
    Data(&'static [u8]),
    Trailers(HeaderMap),
    Fail(io::ErrorKind),
    Panic,
}

impl Body for Scripted {
    type Data = &'static [u8];
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut task::Context<'_>,
    ) -> task::Poll<Option<io::Result<Frame<&'static [u8]>>>> {
        task::Poll::Ready(self.0.pop_front().map(|step| match step {
            Step::Data(data) => Ok(Frame::data(data)),
            Step::Trailers(trailers) => Ok(Frame::trailers(trailers)),
            Step::Fail(kind) => Err(kind.into()),
            Step::Panic => panic!("expected in this test"),
        }))
    }
}

/// Serves one request with the given response.
async fn serve<B: Body>(logged: &Logged, response: Response<B>) -> Response<ResponseBody<B>> {
    let mut response = Some(response);
    let service = service_fn(move |_: Request<_>| {
        let response = response.take().unwrap();
        async move { Ok::<_, Infallible>(response) }
    });
    logged.layer(service).oneshot(request()).await.unwrap()
}

fn scripted(steps: impl IntoIterator<Item = Step>) -> Response<Scripted> {
    answer(Scripted(steps.into_iter().collect()))
}

#[tokio::test]
async fn size_and_frames_are_those_of_the_body() {
    let logged = Logged::new();
    let mut body = serve(&logged, answer(Full::new(&b"hello"[..]))).await.into_body();
    assert_eq!((body.size_hint().exact(), body.is_end_stream()), (Some(5), false));
    assert_eq!(logged.entries().len(), 1, "nothing of the body was sent");
    let frame = body.frame().await.unwrap().unwrap();
    assert_eq!(frame.into_data().unwrap(), &b"hello"[..]);
    assert_eq!((body.size_hint().exact(), body.is_end_stream()), (Some(0), true));
    assert!(logged.ending()["message"].as_str().unwrap().starts_with("GET / 200 ("), "all of it was sent");
    let empty = serve(&logged, answer(Full::new(&b""[..]))).await;
    assert_eq!(logged.entries().len(), 4, "there is nothing to wait for");
    drop(empty);
    assert_eq!(logged.entries().len(), 4);
}

#[tokio::test]
async fn a_body_of_unknown_size_ends_where_it_says_so() {
    let logged = Logged::new();
    let mut body = serve(&logged, scripted([Step::Data(b"a"), Step::Data(b"b")])).await.into_body();
    for expected in [b"a", b"b"] {
        assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), expected);
        assert_eq!(logged.entries().len(), 1);
    }
    assert!(body.frame().await.is_none());
    assert_eq!(logged.ending()["trace_id"], TRACE);
    assert!(body.frame().await.is_none());
    drop(body);
    assert_eq!(logged.entries().len(), 2);
}

#[tokio::test]
async fn a_body_that_ends_before_its_announced_length_is_a_failure() {
    for (steps, sent) in [(vec![], 0), (vec![Step::Data(b"ab"), Step::Data(b"c")], 3)] {
        let logged = Logged::new();
        let mut response = scripted(steps);
        response.headers_mut().insert("content-length", 10.into());
        let mut body = serve(&logged, response).await.into_body();
        while body.frame().await.is_some() {}
        drop(body);
        let entry = logged.ending();
        assert_eq!(
            entry["message"],
            format!("Request error: the response body ended after {sent} of 10 bytes")
        );
        assert_eq!((&entry["level"], &entry["metadata"]["status"]), (&"error".into(), &200.into()));
    }
    let logged = Logged::new();
    let mut response = answer(Full::new(&b""[..]));
    response.headers_mut().insert("content-length", 10.into());
    let body = serve(&logged, response).await;
    assert_eq!(logged.ending()["message"], "Request error: the response body ended after 0 of 10 bytes");
    drop(body);
    assert_eq!(logged.entries().len(), 2);
}

#[tokio::test]
async fn trailers_end_a_body() {
    let logged = Logged::new();
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", "0".parse().unwrap());
    let steps = [Step::Data(b"a"), Step::Trailers(trailers.clone())];
    let mut body = serve(&logged, scripted(steps)).await.into_body();
    let _ = body.frame().await;
    assert_eq!(body.frame().await.unwrap().unwrap().into_trailers().unwrap(), trailers);
    assert_eq!(logged.ending()["level"], "info");
}

#[tokio::test]
async fn the_status_of_a_grpc_call_is_in_the_head_or_behind_the_body() {
    let head = |response: &mut Response<Scripted>, name: &'static str, value: &'static str| {
        response.headers_mut().insert(name, value.parse().unwrap());
    };
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", 14.into());
    let mut late = scripted([Step::Data(b"a"), Step::Trailers(trailers)]);
    head(&mut late, "content-type", "application/grpc");
    head(&mut late, "content-length", "1");
    let mut early = scripted([]);
    head(&mut early, "content-type", "application/grpc");
    head(&mut early, "grpc-status", "14");
    for response in [late, early] {
        let logged = Logged::new();
        let mut body = serve(&logged, response).await.into_body();
        while body.frame().await.is_some() {}
        let entry = logged.ending();
        assert_eq!((&entry["level"], &entry["metadata"]["grpc_status"]), (&"error".into(), &14.into()));
        assert!(entry["message"].as_str().unwrap().starts_with("GET / 200 ("), "{entry}");
    }
}

#[tokio::test]
async fn an_error_of_a_body_is_logged_once_and_stays_what_it_is() {
    let logged = Logged::new();
    let steps = [Step::Data(b"a"), Step::Fail(io::ErrorKind::TimedOut)];
    let mut body = serve(&logged, scripted(steps)).await.into_body();
    let _ = body.frame().await;
    assert_eq!(body.frame().await.unwrap().unwrap_err().kind(), io::ErrorKind::TimedOut);
    drop(body);
    let entry = logged.ending();
    assert_eq!((entry["level"].as_str(), entry["metadata"]["status"].as_u64()), (Some("error"), Some(200)));
    assert_eq!(entry["message"], "Request error: timed out");
}

#[tokio::test]
async fn a_panic_of_a_body_is_logged_once_and_resumed() {
    let logged = Logged::new();
    let mut body = serve(&logged, scripted([Step::Panic])).await.into_body();
    assert!(AssertUnwindSafe(body.frame()).catch_unwind().await.is_err());
    drop(body);
    assert_eq!(logged.ending()["message"], "Request error: panicked: expected in this test");
}

#[tokio::test]
async fn a_body_that_is_dropped_before_its_end_counts_as_cancelled() {
    let logged = Logged::new();
    let mut body = serve(&logged, scripted([Step::Data(b"a"), Step::Data(b"b")])).await.into_body();
    let _ = body.frame().await;
    drop(body);
    let entry = logged.ending();
    assert!(entry["message"].as_str().unwrap().starts_with("GET / cancelled ("), "{entry}");
    assert_eq!(entry["level"], "warn");
}

#[tokio::test]
async fn a_server_that_stops_at_the_announced_length_has_sent_all() {
    let logged = Logged::new();
    let mut response = scripted([Step::Data(b"abc")]);
    response.headers_mut().insert("content-length", 3.into());
    let mut body = serve(&logged, response).await.into_body();
    let _ = body.frame().await;
    drop(body);
    assert_eq!(logged.ending()["level"], "info");
}

#[tokio::test]
async fn bodies_that_are_never_sent_are_not_waited_for() {
    for status in [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED, StatusCode::SWITCHING_PROTOCOLS] {
        let logged = Logged::new();
        let mut response = scripted([Step::Data(b"never sent")]);
        *response.status_mut() = status;
        drop(serve(&logged, response).await);
        let entry = logged.ending();
        assert_eq!(
            (entry["level"].as_str(), entry["metadata"]["status"].as_u64()),
            (Some("info"), Some(status.as_u16().into()))
        );
    }
}

//! Errors, panics and disconnecting clients: logged once, and passed on unchanged.

use std::{convert::Infallible, error::Error, fmt, future::pending, io, panic::AssertUnwindSafe};

use futures_util::{FutureExt as _, future::poll_immediate};
use http::{Request, Response};
use http_body_util::Empty;
use tower::{BoxError, Service as _, ServiceExt as _, service_fn};

use crate::setup::{Logged, TRACE, answer, request};

type Answer = Response<Empty<&'static [u8]>>;

#[derive(Debug, PartialEq)]
struct OutOfStock(u32);

impl fmt::Display for OutOfStock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "item {} is out of stock", self.0)
    }
}

impl Error for OutOfStock {}

#[derive(Debug)]
struct OrderRefused(OutOfStock);

impl fmt::Display for OrderRefused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("order refused")
    }
}

impl Error for OrderRefused {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

#[tokio::test]
async fn an_error_is_logged_once_and_stays_what_it_is() {
    let logged = Logged::new();
    let service = logged.layer(service_fn(|_: Request<_>| async { Err::<Answer, _>(OutOfStock(7)) }));
    assert_eq!(service.oneshot(request()).await.unwrap_err(), OutOfStock(7));
    let entry = logged.ending();
    assert_eq!(entry["level"], "error");
    assert_eq!(entry["message"], "Request error: item 7 is out of stock");
    assert_eq!(entry["metadata"]["exception"]["type"], "OutOfStock");
    assert_eq!(entry["trace_id"], TRACE);
}

#[tokio::test]
async fn an_error_in_a_box_is_logged_with_its_causes() {
    let logged = Logged::new();
    let fails = |_: Request<_>| async { Err::<Answer, BoxError>(OrderRefused(OutOfStock(7)).into()) };
    let error = logged.layer(service_fn(fails)).oneshot(request()).await.unwrap_err();
    assert!(error.is::<OrderRefused>(), "the box holds what it held");
    let exception = &logged.ending()["metadata"]["exception"];
    assert_eq!(
        (exception["type"].as_str(), exception["message"].as_str()),
        (Some("OrderRefused"), Some("order refused"))
    );
    assert_eq!(exception["cause"]["message"], "item 7 is out of stock", "{exception}");
}

#[tokio::test]
async fn the_errors_that_bodies_have_are_logged_with_their_causes() {
    async fn cause_of<E: fmt::Debug + fmt::Display + 'static>(error: E) -> serde_json::Value {
        let logged = Logged::new();
        let mut error = Some(error);
        let fails = service_fn(move |_: Request<_>| {
            let error = error.take().unwrap();
            async { Err::<Answer, _>(error) }
        });
        assert!(logged.layer(fails).oneshot(request()).await.is_err());
        logged.ending()["metadata"]["exception"].take()
    }
    let causes = [
        cause_of(io::Error::other(OrderRefused(OutOfStock(7)))).await,
        cause_of(::axum::Error::new(OrderRefused(OutOfStock(7)))).await,
    ];
    for exception in causes {
        assert_eq!(exception["message"], "order refused");
        assert!(exception["cause"].to_string().contains("item 7 is out of stock"), "{exception}");
    }
}

#[tokio::test]
async fn a_panic_is_logged_once_and_resumed() {
    let in_call = service_fn(|_: Request<_>| -> std::future::Ready<Result<Answer, Infallible>> {
        panic!("expected in this test")
    });
    let in_future = service_fn(|_: Request<_>| async {
        tokio::task::yield_now().await;
        panic!("expected in this test");
        #[expect(unreachable_code, reason = "determines the output type of the future")]
        Ok::<Answer, Infallible>(answer(Empty::new()))
    });
    for logged in [Logged::new(), Logged::new()] {
        let mut first = logged.layer(in_call);
        let panicked = async { first.call(request()).await };
        let payload = AssertUnwindSafe(panicked).catch_unwind().await.unwrap_err();
        assert_eq!(payload.downcast_ref::<&str>(), Some(&"expected in this test"));
        assert_eq!(logged.ending()["message"], "Request error: panicked: expected in this test");
        let panicked = logged.layer(in_future).oneshot(request());
        assert!(AssertUnwindSafe(panicked).catch_unwind().await.is_err());
        let entries = logged.entries();
        assert_eq!(entries.len(), 4, "{entries:#?}");
        assert_eq!(entries[3]["message"], "Request error: panicked: expected in this test");
    }
}

#[tokio::test]
async fn a_request_that_is_dropped_counts_as_cancelled() {
    let logged = Logged::new();
    let hangs = service_fn(|_: Request<_>| pending::<Result<Answer, Infallible>>());
    let mut future = Box::pin(logged.layer(hangs).oneshot(request()));
    assert!(poll_immediate(&mut future).await.is_none());
    assert_eq!(logged.entries().len(), 1);
    drop(future);
    let entry = logged.ending();
    assert_eq!(entry["level"], "warn");
    assert!(entry["message"].as_str().unwrap().starts_with("GET / cancelled ("), "{entry}");
}

//! Panics of a transport.

use std::{future::poll_fn, pin::pin};

use logtide_core::bridge::{Caught, catch};

use crate::{ErrorKind, TransportError};

/// Turns a panic into an error. The transport may be the application's, and the runtime panics if it cannot start a
/// thread to look up a name.
pub(super) async fn caught<T>(
    work: impl Future<Output = Result<T, TransportError>>,
) -> Result<T, TransportError> {
    let mut work = pin!(work);
    poll_fn(|context| {
        catch(|| work.as_mut().poll(context)).unwrap_or_else(|panic| Err(of_panic(&panic)).into())
    })
    .await
}

fn of_panic(panic: &Caught) -> TransportError {
    TransportError::new(ErrorKind::Io, format!("the transport panicked: {}", panic.message()))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::{Method, Uri};

    use super::*;
    use crate::{Exchange, Request, Transport, fetch, open};

    #[tokio::test]
    async fn a_panic_is_an_error_that_says_so() {
        for text in [Some("no threads"), None] {
            let error = caught::<()>(async {
                match text {
                    Some(text) => panic!("{text}"),
                    None => std::panic::panic_any(7),
                }
            })
            .await
            .unwrap_err();
            assert!(error.is_retryable());
            let expected =
                format!("the transport panicked: {}", text.unwrap_or("(the panic has no message)"));
            assert!(error.to_string().ends_with(&expected), "{error}");
        }
    }

    /// Panics in the call, not in the returned future.
    #[derive(Debug)]
    struct Panics;

    impl Transport for Panics {
        fn exchange(&self, _: Request) -> Exchange {
            panic!("no threads")
        }
    }

    #[tokio::test]
    async fn a_transport_that_panics_is_an_error_of_every_exchange() {
        for timeout in [None, Some(Duration::from_secs(30))] {
            let mut request = Request::new(Method::GET, Uri::from_static("http://logs.example/"));
            request.timeout = timeout;
            let whole = fetch(&Panics, request.clone(), 100).await.unwrap_err();
            let head = open(&Panics, request).await.unwrap_err();
            assert_eq!([whole.kind(), head.kind()], [ErrorKind::Io; 2]);
        }
    }
}

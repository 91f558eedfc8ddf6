//! Outgoing requests as spans.

use std::{
    borrow::Cow,
    fmt::{Debug, Display},
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::{Request, Response};
use logtide_client::Client;
use logtide_middleware::{OutgoingRequest, PathName, RequestTarget};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::{failure::Failure, version};

/// Makes each outgoing request a span, and propagates its trace. Created by
/// [`ClientLayer::spans`](super::ClientLayer::spans).
///
/// [`OutgoingRequest`] describes the span, its attributes and the headers. A request with a `traceparent` is not
/// changed.
///
/// ```
/// # fn wrap<S>(client: logtide_client::Client, http: S) {
/// use tower::ServiceBuilder;
///
/// let http = ServiceBuilder::new().layer(logtide_tower::ClientLayer::new(client).spans()).service(http);
/// # }
/// ```
///
/// Place it inside layers that send a request several times, such as a retry: then each attempt is a span.
#[derive(Clone, Debug)]
pub struct ClientSpanLayer {
    client: Client,
    path_name: Option<PathName>,
}

impl ClientSpanLayer {
    pub(super) const fn new(client: Client) -> Self {
        Self { client, path_name: None }
    }

    /// Sets a function that returns the name of the path in the attribute `url.full`. Default: the path itself.
    ///
    /// Use it for paths that contain a secret, such as a token. The function must not log. If it panics, the name is
    /// `[REDACTED]`.
    ///
    /// ```
    /// # fn example(client: logtide_client::Client) {
    /// let layer = logtide_tower::ClientLayer::new(client).spans().path_name(|_| "/bot{token}".into());
    /// # drop(layer);
    /// # }
    /// ```
    #[must_use]
    pub fn path_name(
        mut self,
        name: impl for<'a> Fn(RequestTarget<'a>) -> Cow<'a, str> + Send + Sync + 'static,
    ) -> Self {
        self.path_name = Some(PathName::new(name));
        self
    }

    fn begin<B>(&self, request: &mut Request<B>) -> Option<OutgoingRequest> {
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let (method, headers) = (method.as_str(), request.headers_mut());
        match &self.path_name {
            Some(name) => OutgoingRequest::begin_named(&self.client, method, &uri, name, headers),
            None => OutgoingRequest::begin(&self.client, method, &uri, headers),
        }
    }
}

impl<S> Layer<S> for ClientSpanLayer {
    type Service = ClientSpanService<S>;

    fn layer(&self, inner: S) -> ClientSpanService<S> {
        ClientSpanService { layer: self.clone(), inner }
    }
}

/// A service whose requests are spans. Created by [`ClientSpanLayer`].
#[derive(Clone, Debug)]
pub struct ClientSpanService<S> {
    layer: ClientSpanLayer,
    inner: S,
}

impl<S, B, R> Service<Request<B>> for ClientSpanService<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: Debug + Display + 'static,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = ClientSpanFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let span = self.layer.begin(&mut request);
        let inner = &mut self.inner;
        let future = match &span {
            Some(span) => span.run(|| inner.call(request)),
            None => inner.call(request),
        };
        ClientSpanFuture { future: Some(future), span }
    }
}

pin_project! {
    /// The future of a request that is a span. It is polled and dropped inside the span.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct ClientSpanFuture<F> {
        // `None` once it is ready or this is dropped.
        #[pin]
        future: Option<F>,
        span: Option<OutgoingRequest>,
    }

    impl<F> PinnedDrop for ClientSpanFuture<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Some(span) = this.span {
                span.run(|| this.future.set(None));
            }
        }
    }
}

impl<F, R, E> Future for ClientSpanFuture<F>
where
    F: Future<Output = Result<Response<R>, E>>,
    E: Debug + Display + 'static,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let mut poll = || {
            let polled =
                this.future.as_mut().as_pin_mut().map_or(Poll::Pending, |future| future.poll(context));
            if polled.is_ready() {
                this.future.set(None);
            }
            polled
        };
        let result = ready!(match &*this.span {
            Some(span) => span.run(poll),
            None => poll(),
        });
        match (this.span.take(), &result) {
            (Some(span), Ok(response)) => {
                span.respond(
                    response.status().as_u16(),
                    response.headers(),
                    version::name(response.version()),
                );
            }
            (Some(span), Err(error)) => span.fail(&Failure(error)),
            (None, _) => {}
        }
        Poll::Ready(result)
    }
}

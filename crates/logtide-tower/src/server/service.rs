//! The service of the layer.

use std::{
    fmt::{Debug, Display},
    task::{Context, Poll},
};

use http::{Request, Response};
use http_body::Body;
use logtide_middleware::{AccessLog, RequestHead};
use tower_service::Service;

use super::{ResponseBody, ResponseFuture, lookup::Lookup};
use crate::version;

/// A service whose requests are logged. Created by [`ServerLayer`](super::ServerLayer).
#[derive(Clone, Debug)]
pub struct ServerService<S> {
    log: AccessLog,
    lookup: Lookup,
    inner: S,
}

impl<S> ServerService<S> {
    pub(super) const fn new(log: AccessLog, lookup: Lookup, inner: S) -> Self {
        Self { log, lookup, inner }
    }
}

impl<S, B, R> Service<Request<B>> for ServerService<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: Debug + Display + 'static,
    R: Body,
{
    type Response = Response<ResponseBody<R>>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> ResponseFuture<S::Future> {
        let head = RequestHead::new(request.method().as_str(), request.uri().path(), request.headers())
            .query(request.uri().query())
            .route(self.lookup.route(request.extensions()))
            .client_ip(self.lookup.client_ip(request.extensions()))
            .scheme(request.uri().scheme_str())
            .authority(request.uri().authority().map(http::uri::Authority::as_str))
            .version(version::name(request.version()));
        let mut exchange = self.log.begin(&head);
        let future = exchange.run(|| self.inner.call(request));
        ResponseFuture::new(exchange.handle(future))
    }
}

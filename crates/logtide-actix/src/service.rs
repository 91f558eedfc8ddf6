//! The service of the middleware.

use std::task::{Context, Poll};

use actix_web::{
    Error,
    body::MessageBody,
    dev::{Service, ServiceRequest, ServiceResponse},
    http::Version,
};
use logtide_middleware::{AccessLog, RequestHead};

use crate::{ResponseBody, ResponseFuture, fields::HeaderFields};

/// A service whose requests are logged. Created by [`LogTide`](crate::LogTide).
#[derive(Clone, Debug)]
pub struct LogTideService<S> {
    log: AccessLog,
    inner: S,
}

impl<S> LogTideService<S> {
    pub(crate) const fn new(log: AccessLog, inner: S) -> Self {
        Self { log, inner }
    }
}

impl<S, B> Service<ServiceRequest> for LogTideService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<ResponseBody<B>>;
    type Error = Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&self, request: ServiceRequest) -> ResponseFuture<S::Future> {
        let headers = HeaderFields(request.headers());
        let head = RequestHead::new(request.method().as_str(), request.path(), &headers)
            .query(Some(request.query_string()).filter(|query| !query.is_empty()))
            .route(request.match_pattern().map(Into::into))
            .client_ip(request.peer_addr().map(|address| address.ip()))
            .scheme(Some(if request.app_config().secure() { "https" } else { "http" }))
            .authority(request.uri().authority().map(|authority| authority.as_str()))
            .version(version_name(request.version()));
        let mut exchange = self.log.begin(&head);
        let future = exchange.run(|| self.inner.call(request));
        ResponseFuture::new(exchange.handle(future))
    }
}

/// The name in OpenTelemetry's semantic conventions.
fn version_name(version: Version) -> Option<&'static str> {
    match version {
        Version::HTTP_09 => Some("0.9"),
        Version::HTTP_10 => Some("1.0"),
        Version::HTTP_11 => Some("1.1"),
        Version::HTTP_2 => Some("2"),
        Version::HTTP_3 => Some("3"),
        _ => None,
    }
}

//! Requests without spans: the feature `otlp` is off.

use std::convert::Infallible;

use logtide_core::TraceContext;

use crate::{
    AccessLog, Headers, RequestHead,
    exchange::{Ending, GrpcCall, RequestLine},
};

/// Uninhabited, since requests have no spans.
#[derive(Debug)]
pub(crate) struct ServerSpan(Infallible);

/// The data for the span of a request when it ends.
#[expect(dead_code, reason = "there is no span")]
pub(crate) struct Ended<'a> {
    pub(crate) log: &'a AccessLog,
    pub(crate) line: &'a RequestLine,
    pub(crate) status: Option<u16>,
    pub(crate) grpc: &'a GrpcCall,
    pub(crate) ending: &'a Ending<'a>,
}

impl ServerSpan {
    pub(crate) const fn begin<H: Headers>(
        _: &AccessLog,
        _: &RequestHead<'_, H>,
        _: &TraceContext,
        _: Option<&TraceContext>,
    ) -> Option<Self> {
        None
    }

    pub(crate) const fn trace_context(&self) -> TraceContext {
        match self.0 {}
    }

    pub(crate) const fn end(self, _: &Ended<'_>) {
        match self.0 {}
    }
}

//! An OpenTelemetry collector.

use std::fmt;

use logtide_otlp::Compression;
use logtide_transport::{Endpoint, EndpointError};

/// An OpenTelemetry collector, or any other server that accepts OTLP over HTTP. Created by
/// [`Wire::otlp`](super::Wire::otlp).
///
/// `Debug` does not show the values of headers.
#[derive(Clone)]
pub struct Collector {
    endpoint: String,
    headers: Vec<(String, String)>,
    compression: Compression,
}

impl Collector {
    pub(super) fn new(endpoint: impl Into<String>) -> Self {
        Self { endpoint: endpoint.into(), headers: Vec::new(), compression: Compression::default() }
    }

    /// Adds a header to every request, for example for authorization. The last value for a name is used.
    ///
    /// [`Client::new`](crate::Client::new) rejects headers that the SDK sets itself: `host`, `content-*`, `accept*`,
    /// `proxy-authorization` and those that manage the connection.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets whether requests are compressed with gzip. Default true.
    #[must_use]
    pub fn gzip(mut self, compress: bool) -> Self {
        self.compression = if compress { Compression::Gzip } else { Compression::None };
        self
    }

    pub(super) const fn compression(&self) -> Compression {
        self.compression
    }

    pub(super) fn endpoint(&self) -> Result<Endpoint, EndpointError> {
        let headers = self.headers.iter().map(|(name, value)| (&**name, &**value));
        Endpoint::for_collector(&self.endpoint, headers)
    }
}

impl fmt::Debug for Collector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Collector")
            .field("endpoint", &super::super::connection::without_user_info(&self.endpoint))
            .field("headers", &super::super::connection::names(&self.headers))
            .field("compression", &self.compression)
            .finish()
    }
}

//! OpenTelemetry's semantic conventions for HTTP servers and clients.

use std::time::SystemTime;

use http::uri::Authority;
use logtide_core::Fields;

/// The method of a request, which can be any token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Method<'a>(&'a str);

impl<'a> Method<'a> {
    pub(crate) const fn of(method: &'a str) -> Self {
        Self(method)
    }

    /// The methods of RFC 9110, and `PATCH` of RFC 5789.
    fn is_known(self) -> bool {
        matches!(
            self.0,
            "CONNECT" | "DELETE" | "GET" | "HEAD" | "OPTIONS" | "PATCH" | "POST" | "PUT" | "TRACE"
        )
    }

    /// The method's form in span names.
    pub(crate) fn in_name(self) -> &'a str {
        if self.is_known() { self.0 } else { "HTTP" }
    }

    pub(crate) fn write_to(self, fields: &mut Fields<'_>) {
        if self.is_known() {
            fields.field("http.request.method", self.0);
        } else {
            fields.field("http.request.method", "_OTHER");
            fields.field("http.request.method_original", self.0);
        }
    }
}

/// The server of a request, as the request names it.
#[derive(Clone, Debug)]
pub(crate) struct Peer(Option<Authority>);

impl Peer {
    pub(crate) fn of(authority: Option<&str>) -> Self {
        Self(authority.and_then(|authority| authority.parse().ok()))
    }

    pub(crate) fn port(&self) -> Option<u16> {
        self.0.as_ref()?.port_u16()
    }

    pub(crate) fn host(&self) -> Option<&str> {
        self.0.as_ref().map(|authority| authority.host().trim_matches(['[', ']']))
    }

    pub(crate) fn write_to(&self, fields: &mut Fields<'_>) {
        if let Some(host) = self.host() {
            fields.field("server.address", host);
        }
        if let Some(port) = self.port() {
            fields.field("server.port", &port);
        }
    }
}

/// Nanoseconds since 1970; zero if the clock is set to a time before that.
pub(crate) fn nanos(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}

//! Responses of servers and proxies.

use super::Fault;

impl Fault {
    /// Returns 503, as from a server that is starting.
    #[must_use]
    pub fn unavailable() -> Self {
        Self::json(503, &[], r#"{"error":"Service Unavailable"}"#)
    }

    /// Returns 429 with `Retry-After` in seconds.
    #[must_use]
    pub fn rate_limited(seconds: u32) -> Self {
        Self::json(429, &[("retry-after", &seconds.to_string())], r#"{"error":"Rate limit exceeded"}"#)
    }

    /// Returns 404, as from a proxy while the server's container is replaced.
    #[must_use]
    pub fn not_found() -> Self {
        Self::page(404, "<html><head><title>404 Not Found</title></head><body>nginx</body></html>\n")
    }

    /// Returns 200 with a sign-in page, as from a gateway in front of the server.
    #[must_use]
    pub fn sign_in_page() -> Self {
        Self::page(200, "<!doctype html><html><body><form action=\"/login\">Sign in</form></body></html>\n")
    }

    /// Returns an error of this status in the server's format.
    pub(in crate::faults) fn error(status: u16) -> Self {
        Self::json(status, &[], r#"{"error":"Fault"}"#)
    }

    pub(in crate::faults) fn json(status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        Self::answer(status, "application/json", headers, body)
    }

    fn page(status: u16, body: &str) -> Self {
        Self::answer(status, "text/html", &[], body)
    }

    fn answer(status: u16, kind: &str, headers: &[(&str, &str)], body: &str) -> Self {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let headers =
            [("content-type", kind)].into_iter().chain(headers.iter().copied()).map(owned).collect();
        Self::Answer { status, headers, body: body.to_owned() }
    }
}

//! How a server fails.

use std::time::Duration;

/// What a server does with the requests that it gets. Only [`Fault::None`] and [`Fault::Slow`] store anything.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Stores every entry and confirms it.
    None,
    /// As [`Fault::None`], after this long.
    Slow(Duration),
    /// The port is closed, and so are the connections that were open.
    Refuse,
    /// Reads the request and resets the connection.
    Reset,
    /// Reads the request, waits this long, and closes the connection without an answer.
    Hang(Duration),
    /// Answers so, and stores nothing.
    Answer {
        /// The status.
        status: u16,
        /// Headers beside `Content-Length`.
        headers: Vec<(String, String)>,
        /// The body.
        body: String,
    },
}

impl Fault {
    /// 503, as a server that is starting gives it.
    #[must_use]
    pub fn unavailable() -> Self {
        Self::json(503, &[], r#"{"error":"Service Unavailable"}"#)
    }

    /// 429 with `Retry-After` in seconds.
    #[must_use]
    pub fn rate_limited(seconds: u32) -> Self {
        Self::json(429, &[("retry-after", &seconds.to_string())], r#"{"error":"Rate limit exceeded"}"#)
    }

    /// 404, as a proxy gives it while the server's container is replaced.
    #[must_use]
    pub fn not_found() -> Self {
        Self::page(404, "<html><head><title>404 Not Found</title></head><body>nginx</body></html>\n")
    }

    /// 200 with a page to sign in on, as a gateway in front of the server gives it.
    #[must_use]
    pub fn sign_in_page() -> Self {
        Self::page(200, "<!doctype html><html><body><form action=\"/login\">Sign in</form></body></html>\n")
    }

    /// Whether a request meets it as a failure.
    #[must_use]
    pub const fn fails_requests(&self) -> bool {
        !matches!(self, Self::None | Self::Slow(_))
    }

    fn json(status: u16, headers: &[(&str, &str)], body: &str) -> Self {
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

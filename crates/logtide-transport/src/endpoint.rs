//! The address of a server and its API key.

use crate::{ErrorKind, Request, TransportError};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Uri,
    header::USER_AGENT,
    uri::{Authority, InvalidUri, Scheme},
};
use logtide_core::ApiKey;
use std::{fmt, sync::Arc};

const INGEST_PATH: &str = "/api/v1/ingest";

/// The paths that the address of a collector may end in: those of OpenTelemetry's own variables.
const COLLECTOR_PATHS: [&str; 2] = ["/v1/logs", "/v1/traces"];

/// The base address of a LogTide server and an API key.
///
/// Clones share one copy. `Debug` shows the address and never the key.
///
/// ```
/// use logtide_core::ApiKey;
/// use logtide_transport::Endpoint;
///
/// let endpoint = Endpoint::new("https://example.org/logtide/", ApiKey::new("lp_secret"))?;
/// let request = endpoint.request(http::Method::POST, "/api/v1/ingest")?;
/// assert_eq!(request.uri, "https://example.org/logtide/api/v1/ingest");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Endpoint(Arc<Inner>);

struct Inner {
    url: String,
    key: ApiKey,
    headers: HeaderMap,
}

/// An invalid address or key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EndpointError {
    /// The address does not start with a supported scheme.
    #[error("the API URL has no scheme: start it with http:// or https://")]
    Scheme,
    /// The address has no host, or a port that is not a number from 1 to 65535.
    #[error("the API URL has no valid host and port: write it like https://logs.example.org:8080")]
    Host,
    /// The address contains a user name or password.
    #[error("the API URL must not contain a user name or password: set the API key separately")]
    UserInfo,
    /// The address contains a query or a fragment.
    #[error("the API URL must not have a query or fragment: remove everything from `?` or `#`")]
    Query,
    /// The address is not a URL.
    #[error("the API URL is not valid: write it like https://logs.example.org")]
    Invalid(#[source] InvalidUri),
    /// The key is empty.
    #[error("the API key is empty: set the project's key, which starts with lp_")]
    EmptyKey,
    /// The key contains white space or other invalid characters.
    #[error("the API key contains invalid characters: copy it again from the project's settings")]
    UnsendableKey,
    /// A header has a name or a value that cannot be sent.
    #[error("the header {name:?} cannot be sent: use visible ASCII characters in its name and value")]
    Header {
        /// Its name.
        name: String,
    },
}

impl Endpoint {
    /// Checks the address and the key.
    ///
    /// The address is `http` or `https`, and may have a base path such as `/logtide`. Trailing slashes are removed,
    /// and so is a trailing `/api/v1/ingest`.
    ///
    /// # Errors
    ///
    /// An [`EndpointError`], which contains neither the key nor the address.
    pub fn new(api_url: &str, key: ApiKey) -> Result<Self, EndpointError> {
        let url = base_url(api_url.trim(), &[INGEST_PATH])?;
        if key.expose().is_empty() {
            return Err(EndpointError::EmptyKey);
        }
        let mut secret = HeaderValue::from_str(key.expose())
            .ok()
            .filter(|_| key.is_sendable())
            .ok_or(EndpointError::UnsendableKey)?;
        secret.set_sensitive(true);
        let mut headers = HeaderMap::with_capacity(4);
        headers.insert("x-api-key", secret);
        Ok(Self::with(url, key, headers))
    }

    /// Checks the address of an OpenTelemetry collector, and the headers that it requires, such as `authorization`.
    /// Headers are never shown.
    ///
    /// The address has the same form as that of a server. A trailing `/v1/logs` or `/v1/traces` is removed.
    ///
    /// # Errors
    ///
    /// An [`EndpointError`], which contains neither the value of a header nor the address.
    pub fn of_collector<'h>(
        url: &str,
        headers: impl IntoIterator<Item = (&'h str, &'h str)>,
    ) -> Result<Self, EndpointError> {
        let url = base_url(url.trim(), &COLLECTOR_PATHS)?;
        let mut sent = HeaderMap::new();
        for (name, value) in headers {
            let refusal = || EndpointError::Header { name: name.to_owned() };
            let header: HeaderName = name.trim().parse().map_err(|_| refusal())?;
            let mut value = HeaderValue::from_str(value.trim()).map_err(|_| refusal())?;
            value.set_sensitive(true);
            sent.insert(header, value);
        }
        Ok(Self::with(url, ApiKey::new(""), sent))
    }

    fn with(url: String, key: ApiKey, mut headers: HeaderMap) -> Self {
        let agent = concat!("logtide-rust/", env!("CARGO_PKG_VERSION"));
        headers.entry(USER_AGENT).or_insert(HeaderValue::from_static(agent));
        Self(Arc::new(Inner { url, key, headers }))
    }

    /// Creates a request with the key, without a body and without a timeout.
    ///
    /// `path_and_query` starts with `/` and is appended to the base path.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Request`] if `path_and_query` does not give a valid address, because part of it is not
    /// percent-encoded.
    pub fn request(&self, method: Method, path_and_query: &str) -> Result<Request, TransportError> {
        if !path_and_query.starts_with('/') {
            return Err(TransportError::new(ErrorKind::Request, "the path does not start with `/`"));
        }
        let uri = [&self.0.url, path_and_query]
            .concat()
            .parse::<Uri>()
            .map_err(|error| TransportError::new(ErrorKind::Request, error))?;
        Ok(Request { headers: self.0.headers.clone(), ..Request::new(method, uri) })
    }

    /// The key, which must not be shown.
    #[must_use]
    pub fn api_key(&self) -> &ApiKey {
        &self.0.key
    }

    /// The base address, without a trailing slash.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.0.url
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Endpoint").field("url", &self.0.url).finish_non_exhaustive()
    }
}

fn base_url(text: &str, dropped: &[&str]) -> Result<String, EndpointError> {
    let scheme = match text.split_once("://") {
        Some((scheme, _)) if scheme.eq_ignore_ascii_case("http") => Scheme::HTTP,
        Some((scheme, _)) if scheme.eq_ignore_ascii_case("https") => Scheme::HTTPS,
        _ => return Err(EndpointError::Scheme),
    };
    let rest = &text[scheme.as_str().len() + "://".len()..];
    if rest.contains(['?', '#']) {
        return Err(EndpointError::Query);
    }
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    if authority.is_empty() {
        return Err(EndpointError::Host);
    }
    if authority.contains('@') {
        return Err(EndpointError::UserInfo);
    }
    let authority: Authority = authority.parse().map_err(EndpointError::Invalid)?;
    let port = &authority.as_str()[authority.host().len()..];
    let has_valid_port = port.is_empty() || authority.port_u16().is_some_and(|port| port != 0);
    if authority.host().is_empty() || !has_valid_port {
        return Err(EndpointError::Host);
    }
    let path = path.trim_end_matches('/');
    let path = dropped.iter().find_map(|end| path.strip_suffix(end)).unwrap_or(path).trim_end_matches('/');
    let url = format!("{scheme}://{authority}{path}");
    url.parse::<Uri>().map_err(EndpointError::Invalid)?;
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(api_url: &str) -> Result<String, EndpointError> {
        Endpoint::new(api_url, ApiKey::new("lp_key")).map(|endpoint| endpoint.url().to_owned())
    }

    #[test]
    fn the_usual_ways_to_write_an_address_work() {
        for (given, expected) in [
            ("http://localhost:8080", "http://localhost:8080"),
            (" https://logs.example.org// ", "https://logs.example.org"),
            ("HTTPS://Logs.example.org/logtide/", "https://Logs.example.org/logtide"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("http://localhost:8080/api/v1/ingest", "http://localhost:8080"),
            ("http://localhost/logtide/api/v1/ingest/", "http://localhost/logtide"),
        ] {
            assert_eq!(url(given).unwrap(), expected, "{given}");
        }
    }

    #[test]
    fn an_unusable_address_says_what_is_wrong() {
        use EndpointError::{Host, Invalid, Query, Scheme, UserInfo};
        type Expected = fn(&EndpointError) -> bool;
        let cases: [(&str, Expected); 11] = [
            ("", |error| matches!(error, Scheme)),
            ("localhost:8080", |error| matches!(error, Scheme)),
            ("ftp://localhost", |error| matches!(error, Scheme)),
            ("http://", |error| matches!(error, Host)),
            ("http:///path", |error| matches!(error, Host)),
            ("http://host:99999", |error| matches!(error, Host | Invalid(_))),
            ("http://host:0", |error| matches!(error, Host)),
            ("http://user:pass@host", |error| matches!(error, UserInfo)),
            ("http://host/?projectId=1", |error| matches!(error, Query)),
            ("http://host/#top", |error| matches!(error, Query)),
            ("http://host name", |error| matches!(error, Invalid(_))),
        ];
        for (given, expected) in cases {
            let error = url(given).unwrap_err();
            assert!(expected(&error), "{given}: {error:?}");
            assert!(!error.to_string().contains("pass@"));
        }
    }

    #[test]
    fn a_key_that_cannot_be_sent_is_refused_without_showing_it() {
        let refused = |key: &str| Endpoint::new("http://localhost", ApiKey::new(key)).unwrap_err();
        assert!(matches!(refused(" "), EndpointError::EmptyKey));
        for key in ["lp_a\nb", "lp_ключ", "lp a"] {
            let error = refused(key);
            assert!(matches!(error, EndpointError::UnsendableKey));
            assert!(!format!("{error} {error:?}").contains(key));
        }
    }

    #[test]
    fn the_key_is_in_its_header_and_nowhere_else() {
        let endpoint = Endpoint::new("http://localhost:8080", ApiKey::new("lp_secret")).unwrap();
        let request = endpoint.request(Method::GET, "/api/v1/logs?q=%20").unwrap();
        assert_eq!(request.headers["x-api-key"], "lp_secret");
        assert!(request.headers["user-agent"].to_str().unwrap().starts_with("logtide-rust/"));
        assert!(!format!("{endpoint:?} {request:?}").contains("secret"));
    }

    #[test]
    fn a_collector_gets_its_own_headers_and_no_key() {
        let headers = [("authorization", "Bearer secret"), ("X-Scope-OrgID", "one")];
        for url in
            ["http://localhost:4318", "http://localhost:4318/v1/logs/", "http://localhost:4318/v1/traces"]
        {
            let endpoint = Endpoint::of_collector(url, headers).unwrap();
            let request = endpoint.request(Method::POST, "/v1/logs").unwrap();
            assert_eq!(request.uri, "http://localhost:4318/v1/logs");
            assert_eq!(request.headers["authorization"], "Bearer secret");
            assert_eq!(request.headers["x-scope-orgid"], "one");
            assert!(!request.headers.contains_key("x-api-key"));
            assert!(!format!("{endpoint:?} {request:?}").contains("secret"));
        }
        for (name, value) in [("a b", "c"), ("", "c"), ("a", "secret\n")] {
            let error =
                Endpoint::of_collector("http://localhost", [(name, value), ("b", "\u{7f}")]).unwrap_err();
            assert!(matches!(error, EndpointError::Header { .. }), "{error}");
            assert!(!error.to_string().contains("secret"));
        }
    }

    #[test]
    fn a_path_that_is_no_path_is_not_sent() {
        let endpoint = Endpoint::new("http://localhost:8080", ApiKey::new("lp_secret")).unwrap();
        for path in ["", "api", "@evil.example/", "/white space"] {
            let error = endpoint.request(Method::GET, path).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Request, "{path}");
        }
    }
}

//! The address of a server and its API key.

mod headers;
mod key;

use crate::{ErrorKind, Request, TransportError};
use headers::To;
use http::{
    HeaderMap, HeaderValue, Method, Uri,
    header::USER_AGENT,
    uri::{Authority, InvalidUri, Scheme},
};
use key::{KEY_HEADER, Key};
use logtide_core::ApiKey;
use std::{fmt, sync::Arc};

const INGEST_PATH: &str = "/api/v1/ingest";

/// The paths that the address of a collector may end in: those of OpenTelemetry's own variables.
const COLLECTOR_PATHS: [&str; 2] = ["/v1/logs", "/v1/traces"];

/// The base address of a LogTide server and an API key.
///
/// Clones share one copy, and a key that is [set](Self::set_api_key) later. `Debug` shows the address, and neither the key nor a header.
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
    /// Of every request, with the key that it was made with.
    headers: HeaderMap,
    /// `None` for a collector.
    key: Option<Key>,
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
    /// A header is one that the SDK sets itself.
    #[error(
        "the SDK sets the header {name:?} itself: remove it, and give an api key or a proxy's password with its own option"
    )]
    OwnHeader {
        /// Its name.
        name: String,
    },
    /// A collector has no API key.
    #[error("an OpenTelemetry collector takes no api key: give it a header")]
    NoKey,
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
        Self::with_headers(api_url, key, [])
    }

    /// As [`new`](Self::new), with headers that go with every request, such as those that a gateway in front of the server asks for.
    ///
    /// Of headers of the same name the last one counts. No header is shown.
    ///
    /// ```
    /// use logtide_core::ApiKey;
    /// use logtide_transport::Endpoint;
    ///
    /// let headers = [("cf-access-client-id", "id"), ("cf-access-client-secret", "secret")];
    /// let endpoint = Endpoint::with_headers("https://logs.example.org", ApiKey::new("lp_secret"), headers)?;
    /// # Ok::<(), logtide_transport::EndpointError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new). [`EndpointError::OwnHeader`] for a header that the SDK sets itself: `x-api-key`, those that describe a body or
    /// what answers may be like (`content-*`, `accept*`), those about the connection, `host` and `proxy-authorization`.
    pub fn with_headers<'h>(
        api_url: &str,
        key: ApiKey,
        headers: impl IntoIterator<Item = (&'h str, &'h str)>,
    ) -> Result<Self, EndpointError> {
        let url = base_url(api_url.trim(), &[INGEST_PATH])?;
        let key = Key::new(&key)?;
        let mut headers = headers::read(headers, To::Server)?;
        headers.insert(KEY_HEADER, key.value());
        Ok(Self::with(url, Some(key), headers))
    }

    /// Checks the address of an OpenTelemetry collector, and the headers that it requires, such as `authorization`.
    /// Headers are never shown.
    ///
    /// The address has the same form as that of a server. A trailing `/v1/logs` or `/v1/traces` is removed.
    ///
    /// # Errors
    ///
    /// One of [`EndpointError`], which never holds the value of a header or the address. [`EndpointError::OwnHeader`] as with
    /// [`with_headers`](Self::with_headers), save for `x-api-key`, which a collector may ask for.
    pub fn for_collector<'h>(
        url: &str,
        headers: impl IntoIterator<Item = (&'h str, &'h str)>,
    ) -> Result<Self, EndpointError> {
        let url = base_url(url.trim(), &COLLECTOR_PATHS)?;
        Ok(Self::with(url, None, headers::read(headers, To::Collector)?))
    }

    fn with(url: String, key: Option<Key>, mut headers: HeaderMap) -> Self {
        let agent = concat!("logtide-rust/", env!("CARGO_PKG_VERSION"));
        headers.entry(USER_AGENT).or_insert(HeaderValue::from_static(agent));
        Self(Arc::new(Inner { url, headers, key }))
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
        let mut headers = self.0.headers.clone();
        self.authorize(&mut headers);
        Ok(Request { headers, endpoint: Some(self.clone()), ..Request::new(method, uri) })
    }

    /// Replaces the key among the headers of a request by the one that is set now.
    pub(crate) fn authorize(&self, headers: &mut HeaderMap) {
        if let (Some(key), Some(value)) = (&self.0.key, headers.get_mut(KEY_HEADER)) {
            *value = key.value();
        }
    }

    /// Sets another key for the requests that are made or [refreshed](Request::refresh) from now on, with all clones of this. Requests that
    /// are under way keep theirs.
    ///
    /// A child that was forked off has a key of its own, which starts as that of its parent. Where the parent was in the middle of this call,
    /// it starts as the first key.
    ///
    /// # Errors
    ///
    /// [`EndpointError::EmptyKey`] or [`EndpointError::UnsendableKey`], and the former key stays; [`EndpointError::NoKey`] for a collector.
    pub fn set_api_key(&self, key: &ApiKey) -> Result<(), EndpointError> {
        self.0.key.as_ref().ok_or(EndpointError::NoKey)?.set(key)
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
mod tests;

//! Options of connections.

use super::proxy::ProxySetting;
use crate::{ErrorKind, TransportError};
use std::time::Duration;

/// Options for the connections of an [`HttpTransport`](crate::HttpTransport).
///
/// ```
/// use logtide_transport::{HttpOptions, HttpTransport};
/// use std::time::Duration;
///
/// let transport = HttpTransport::new(HttpOptions::new().connect_timeout(Duration::from_secs(3)).no_proxy())?;
/// # Ok::<(), logtide_transport::TransportError>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct HttpOptions {
    pub(super) connect_timeout: Duration,
    pub(super) idle_timeout: Duration,
    pub(super) max_idle: usize,
    pub(super) proxy: ProxySetting,
    #[cfg(feature = "tls")]
    pub(super) ca_certificates: Vec<Vec<u8>>,
}

impl HttpOptions {
    /// Creates options with the defaults, which each setter states.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how long a new connection may take, including name lookup, proxy and TLS handshake. Default: 10 s. 0 is
    /// an error.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets how long an unused connection is kept. Default: 60 s.
    ///
    /// Set it below the time after which the server closes connections: 72 s for LogTide, possibly less for a proxy.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// Sets how many unused connections are kept for each server. 0 keeps none. Default: 8.
    #[must_use]
    pub fn max_idle(mut self, connections: usize) -> Self {
        self.max_idle = connections;
        self
    }

    /// Trusts additional certificate authorities, besides those of the operating system.
    ///
    /// A self-signed certificate of the server itself works too. Its dates are checked, and its subject alternative
    /// names must contain the server's host. Create it like this:
    ///
    /// ```text
    /// openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj /CN=host -addext subjectAltName=DNS:host
    /// ```
    ///
    /// `pem` is the content of a PEM file with one or more certificates. Can be called several times.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn ca_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.ca_certificates.push(pem.into());
        self
    }

    /// Connects directly, and ignores proxies in the environment.
    ///
    /// By default, `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` are used, also in lowercase, like in curl.
    /// [`HttpTransport::check`](crate::HttpTransport::check) reports invalid values.
    #[must_use]
    pub fn no_proxy(mut self) -> Self {
        self.proxy = ProxySetting::Off;
        self
    }

    /// Connects through a proxy, and ignores the environment.
    ///
    /// `url` has the form `http://proxy.example:3128` or `http://user:password@proxy.example:3128`.
    #[must_use]
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = ProxySetting::Url(url.into());
        self
    }

    pub(super) fn check(&self) -> Result<(), TransportError> {
        if self.connect_timeout.is_zero() {
            let cause = "the connect timeout is 0: set it to, for example, 10 s";
            return Err(TransportError::new(ErrorKind::Request, cause));
        }
        Ok(())
    }
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(60),
            max_idle: 8,
            proxy: ProxySetting::Environment,
            #[cfg(feature = "tls")]
            ca_certificates: Vec::new(),
        }
    }
}

//! Options of connections.

#[cfg(feature = "tls")]
use super::pem::{ClientCertificate, Pem};
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
    pub(super) ca_certificates: Vec<Pem>,
    #[cfg(feature = "tls")]
    pub(super) client_certificate: Option<ClientCertificate>,
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
    /// `pem` is a PEM text with one or more certificates, or [the file](Pem::file) with it. May be called several times.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn ca_certificates(mut self, pem: impl Into<Pem>) -> Self {
        self.ca_certificates.push(pem.into());
        self
    }

    /// Shows a certificate to a server that asks for one, as with mutual TLS. Default: none. A proxy is not shown it.
    ///
    /// `certificate` is a PEM text with the client's certificate, followed by those of the authorities in between if there are any. `key` is a
    /// PEM text with its private key in PKCS #8, PKCS #1 or SEC 1 form, not encrypted. Each may be [a file](Pem::file), and both may be the same
    /// text. [`HttpTransport::new`](crate::HttpTransport::new) refuses a key that is not the certificate's.
    ///
    /// ```no_run
    /// use logtide_transport::{HttpOptions, HttpTransport, Pem};
    ///
    /// let options = HttpOptions::new().client_certificate(Pem::file("client.pem"), Pem::file("client.key"));
    /// let transport = HttpTransport::new(options)?;
    /// # Ok::<(), logtide_transport::TransportError>(())
    /// ```
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn client_certificate(mut self, certificate: impl Into<Pem>, key: impl Into<Pem>) -> Self {
        self.client_certificate =
            Some(ClientCertificate { certificate: certificate.into(), key: key.into() });
        self
    }

    /// Connects directly, whatever the environment says about proxies.
    ///
    /// The default is to go by `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, also in lower case, as curl does. The values are as
    /// those of [`proxy`](Self::proxy).
    /// [`Transport::check`](crate::Transport::check) tells what is wrong with them.
    #[must_use]
    pub fn no_proxy(mut self) -> Self {
        self.proxy = ProxySetting::Off;
        self
    }

    /// Connects through a proxy, and ignores the environment.
    ///
    /// `url` is like `http://proxy.example:3128`, or `http://user:password@proxy.example:3128`. The schemes are `http`, `https`, and `socks5` or
    /// `socks5h` for SOCKS 5. A SOCKS proxy looks up the server's name itself with both, and its default port is 1080. SOCKS 4 is
    /// not supported.
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
            #[cfg(feature = "tls")]
            client_certificate: None,
        }
    }
}

//! Which proxy a request goes through.

use crate::{ErrorKind, TransportError};
use http::{HeaderValue, Uri, uri::Scheme};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use std::fmt;

/// Where proxies are configured.
#[derive(Clone)]
pub(super) enum ProxySetting {
    Environment,
    Off,
    Url(String),
}

/// The rule that picks the proxy of an address.
pub(super) struct Proxy(Matcher);

impl Proxy {
    pub(super) fn new(setting: &ProxySetting) -> Result<Self, TransportError> {
        match setting {
            ProxySetting::Environment => Ok(Self(Matcher::from_env())),
            ProxySetting::Off => Ok(Self(Matcher::builder().build())),
            ProxySetting::Url(url) => {
                let proxy = Self(Matcher::builder().all(url.as_str()).build());
                let any = Uri::from_static("http://logs.invalid/");
                match proxy.intercept(&any)? {
                    Some(_) => Ok(proxy),
                    None => {
                        let cause = "the proxy url is not valid: write it like http://proxy.example:3128";
                        Err(TransportError::new(ErrorKind::Request, cause))
                    }
                }
            }
        }
    }

    /// The proxy for an address, or `None` for a direct connection.
    pub(super) fn intercept(&self, uri: &Uri) -> Result<Option<Intercept>, TransportError> {
        let Some(intercept) = self.0.intercept(uri) else { return Ok(None) };
        let scheme = intercept.uri().scheme();
        let speaks_tls = cfg!(feature = "tls") && scheme == Some(&Scheme::HTTPS);
        if speaks_tls || scheme == Some(&Scheme::HTTP) {
            return Ok(Some(intercept));
        }
        let cause = "only http:// proxies, and with the feature `tls` https:// proxies, can be used: \
                     configure one, or exempt the server with NO_PROXY";
        Err(TransportError::new(ErrorKind::Request, cause))
    }

    /// The credentials for a proxy that reads the request itself, as it does where the server is not on `https`.
    pub(super) fn forwarding_credentials(&self, uri: &Uri) -> Result<Option<HeaderValue>, TransportError> {
        let intercept = self.intercept(uri)?;
        Ok(intercept.filter(|_| uri.scheme() == Some(&Scheme::HTTP)).and_then(|i| i.basic_auth().cloned()))
    }
}

impl fmt::Debug for ProxySetting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Environment => "Environment",
            Self::Off => "Off",
            // The address may hold a password.
            Self::Url(_) => "Url(***)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(url: &str) -> String {
        let error = Proxy::new(&ProxySetting::Url(url.to_owned())).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Request);
        error.to_string()
    }

    #[test]
    fn an_unusable_proxy_is_refused_without_showing_its_password() {
        assert!(refused("http://user:hidden@").contains("http://proxy.example:3128"));
        assert!(refused("ftp://user:hidden@proxy").contains("http://proxy.example:3128"));
        let socks = refused("socks5://user:hidden@proxy:1080");
        assert!(socks.contains("NO_PROXY") && !socks.contains("hidden"));
        let options = crate::HttpOptions::new().proxy("http://user:hidden@proxy");
        assert!(!format!("{options:?}").contains("hidden"));
    }

    #[test]
    fn credentials_reach_the_proxy_and_never_a_server_behind_its_tunnel() {
        let proxy = Proxy::new(&ProxySetting::Url("http://user:pass@proxy:3128".to_owned())).unwrap();
        let credentials = |uri| proxy.forwarding_credentials(&Uri::from_static(uri)).unwrap();
        let forwarded = credentials("http://logs.example/").unwrap();
        assert_eq!(forwarded, "Basic dXNlcjpwYXNz");
        assert!(forwarded.is_sensitive());
        assert_eq!(credentials("https://logs.example/"), None);
    }
}

//! The proxy for a request.

mod variables;

use crate::{ErrorKind, TransportError};
use http::{Uri, uri::Scheme};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use std::{env, fmt};
use variables::Variables;

/// Where proxies are configured.
#[derive(Clone)]
pub(super) enum ProxySetting {
    Environment,
    Off,
    Url(String),
}

/// How an error calls a proxy that the application names.
const GIVEN: &str = "the proxy url";

/// Addresses that represent all of their scheme.
const ANY: [&str; 2] = ["http://logs.invalid/", "https://logs.invalid/"];

/// The rule that picks the proxy of an address.
pub(super) struct Proxy {
    matcher: Matcher,
    /// The source of the rule, if that is the environment.
    variables: Option<Variables>,
    /// The credentials as they are sent.
    secrets: Vec<String>,
}

impl Proxy {
    pub(super) fn new(setting: &ProxySetting) -> Result<Self, TransportError> {
        match setting {
            ProxySetting::Environment => Ok(Self::of(Variables::read(|name| env::var_os(name)))),
            ProxySetting::Off => Ok(Self::by(Matcher::builder().build(), None)),
            ProxySetting::Url(url) => {
                let matcher = Matcher::builder().all(url.trim()).build();
                let proxy = check(GIVEN, matcher.intercept(&Uri::from_static(ANY[0])))?;
                check_room(GIVEN, proxy, "")?;
                Ok(Self::by(matcher, None))
            }
        }
    }

    fn of(variables: Variables) -> Self {
        Self::by(variables.matcher(), Some(variables))
    }

    fn by(matcher: Matcher, variables: Option<Variables>) -> Self {
        let proxies = ANY.iter().filter_map(|uri| matcher.intercept(&Uri::from_static(uri)));
        let secrets = proxies.filter_map(|proxy| {
            if let Some((_, password)) = socks_credentials(&proxy) {
                return Some(password.to_owned());
            }
            let credentials = proxy.basic_auth()?.to_str().ok()?;
            // A proxy may quote them without the scheme.
            Some(credentials.rsplit(' ').next()?.to_owned())
        });
        Self { secrets: secrets.collect(), matcher, variables }
    }

    /// The credentials for proxies as they are sent, which must not be shown.
    pub(super) fn secrets(&self) -> &[String] {
        &self.secrets
    }

    /// The proxy for an address, or `None` for a direct connection.
    pub(super) fn intercept(&self, uri: &Uri) -> Result<Option<Intercept>, TransportError> {
        let intercept = self.matcher.intercept(uri);
        let host = uri.host().unwrap_or_default();
        let Some(variables) = &self.variables else {
            return intercept.map(|proxy| check_room(GIVEN, proxy, host)).transpose();
        };
        match variables.name_of_proxy_for(uri)? {
            Some(name) => check(name, intercept).and_then(|proxy| check_room(name, proxy, host)).map(Some),
            None => Ok(None),
        }
    }

    /// The proxy that reads requests to an address itself, if the server is not on `https`.
    pub(super) fn forwarding(&self, uri: &Uri) -> Result<Option<Intercept>, TransportError> {
        Ok(self.intercept(uri)?.filter(|proxy| uri.scheme() == Some(&Scheme::HTTP) && !is_socks(proxy)))
    }
}

/// The schemes of SOCKS 5. With either of them the proxy looks up the server's name.
const SOCKS: [&str; 2] = ["socks5", "socks5h"];

/// The port of a SOCKS proxy whose address names none.
const SOCKS_PORT: u16 = 1_080;

/// Bytes that the handshake with a SOCKS proxy has for the user name, the password and the server's host. Its buffer has 262, of which all
/// messages together take 13 beside them.
const SOCKS_ROOM: usize = 249;

/// What an IPv6 address takes of it, which is sent in 16 bytes without their number.
const IPV6_ROOM: usize = 15;

/// Whether a proxy passes on bytes, whatever the server speaks.
pub(super) fn is_socks(proxy: &Intercept) -> bool {
    proxy.uri().scheme_str().is_some_and(|scheme| SOCKS.contains(&scheme))
}

/// The user name and password for a SOCKS proxy.
pub(super) fn socks_credentials(proxy: &Intercept) -> Option<(&str, &str)> {
    proxy.raw_auth().filter(|_| is_socks(proxy))
}

/// Where a proxy takes connections. Of an address without a port, TCP would know that of `http` alone.
pub(super) fn over_tcp(proxy: Uri) -> Result<Uri, http::Error> {
    if proxy.port().is_some() || !proxy.scheme_str().is_some_and(|scheme| SOCKS.contains(&scheme)) {
        return Ok(proxy);
    }
    let host = proxy.host().unwrap_or_default();
    let authority = format!("{host}:{SOCKS_PORT}");
    Uri::builder().scheme(Scheme::HTTP).authority(authority).path_and_query("/").build()
}

/// Names a proxy in an error, without its credentials.
pub(super) fn place(proxy: &Intercept) -> String {
    let uri = proxy.uri();
    let (scheme, authority) =
        (uri.scheme_str().unwrap_or("http"), uri.authority().map_or("", |a| a.as_str()));
    format!("the proxy {scheme}://{authority}")
}

/// Rejects an unusable proxy. `origin` says where it was configured.
fn check(origin: &str, proxy: Option<Intercept>) -> Result<Intercept, TransportError> {
    let refuse = |cause: &str| Err(refusal(origin, cause));
    let Some(proxy) = proxy.filter(|proxy| has_valid_port(proxy.uri())) else {
        return refuse("is not valid: write it like http://proxy.example:3128");
    };
    match proxy.uri().scheme() {
        Some(scheme) if *scheme == Scheme::HTTP => Ok(proxy),
        Some(_) if is_socks(&proxy) => Ok(proxy),
        Some(scheme) if *scheme == Scheme::HTTPS && cfg!(feature = "tls") => Ok(proxy),
        Some(scheme) if *scheme == Scheme::HTTPS => refuse(
            "names an https:// proxy, which needs the feature `tls`: enable it, or use an http:// proxy",
        ),
        _ => refuse(
            "names a proxy of a kind that is not supported: use an http://, https:// or socks5:// proxy, or exempt \
             the server with NO_PROXY",
        ),
    }
}

/// Rejects a SOCKS proxy whose handshake for that host would be too long.
fn check_room(origin: &str, proxy: Intercept, host: &str) -> Result<Intercept, TransportError> {
    let (user, password) = socks_credentials(&proxy).unwrap_or_default();
    let host = if host.starts_with('[') { IPV6_ROOM } else { host.len() };
    if is_socks(&proxy) && user.len() + password.len() + host > SOCKS_ROOM {
        let cause = format!(
            "has a user name and password that are too long for SOCKS: use at most {SOCKS_ROOM} bytes for both and the \
             server's host"
        );
        return Err(refusal(origin, &cause));
    }
    Ok(proxy)
}

fn refusal(origin: &str, cause: &str) -> TransportError {
    TransportError::new(ErrorKind::Request, format!("{origin} {cause}"))
}

/// An invalid port would otherwise be replaced by the default.
fn has_valid_port(uri: &Uri) -> bool {
    uri.authority().is_some_and(|authority| {
        let port = &authority.as_str()[authority.host().len()..];
        !authority.host().is_empty()
            && (port.is_empty() || authority.port_u16().is_some_and(|port| port != 0))
    })
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
mod tests;

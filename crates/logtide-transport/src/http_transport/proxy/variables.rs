//! Proxies as the environment names them.

use crate::{ErrorKind, TransportError};
use http::{Uri, uri::Scheme};
use hyper_util::client::proxy::matcher::Matcher;
use std::{ffi::OsString, net::IpAddr};

/// What the variables hold. The first name of a pair goes before the second, and an empty value counts as none.
pub(super) struct Variables {
    http: Option<Variable>,
    https: Option<Variable>,
    exempt: Option<Variable>,
    /// Finds a proxy unless the address is exempt.
    unless_exempt: Matcher,
}

#[derive(Clone)]
struct Variable {
    name: &'static str,
    /// `None` where it is not Unicode.
    value: Option<String>,
}

const ALL_PROXY: [&str; 2] = ["ALL_PROXY", "all_proxy"];
const HTTP_PROXY: [&str; 2] = ["HTTP_PROXY", "http_proxy"];
const HTTPS_PROXY: [&str; 2] = ["HTTPS_PROXY", "https_proxy"];
const NO_PROXY: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// Set in a process that answers a web request by CGI, where a client sets HTTP_PROXY with a header.
const CGI: &str = "REQUEST_METHOD";

impl Variables {
    pub(super) fn read(look_up: impl Fn(&str) -> Option<OsString>) -> Self {
        let is_cgi = look_up(CGI).is_some();
        let first = |names: [&'static str; 2]| {
            if is_cgi {
                return None;
            }
            names.into_iter().find_map(|name| {
                let value = look_up(name)?.into_string().ok().map(|value| value.trim().to_owned());
                (value.as_deref() != Some("")).then_some(Variable { name, value })
            })
        };
        let all = first(ALL_PROXY);
        let exempt = first(NO_PROXY);
        let unless_exempt = Matcher::builder().all("http://proxy.invalid").no(exempt_hosts(&exempt)).build();
        Self {
            http: first(HTTP_PROXY).or_else(|| all.clone()),
            https: first(HTTPS_PROXY).or(all),
            exempt,
            unless_exempt,
        }
    }

    pub(super) fn matcher(&self) -> Matcher {
        let value = |variable: &Option<Variable>| {
            variable.as_ref().and_then(|variable| variable.value.clone()).unwrap_or_default()
        };
        let builder = Matcher::builder().http(value(&self.http)).https(value(&self.https));
        builder.no(exempt_hosts(&self.exempt)).build()
    }

    /// The variable that names the proxy for an address; `None` for a direct connection.
    pub(super) fn name_of_proxy_for(&self, uri: &Uri) -> Result<Option<&'static str>, TransportError> {
        let is_https = uri.scheme() == Some(&Scheme::HTTPS);
        let Some(proxy) = (if is_https { &self.https } else { &self.http }) else { return Ok(None) };
        self.check_exempt_hosts()?;
        Ok(self.unless_exempt.intercept(uri).map(|_| proxy.name))
    }

    fn check_exempt_hosts(&self) -> Result<(), TransportError> {
        let Some(Variable { name, value }) = &self.exempt else { return Ok(()) };
        let is_valid = value.is_some()
            && exempt_hosts(&self.exempt).split(',').all(|host| match host.split_once('/') {
                Some((address, bits)) => is_network(address, bits),
                None => true,
            });
        if is_valid {
            return Ok(());
        }
        let cause = format!(
            "{name} is not valid: write it like localhost,.example.org,10.0.0.0/8, without http:// and paths"
        );
        Err(TransportError::new(ErrorKind::Request, cause))
    }
}

/// The hosts of `NO_PROXY`, separated by commas. `*.example.org` means the same as `.example.org`.
fn exempt_hosts(exempt: &Option<Variable>) -> String {
    let hosts = exempt.as_ref().and_then(|exempt| exempt.value.as_deref()).unwrap_or_default();
    let hosts = hosts.split([',', ' ', '\t']).map(|host| match host.strip_prefix('*') {
        Some(domain) if domain.starts_with('.') => domain,
        _ => host,
    });
    hosts.collect::<Vec<_>>().join(",")
}

fn is_network(address: &str, bits: &str) -> bool {
    let most = match address.parse() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    bits.parse::<u8>().is_ok_and(|bits| bits <= most)
}

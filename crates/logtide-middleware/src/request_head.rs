//! What is known of a request before it is handled.

use std::{borrow::Cow, net::IpAddr};

use crate::Headers;

/// What is known of a request before it is handled, borrowed from the framework.
#[derive(Debug)]
#[non_exhaustive]
pub struct RequestHead<'a, H> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) headers: &'a H,
    pub(crate) query: Option<&'a str>,
    pub(crate) route: Option<Cow<'a, str>>,
    pub(crate) client_ip: Option<IpAddr>,
    pub(crate) scheme: Option<&'a str>,
    pub(crate) authority: Option<&'a str>,
    pub(crate) version: Option<&'a str>,
}

impl<'a, H: Headers> RequestHead<'a, H> {
    /// A request with its method, such as `GET`, its path without the query string, and its headers.
    pub const fn new(method: &'a str, path: &'a str, headers: &'a H) -> Self {
        Self {
            method,
            path,
            headers,
            query: None,
            route: None,
            client_ip: None,
            scheme: None,
            authority: None,
            version: None,
        }
    }

    /// Sets the query string, without `?`.
    #[must_use]
    pub const fn query(mut self, query: Option<&'a str>) -> Self {
        self.query = query;
        self
    }

    /// Sets the template of the path, such as `/users/{id}`, where it is known already.
    #[must_use]
    pub fn route(mut self, route: Option<Cow<'a, str>>) -> Self {
        self.route = route;
        self
    }

    /// Sets the address that the connection comes from.
    #[must_use]
    pub const fn client_ip(mut self, address: Option<IpAddr>) -> Self {
        self.client_ip = address;
        self
    }

    /// Sets the scheme, where it is known: `http`, which is the default, or `https`.
    #[must_use]
    pub const fn scheme(mut self, scheme: Option<&'a str>) -> Self {
        self.scheme = scheme;
        self
    }

    /// Sets host and port as the request line or HTTP/2 has them. Default: the header `Host`.
    #[must_use]
    pub const fn authority(mut self, authority: Option<&'a str>) -> Self {
        self.authority = authority;
        self
    }

    /// Sets the version of HTTP, such as `1.1` or `2`, where it is known.
    #[must_use]
    pub const fn version(mut self, version: Option<&'a str>) -> Self {
        self.version = version;
        self
    }
}

//! The head of a request.

use std::{borrow::Cow, net::IpAddr};

use crate::Headers;

/// The head of a request, borrowed from the framework.
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
    /// Creates a head with the method, such as `GET`, the path without the query string, and the headers.
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

    /// Sets the route, such as `/users/{id}`, if it is already known.
    #[must_use]
    pub fn route(mut self, route: Option<Cow<'a, str>>) -> Self {
        self.route = route;
        self
    }

    /// Sets the remote address of the connection.
    #[must_use]
    pub const fn client_ip(mut self, address: Option<IpAddr>) -> Self {
        self.client_ip = address;
        self
    }

    /// Sets the scheme, `http` or `https`, if known. Default: `http`.
    #[must_use]
    pub const fn scheme(mut self, scheme: Option<&'a str>) -> Self {
        self.scheme = scheme;
        self
    }

    /// Sets host and port as given in the request line or HTTP/2. Default: the header `Host`.
    #[must_use]
    pub const fn authority(mut self, authority: Option<&'a str>) -> Self {
        self.authority = authority;
        self
    }

    /// Sets the HTTP version, such as `1.1` or `2`, if known.
    #[must_use]
    pub const fn version(mut self, version: Option<&'a str>) -> Self {
        self.version = version;
        self
    }
}

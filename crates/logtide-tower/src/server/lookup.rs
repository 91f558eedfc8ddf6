//! Data that others have added to a request's extensions.

use std::{borrow::Cow, fmt, net::IpAddr, sync::Arc};

use http::Extensions;

type Find<T> = Arc<dyn Fn(&Extensions) -> Option<T> + Send + Sync>;

/// Finds route and address in a request's extensions.
#[derive(Clone, Default)]
pub(super) struct Lookup {
    route: Option<Find<String>>,
    client_ip: Option<Find<IpAddr>>,
}

impl Lookup {
    pub(super) fn set_route(&mut self, find: impl Fn(&Extensions) -> Option<String> + Send + Sync + 'static) {
        self.route = Some(Arc::new(find));
    }

    pub(super) fn set_client_ip(
        &mut self,
        find: impl Fn(&Extensions) -> Option<IpAddr> + Send + Sync + 'static,
    ) {
        self.client_ip = Some(Arc::new(find));
    }

    pub(super) fn route<'a>(&self, extensions: &'a Extensions) -> Option<Cow<'a, str>> {
        match &self.route {
            Some(find) => find(extensions).map(Into::into),
            None => known_route(extensions).map(Into::into),
        }
    }

    pub(super) fn client_ip(&self, extensions: &Extensions) -> Option<IpAddr> {
        self.client_ip.as_ref().map_or_else(|| known_client_ip(extensions), |find| find(extensions))
    }
}

impl fmt::Debug for Lookup {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Lookup").finish_non_exhaustive()
    }
}

#[cfg(feature = "axum")]
fn known_route(extensions: &Extensions) -> Option<&str> {
    extensions.get::<axum::extract::MatchedPath>().map(axum::extract::MatchedPath::as_str)
}

#[cfg(feature = "axum")]
fn known_client_ip(extensions: &Extensions) -> Option<IpAddr> {
    use axum::extract::ConnectInfo;
    extensions.get::<ConnectInfo<std::net::SocketAddr>>().map(|ConnectInfo(address)| address.ip())
}

#[cfg(not(feature = "axum"))]
const fn known_route(_: &Extensions) -> Option<&str> {
    None
}

#[cfg(not(feature = "axum"))]
const fn known_client_ip(_: &Extensions) -> Option<IpAddr> {
    None
}

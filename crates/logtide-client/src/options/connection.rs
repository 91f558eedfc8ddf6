//! How a client connects to its server, and what it shares with other clients.

use std::sync::Arc;

use logtide_transport::{Endpoint, EndpointError, HttpOptions, Transport};

use super::ClientOptions;
use crate::{Client, sync::Driver};

/// What a client shares with another client.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) driver: Driver,
}

impl ClientOptions {
    /// Adds a header to every request to the server, such as one that a gateway requires. Default none.
    ///
    /// Can be called several times; the last value for a name is used. `Debug` and errors show only the names, and
    /// errors omit any value that the server quotes. These headers are not sent to an OpenTelemetry collector, which
    /// has headers of its own.
    ///
    /// [`Client::new`] rejects headers that the SDK sets itself: `x-api-key`, `host`, `content-*`, `accept*`,
    /// `proxy-authorization` and those that manage the connection.
    ///
    /// ```
    /// # use logtide_client::ClientOptions;
    /// let options = ClientOptions::new("https://logs.example.com", "lp_your_key")
    ///     .header("cf-access-client-id", "id")
    ///     .header("cf-access-client-secret", "secret");
    /// # assert!(logtide_client::Client::new(options).is_ok());
    /// ```
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets how connections are made: timeouts, certificates, proxies.
    #[must_use]
    pub fn http(mut self, http: HttpOptions) -> Self {
        self.http = http;
        self
    }

    /// Shares the delivery thread and the connections of another client. Default: each client has its own.
    ///
    /// Use it for many clients in one process, such as one for each tenant.
    ///
    /// Everything else stays separate: address, key, headers, buffer, retries, circuit breaker and metrics. Each client
    /// closes on its own, and the thread ends with the last one. [`http`](Self::http) has no effect here, since the
    /// connections belong to the other client. Anything that blocks the delivery thread, such as a slow
    /// [`on_event`](Self::on_event) callback, delays all clients.
    ///
    /// With [`Client::with_transport`], only the thread is shared.
    ///
    /// ```
    /// use logtide_client::{Client, ClientOptions};
    ///
    /// let one = Client::new(ClientOptions::new("http://localhost:8080", "lp_key_of_one"))?;
    /// let other = Client::new(ClientOptions::new("http://localhost:8080", "lp_key_of_other").share_with(&one))?;
    /// # Ok::<(), logtide_client::OptionsError>(())
    /// ```
    #[must_use]
    pub fn share_with(mut self, other: &Client) -> Self {
        let (transport, driver) = (other.handle().transport().clone(), other.handle().driver().clone());
        self.shared = Some(Shared { transport, driver });
        self
    }

    /// The server to read from. Entries are sent to it too, unless there is a collector.
    pub(super) fn server(&self) -> Result<Endpoint, EndpointError> {
        let headers = self.headers.iter().map(|(name, value)| (&**name, &**value));
        Endpoint::with_headers(&self.api_url, self.api_key.clone(), headers)
    }
}

/// The names of headers, which may be shown, unlike their values. A name may contain the value too, if the whole header was given as one.
pub(super) fn names(headers: &[(String, String)]) -> Vec<&str> {
    headers.iter().filter_map(|(name, _)| name.trim().split([':', '=', ' ', '\t']).next()).collect()
}

/// Removes everything before an `@` from an address: a DSN given by mistake has the key there.
pub(super) fn without_user_info(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if scheme < at => format!("{}***{}", &url[..scheme + 3], &url[at..]),
        (None, Some(at)) => format!("***{}", &url[at..]),
        _ => url.to_owned(),
    }
}

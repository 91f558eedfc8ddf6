//! How a client reaches its server, and with what it shares the way.

use std::sync::Arc;

use logtide_transport::{Endpoint, EndpointError, HttpOptions, Transport};

use super::ClientOptions;
use crate::{Client, sync::Driver};

/// What a client has in common with another.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) driver: Driver,
}

impl ClientOptions {
    /// Adds a header to every request to the server, such as one that a gateway in front of it asks for. Default none.
    ///
    /// May be called several times; of headers of the same name the last one counts. `Debug` and errors show names alone, and what a server
    /// quotes of a value is left out of errors. An OpenTelemetry collector has headers of its own and gets none of these.
    ///
    /// [`Client::new`] refuses headers that the SDK sets itself: `x-api-key`, `host`, `content-*`, `accept*`, `proxy-authorization` and those
    /// about the connection.
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

    /// Shares the delivery thread and the connections of another client, for many clients in one process, such as one for each tenant.
    /// Default: each client has its own.
    ///
    /// Everything else stays apart: address, key, headers, buffer, retries, circuit breaker and metrics. Clients close one by one, and the thread
    /// ends with the last of them. [`http`](Self::http) has no effect here: the connections are those of the other client. What blocks the
    /// delivery thread, as an [`on_event`](Self::on_event) function that takes long, delays all of them.
    ///
    /// With [`Client::with_transport`] the thread is shared and the transport is the one given there.
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

    /// The server that is read from, and sent to unless there is a collector.
    pub(super) fn server(&self) -> Result<Endpoint, EndpointError> {
        let headers = self.headers.iter().map(|(name, value)| (&**name, &**value));
        Endpoint::with_headers(&self.api_url, self.api_key.clone(), headers)
    }
}

/// What may be shown of headers. A whole header that was given as a name holds its value too.
pub(super) fn names(headers: &[(String, String)]) -> Vec<&str> {
    headers.iter().filter_map(|(name, _)| name.trim().split([':', '=', ' ', '\t']).next()).collect()
}

/// The address without what stands before an `@`: a DSN given by mistake holds the key there.
pub(super) fn without_user_info(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if scheme < at => format!("{}***{}", &url[..scheme + 3], &url[at..]),
        (None, Some(at)) => format!("***{}", &url[at..]),
        _ => url.to_owned(),
    }
}

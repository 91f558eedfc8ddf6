//! The one client that users see.

mod heartbeat;
mod query;
mod stream;
mod traces;

use std::{ops::Deref, sync::Arc};

use logtide_client::{ClientOptions, OptionsError};
use logtide_query::QueryClient;
use logtide_stream::StreamClient;
use logtide_transport::Transport;

/// Logs to a LogTide server, reads back from it, and tells its monitors that the program is alive.
///
/// Cheap to clone, and usable from any thread, inside and outside any async runtime. The log calls are those of
/// [`logtide_client::Client`], which it dereferences to.
#[derive(Clone, Debug)]
pub struct Client {
    logger: logtide_client::Client,
    reader: QueryClient,
    follower: StreamClient,
}

impl Client {
    /// Makes a client that talks to the server over the network. Nothing is sent and no thread is started before the first call.
    ///
    /// # Errors
    ///
    /// As [`logtide_client::Client::new`]: an option is out of its range, the server's address or key does not work, or the environment
    /// keeps every connection from it. No error shows the key.
    pub fn new(options: ClientOptions) -> Result<Self, OptionsError> {
        logtide_client::Client::new(options).map(Self::from)
    }

    /// Makes a client that talks through a transport of the caller's, for example an in-memory one in tests.
    ///
    /// # Errors
    ///
    /// As [`Client::new`].
    pub fn with_transport(
        options: ClientOptions,
        transport: Arc<dyn Transport>,
    ) -> Result<Self, OptionsError> {
        logtide_client::Client::with_transport(options, transport).map(Self::from)
    }
}

impl From<logtide_client::Client> for Client {
    fn from(logger: logtide_client::Client) -> Self {
        let (endpoint, transport, driver) = (logger.endpoint(), logger.transport(), logger.driver());
        let reader = QueryClient::new(endpoint.clone(), transport.clone(), driver.clone())
            .timeout(logger.request_timeout());
        let follower = StreamClient::new(endpoint.clone(), transport.clone(), driver.clone())
            .timeout(logger.request_timeout());
        Self { logger, reader, follower }
    }
}

impl From<Client> for logtide_client::Client {
    fn from(client: Client) -> Self {
        client.logger
    }
}

impl Deref for Client {
    type Target = logtide_client::Client;

    fn deref(&self) -> &Self::Target {
        &self.logger
    }
}

//! Lookups of single entries, their context, and names.

use uuid::Uuid;

use super::{QueryClient, block_on};
use crate::{
    ContextOptions, LogContext, LogRecord, QueryError, answer,
    response::{HostnamesBody, LogBody, ServicesBody},
};

impl QueryClient {
    /// Returns the entry with an id, or `None` if there is none.
    ///
    /// # Errors
    ///
    /// A [`QueryError`].
    pub fn log_by_id(
        &self,
        id: &str,
    ) -> impl Future<Output = Result<Option<LogRecord>, QueryError>> + Send + use<> {
        // Anything else could be the name of another endpoint.
        let id = Uuid::parse_str(id).map_err(|_| QueryError::InvalidId(id.to_owned()));
        let body = self.get::<LogBody>(id.map(|id| format!("/api/v1/logs/{id}")));
        async {
            match body.await {
                Ok(body) => Ok(Some(body.log)),
                Err(error) if answer::is_missing_log(&error) => Ok(None),
                Err(error) => Err(error),
            }
        }
    }

    /// Like [`log_by_id`](Self::log_by_id), but blocks the calling thread.
    ///
    /// # Errors
    ///
    /// A [`QueryError`].
    pub fn log_by_id_blocking(&self, id: &str) -> Result<Option<LogRecord>, QueryError> {
        block_on(self.log_by_id(id))
    }

    /// Returns the entries of all services around a time.
    ///
    /// # Errors
    ///
    /// A [`QueryError`].
    pub fn context(
        &self,
        options: ContextOptions,
    ) -> impl Future<Output = Result<LogContext, QueryError>> + Send + use<> {
        self.get(options.path())
    }

    /// Like [`context`](Self::context), but blocks the calling thread.
    ///
    /// # Errors
    ///
    /// A [`QueryError`].
    pub fn context_blocking(&self, options: ContextOptions) -> Result<LogContext, QueryError> {
        block_on(self.context(options))
    }

    /// Lists the services that logged something.
    ///
    /// # Errors
    ///
    /// A [`QueryError`].
    pub fn services(&self) -> impl Future<Output = Result<Vec<String>, QueryError>> + Send + use<> {
        let body = self.get::<ServicesBody>(Ok("/api/v1/logs/services".to_owned()));
        async { body.await.map(|body| body.services) }
    }

    /// Like [`services`](Self::services), but blocks the calling thread.
    ///
    /// # Errors
    ///
    /// A [`QueryError`].
    pub fn services_blocking(&self) -> Result<Vec<String>, QueryError> {
        block_on(self.services())
    }

    /// Lists the hosts that logged something in the last six hours at most, by `metadata.hostname`.
    ///
    /// # Errors
    ///
    /// A [`QueryError`]; [`QueryError::UnknownEndpoint`] from servers before version 1.0.
    pub fn hostnames(&self) -> impl Future<Output = Result<Vec<String>, QueryError>> + Send + use<> {
        let body = self.get::<HostnamesBody>(Ok("/api/v1/logs/hostnames".to_owned()));
        async {
            match body.await {
                Ok(body) => Ok(body.hostnames),
                // A server without this endpoint mistakes its name for the id of an entry.
                Err(QueryError::BadRequest { message }) if message.starts_with("params/") => {
                    Err(QueryError::UnknownEndpoint { message })
                }
                Err(error) => Err(error),
            }
        }
    }

    /// Like [`hostnames`](Self::hostnames), but blocks the calling thread.
    ///
    /// # Errors
    ///
    /// A [`QueryError`].
    pub fn hostnames_blocking(&self) -> Result<Vec<String>, QueryError> {
        block_on(self.hostnames())
    }
}

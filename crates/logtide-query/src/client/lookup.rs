//! Lookups of single entries, their context, and names.

use uuid::Uuid;

use super::QueryClient;
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

    /// Reads what was logged around a moment, by all services.
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

    /// Lists the services that logged something.
    ///
    /// # Errors
    ///
    /// A [`QueryError`].
    pub fn services(&self) -> impl Future<Output = Result<Vec<String>, QueryError>> + Send + use<> {
        let body = self.get::<ServicesBody>(Ok("/api/v1/logs/services".to_owned()));
        async { body.await.map(|body| body.services) }
    }

    /// Lists the hosts that logged something, by `metadata.hostname`, in the last six hours at most.
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
}

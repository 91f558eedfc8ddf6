//! How requests end.

use std::{any::Any, error::Error};

use logtide_core::Level;

/// How a request ended.
pub(crate) enum Ending<'a> {
    /// The response was sent.
    Complete,
    /// The client has gone before, or the server stopped.
    Cancelled,
    /// There is no response, or not all of it.
    Failed(&'a dyn Error),
    /// As `Failed`, with the payload of the panic.
    Panicked(&'a (dyn Any + Send)),
}

impl Ending<'_> {
    /// The level of the entry. A status of 500 and above is a failure however the request ended.
    pub(super) fn level(&self, status: Option<u16>) -> Level {
        let of_status = match status {
            Some(500..) => Level::Error,
            Some(400..) => Level::Warn,
            Some(_) | None => Level::Info,
        };
        match self {
            Self::Complete => of_status,
            Self::Cancelled => of_status.max(Level::Warn),
            Self::Failed(_) | Self::Panicked(_) => Level::Error,
        }
    }
}

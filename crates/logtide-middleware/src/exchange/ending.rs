//! How requests end.

use std::{any::Any, error::Error};

use logtide_core::Level;

/// How a request ended.
pub(crate) enum Ending<'a> {
    /// The response was sent.
    Complete,
    /// The client has gone before, or the server stopped.
    Cancelled,
    /// As `Cancelled`, for a response that has no other end.
    Closed,
    /// There is no response, or not all of it.
    Failed(&'a dyn Error),
    /// As `Failed`, with the payload of the panic.
    Panicked(&'a (dyn Any + Send)),
}

impl Ending<'_> {
    /// The level of the entry, where that of a cancelled request is `cancelled`. A status of 500 and above is a failure however the request
    /// ended.
    pub(super) fn level(&self, status: Option<u16>, cancelled: Level) -> Level {
        let of_status = match status {
            Some(500..) => Some(Level::Error),
            Some(400..) => Some(Level::Warn),
            Some(_) | None => None,
        };
        let of_ending = match self {
            Self::Complete => of_status.unwrap_or(Level::Info),
            Self::Cancelled => cancelled,
            Self::Closed => cancelled.min(Level::Info),
            Self::Failed(_) | Self::Panicked(_) => Level::Error,
        };
        of_status.map_or(of_ending, |level| level.max(of_ending))
    }
}

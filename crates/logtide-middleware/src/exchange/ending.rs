//! How requests end.

use std::{any::Any, error::Error};

use logtide_core::Level;

/// How a request ended.
pub(crate) enum Ending<'a> {
    /// The response was sent.
    Complete,
    /// The client disconnected before, or the server stopped.
    Cancelled,
    /// Like `Cancelled`, for a response that only the client ends.
    Closed,
    /// There is no response, or it is incomplete.
    Failed(&'a dyn Error),
    /// Like `Failed`, with the payload of the panic.
    Panicked(&'a (dyn Any + Send)),
}

impl Ending<'_> {
    /// The level of the final entry; `cancelled` for a cancelled request. A status of 500 or above is an error however
    /// the request ended.
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

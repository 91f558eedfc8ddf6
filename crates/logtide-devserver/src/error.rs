//! Errors on start.

use std::error::Error;
use std::io;
use std::net::SocketAddr;

use thiserror::Error;

/// The error when a [`DevServer`](crate::DevServer) does not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The server cannot listen on the address.
    #[error("cannot listen on {address}: choose a free address, or port 0 for any")]
    Bind {
        /// The requested address.
        address: SocketAddr,
        /// The error of the system.
        source: io::Error,
    },
    /// The database cannot be opened.
    #[error(
        "cannot open the database: check that its folder exists and the file is a database of this server"
    )]
    Database(#[source] Box<dyn Error + Send + Sync>),
    /// The system cannot create a thread.
    #[error("cannot start the server's thread: check the limits of this process")]
    Thread(#[source] io::Error),
}

//! Why a server does not start.

use std::error::Error;
use std::io;
use std::net::SocketAddr;

use thiserror::Error;

/// Why a [`DevServer`](crate::DevServer) does not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: choose a free address, or port 0 for any")]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The database cannot be opened.
    #[error(
        "cannot open the database: check that its folder exists and the file is a database of this server"
    )]
    Database(#[source] Box<dyn Error + Send + Sync>),
    /// The system gives no thread.
    #[error("cannot start the server's thread: check the limits of this process")]
    Thread(#[source] io::Error),
}

//! The network transport against real sockets on 127.0.0.1.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

mod body;
#[cfg(feature = "tls")]
mod certificates;
#[cfg(feature = "tls")]
mod client_certificate;
mod connect;
mod driver;
#[cfg(all(feature = "tls", feature = "http2"))]
mod http2;
#[cfg(feature = "tls")]
mod https;
mod pool;
mod proxy;
mod redirect;
mod server;
#[cfg(all(unix, feature = "tls"))]
mod sigpipe;
mod socks;
#[cfg(all(target_os = "linux", feature = "tls"))]
mod system;

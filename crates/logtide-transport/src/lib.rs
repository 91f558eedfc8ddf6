//! HTTP for the LogTide SDK: one exchange as a trait, and what is built on it.
//!
//! [`Transport`] sends one request and returns its response; a status is not an error. [`HttpTransport`] uses the
//! network, and [`MemoryTransport`] a script. [`fetch`] adds the total timeout, the size limit and redirects.
//! [`Endpoint`] creates requests with the address and key of a server, and [`Driver`] runs futures for callers
//! without an async runtime.
//!
//! ```
//! use http::{Method, StatusCode};
//! use logtide_core::ApiKey;
//! use logtide_transport::{Driver, Endpoint, MemoryTransport, Reply, fetch};
//! use std::time::Duration;
//!
//! let endpoint = Endpoint::new("http://localhost:8080", ApiKey::new("lp_secret"))?;
//! let transport = MemoryTransport::new();
//! transport.push(Reply::json(r#"{"status":"ok"}"#));
//!
//! let driver = Driver::new();
//! let request = endpoint.request(Method::GET, "/health")?;
//! let answer = driver.run_blocking(Duration::from_secs(5), {
//!     let transport = transport.clone();
//!     async move { fetch(&transport, request, 1024).await }
//! })??;
//! assert_eq!(answer.status, StatusCode::OK);
//! assert_eq!(transport.requests()[0].uri, "http://localhost:8080/health");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]

mod body;
mod driver;
mod endpoint;
mod error;
mod fetch;
mod http_transport;
mod memory;
mod parameters;
mod per_process;
mod request;
mod response;
mod transport;

pub use body::Body;
pub use driver::{Driver, DriverError};
pub use endpoint::{Endpoint, EndpointError};
pub use error::{ErrorKind, TransportError};
pub use fetch::{fetch, fetch_beginning, open};
#[cfg(feature = "tls")]
pub use http_transport::Pem;
pub use http_transport::{HttpOptions, HttpTransport};
pub use memory::{MemoryTransport, RecordedRequest, Reply};
pub use parameters::{Parameters, encode};
pub use per_process::PerProcess;
pub use request::Request;
pub use response::{Answer, Beginning, Response};
pub use transport::{Exchange, Transport};

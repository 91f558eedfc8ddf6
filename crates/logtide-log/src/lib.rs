//! Sends records of the [`log`](https://docs.rs/log) crate as LogTide entries.
//!
//! ```no_run
//! use log::LevelFilter;
//! use logtide_client::{Client, ClientOptions};
//!
//! let client = Client::new(ClientOptions::new("http://localhost:8080", "lp_your_key").service("shop"))?;
//! logtide_log::Logger::new(&client).level(LevelFilter::Info).module("hyper", LevelFilter::Warn).init()?;
//!
//! log::warn!(attempt = 2, card:% = "visa"; "the card was refused");
//! drop(client); // delivers
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | record | entry |
//! |---|---|
//! | message | `message` |
//! | `trace!` and `debug!`, `info!`, `warn!`, `error!` | level `debug`, `info`, `warn`, `error`; `critical` for records with `"logtide.critical" = true` |
//! | key-values | fields of `metadata`, with their types |
//! | the first key-value that is an error (`key:err = error`) | `metadata.error` and `metadata.exception`, with causes and the location of the record; further errors become texts |
//! | target, module, file, line | `metadata.logger`, and `module` if it differs; `file`, `line` |
//! | `logtide.service`, `logtide.trace_id`, `logtide.session_id` | the fields of these names |
//!
//! Records of level `info` and above are sent, unless [`Logger::level`] sets another level.
//!
//! # Overrides
//!
//! Some key-values override a part of the entry and are not added to its metadata. Their keys start with `logtide.`, so
//! that the keys `service` or `trace_id` of a library stay ordinary keys. [`Logger::override_prefix`] sets another
//! prefix, or none.
//!
//! | key | sets |
//! |---|---|
//! | `logtide.service` | the service |
//! | `logtide.trace_id`, 1 to 256 bytes | the trace |
//! | `logtide.session_id`, a UUID with dashes | the session |
//! | `logtide.critical`, with the value true | the level `critical` |
//!
//! A value that is not a valid name or id, such as a number or a text with spaces, stays in the metadata.
//!
//! ```
//! log::error!("logtide.service" = "billing", amount = 7; "not paid");
//! ```
//!
//! # Diagnostics of the SDK
//!
//! The SDK itself creates no records. It writes a line to standard error if entries do not arrive, and more lines with
//! [`debug`](logtide_client::ClientOptions::debug). It passes all its events to
//! [`on_event`](logtide_client::ClientOptions::on_event). Records that are logged on the SDK's own thread are not sent,
//! whether that function or a library such as `rustls` logs them.
//!
//! A program with `tracing-subscriber` and the layer of `logtide-tracing` needs no logger: that crate's `init` converts
//! records to events.
//!
//! # Shutting down
//!
//! The logger does not keep the client open. Dropping the client's last handle, for example at the end of `main`,
//! delivers the entries although a global logger is never dropped. `log::logger().flush()` delivers them too, within
//! the client's [`flush_timeout`](logtide_client::ClientOptions::flush_timeout).

#![cfg_attr(docsrs, feature(doc_cfg))]

mod call_site;
mod filter;
mod key_values;
mod logger;

pub use self::logger::{InitError, Logger};

//! Records of the [`log`](https://docs.rs/log) crate as LogTide entries.
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
//! | of the record | in the entry |
//! |---|---|
//! | message | `message` |
//! | `trace!` and `debug!`, `info!`, `warn!`, `error!` | level `debug`, `info`, `warn`, `error`; `critical` for records with `"logtide.critical" = true` |
//! | key-values | fields of `metadata`, with their types |
//! | the first key-value that is an error (`key:err = error`) | `metadata.error` and `metadata.exception`, with causes and the record's place; further ones are texts |
//! | target, module, file, line | `metadata.logger`, and `module` where it is another; `file`, `line` |
//! | `logtide.service`, `logtide.trace_id`, `logtide.session_id` of the key-values | the entry's own fields of these names |
//!
//! Records of level `info` and above are taken, unless [`Logger::level`] says otherwise.
//!
//! # Overrides
//!
//! Some key-values say something about the entry itself, and are not among its metadata. Their keys begin with `logtide.`, so that what a
//! library calls `service` or `trace_id` stays a key of its own. Another prefix, or none, is set with [`Logger::override_prefix`].
//!
//! | key | what it sets |
//! |---|---|
//! | `logtide.service` | the service |
//! | `logtide.trace_id`, 1 to 256 bytes | the trace |
//! | `logtide.session_id`, a UUID with dashes | the session |
//! | `logtide.critical`, with the value true | the level `critical` |
//!
//! A value that is no name or id, such as a number or a text with spaces, stays among the metadata.
//!
//! ```
//! log::error!("logtide.service" = "billing", amount = 7; "not paid");
//! ```
//!
//! # What the SDK says itself
//!
//! The SDK makes no records. It writes a line to standard error when entries do not arrive, more lines with
//! [`debug`](logtide_client::ClientOptions::debug), and hands all that it does to [`on_event`](logtide_client::ClientOptions::on_event). What
//! is logged on the SDK's own thread is not sent, be it by that function or by libraries such as `rustls`.
//!
//! A program with `tracing-subscriber` and the layer of `logtide-tracing` needs no logger:
//! `init` of that crate makes events of the records.
//!
//! # Before the program ends
//!
//! The logger does not keep the client open: dropping the last handle of the client delivers, at the end of `main` for example, although
//! the logger of a program is never dropped. `log::logger().flush()` delivers too, within the client's
//! [`flush_timeout`](logtide_client::ClientOptions::flush_timeout).

#![cfg_attr(docsrs, feature(doc_cfg))]

mod call_site;
mod filter;
mod key_values;
mod logger;

pub use self::logger::{InitError, Logger};

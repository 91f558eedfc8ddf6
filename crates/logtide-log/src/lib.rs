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
//! | `trace!` and `debug!`, `info!`, `warn!`, `error!` | level `debug`, `info`, `warn`, `error`; `critical` for records with `critical = true` |
//! | key-values | fields of `metadata`, with their types |
//! | the first key-value that is an error (`key:err = error`) | `metadata.error` and `metadata.exception`, with causes and the record's place; further ones are texts |
//! | target, module, file, line | `metadata.logger`, and `module` where it is another; `file`, `line` |
//! | `service`, `trace_id`, `session_id` of the key-values, where they are names or ids | the entry's own fields of these names |
//!
//! What the SDK's own thread logs is not sent. A program with `tracing-subscriber` and the layer of `logtide-tracing` needs no logger:
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

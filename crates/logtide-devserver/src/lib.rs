//! An embedded LogTide-compatible server for tests and local development.
//!
//! It accepts, rejects, stores and finds entries and spans like LogTide 1.0.3, including the format of its errors and
//! the ways in which it loses entries. It can also fail on demand. It keeps entries and spans in SQLite, in memory or
//! in a file.
//!
//! ```
//! use std::time::Duration;
//!
//! use logtide_devserver::{DevServer, Fault};
//!
//! let server = DevServer::start()?;
//! server.chaos(Fault::Status(503)).next(2);
//!
//! // Point a client at `server.url()` with `server.api_key()`, have it send, then ask what came:
//! # assert!(server.url().starts_with("http://127.0.0.1:") && server.api_key().starts_with("lp_"));
//! assert!(server.wait_for_stored(0, Duration::from_secs(5)));
//! assert_eq!(server.stored().len(), 0);
//! assert_eq!(server.requests().by_status.get(&503), None);
//! # Ok::<(), logtide_devserver::StartError>(())
//! ```
//!
//! # Routes
//!
//! | route | what it does |
//! |---|---|
//! | `POST /api/v1/ingest` | stores `{"logs":[…]}` of 1 to 1000 entries, all or none |
//! | `POST /api/v1/ingest/single` | stores one entry, or one on each line, and fixes invalid ones |
//! | `GET /api/v1/logs` | searches entries |
//! | `GET /api/v1/logs/stream` | streams new entries as server-sent events |
//! | `GET /api/v1/logs/trace/:traceId`, `/:id`, `/context` | returns related entries |
//! | `GET /api/v1/logs/aggregated`, `GET /api/v1/stats` | counts entries |
//! | `GET /api/v1/logs/services`, `/hostnames`, `/top-services`, `/top-errors` | lists names and frequent values |
//! | `POST /v1/otlp/logs`, `POST /v1/otlp/traces` | stores log records and spans over OTLP: JSON or protobuf, plain or with gzip |
//! | `GET /api/v1/traces`, `/:traceId`, `/:traceId/spans` | returns related spans |
//! | `GET /api/v1/traces/services`, `/stats`, `/dependencies` | lists and counts spans |
//! | `POST /api/v1/monitors/:id/heartbeat` | counts a heartbeat of a monitor that was added before |
//! | `GET /health` | reports that the server runs |
//! | `GET /` | shows a page to search and follow entries, and to view traces |
//!
//! The server has no sessions, only API keys, and a single project. Entries do not expire, `total` is exact, and
//! nothing is cached.
//!
//! # The page
//!
//! The page at `/` shows a live list of entries, a histogram, errors with their frames, and traces as waterfalls. It
//! searches by text, level, service, metadata, trace and time. Press `?` for its keyboard shortcuts. It loads nothing
//! from other servers. Its requests under `/_page/` need no key, do not count among [`Requests`] and are not affected
//! by faults. Their format may change with each release.
//!
//! The page and the control API respond with 403 to requests from web pages of other origins, and to a `Host` that
//! another site could have. Use an IP address, `localhost`, a name under `.localhost`, or a name without a dot.
//!
//! # Control over HTTP
//!
//! Other processes can do what [`DevServer`] offers under `/_dev/`, without a key:
//!
//! # Control over HTTP
//!
//! What [`DevServer`] offers to the program it runs in, it offers to others under `/_dev/`, without a key:
//!
//! ```text
//! curl http://127.0.0.1:9000/_dev/entries      # {"count":1,"entries":[{"id":…,"time":…,"service":…,…}]}
//! curl http://127.0.0.1:9000/_dev/spans        # {"count":1,"spans":[{"trace_id":…,"span_id":…,…}]}
//! curl http://127.0.0.1:9000/_dev/requests     # {"total":1,"unanswered":0,"by_status":{"200":1},"ingest":[…]}
//! curl http://127.0.0.1:9000/_dev/monitors -d '{"id":"nightly"}'
//! curl http://127.0.0.1:9000/_dev/monitors     # {"monitors":[{"id":"nightly","heartbeats":0}]}
//! curl http://127.0.0.1:9000/_dev/faults -d '{"fault":{"status":503},"when":{"next":5}}'
//! curl http://127.0.0.1:9000/_dev/faults -d '{"fault":"hang","when":"always","target":"reads"}'
//! curl http://127.0.0.1:9000/_dev/faults       # {"faults":[…]}, those that still can happen
//! curl http://127.0.0.1:9000/_dev/faults -X DELETE
//! curl http://127.0.0.1:9000/_dev/stream -d '{"loss":false}'
//! curl http://127.0.0.1:9000/_dev/reset -X POST
//! ```
//!
//! A fault starts later with `"after_milliseconds"`, and ends by itself with `"lasts_milliseconds"`. `when` is
//! `"always"`, `{"next":n}` or `{"probability":p}`. `target` is `"ingest"` (the default), `"logs"`, `"spans"`,
//! `"reads"` or `"all"`. The faults are those of [`Fault`]:
//!
//! ```json
//! [
//!   {"status": 503}, {"rate_limited": {"retry_after_seconds": 2}}, "quota_exceeded",
//!   "hang", "reset", "store_then_reset", "close_after_answer", {"slow_milliseconds": 250},
//!   {"reject_message": "text"}, {"insert_fails": "text"}, {"reject_part": "text"}, {"refuse_over": 1000000}
//! ]
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]

mod auth;
mod body;
mod chaos;
mod control;
mod counter;
mod error;
mod gate;
mod json;
mod ledger;
mod limit;
mod listener;
mod monitors;
mod otlp;
mod page;
mod parameters;
mod reply;
mod routes;
mod server;
mod state;
mod store;
mod validate;

pub use auth::KeyKind;
pub use chaos::{Chaos, Fault, Target};
pub use error::StartError;
pub use ledger::{IngestRequest, IngestRoute, Requests};
pub use server::{DevServer, DevServerBuilder};
pub use store::{Database, StoredEntry, StoredSpan};

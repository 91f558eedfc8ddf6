//! The crates below the SDK, whole: for types that signatures name and that programs seldom write.
//!
//! What programs write stands at the root. Here are the parts of entries and requests, for a [`Transport`](crate::Transport) of one's own or
//! for code that takes a [`LogEntry`](crate::LogEntry) to pieces. A program that takes them from here needs no dependency of its own on
//! these crates, and has them in the version that the SDK uses.
//!
//! ```
//! use logtide::{Level, LogEntry, crates::core::Head};
//!
//! fn is_of(head: &Head<'_>, service: &str) -> bool {
//!     head.service == service
//! }
//!
//! let entry = LogEntry::new(Level::Info, "api", "server started");
//! assert!(is_of(&entry.head(), "api"));
//! ```

#[doc(inline)]
pub use logtide_core as core;
#[doc(inline)]
pub use logtide_transport as transport;

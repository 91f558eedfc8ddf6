//! For crates that connect a framework to the SDK, such as `logtide-tracing` and `logtide-middleware`.
//!
//! Applications do not need this module. [`Integration::of`] returns what a [`Client`] offers to frameworks. It submits
//! entries with borrowed parts, caught panics and ended spans, and gives access to the client's transport.
//!
//! ```
//! use logtide_client::{Client, integration::Integration};
//! use logtide_core::{Head, Level};
//!
//! # fn example(client: &Client) {
//! let mut head = Head::new(Level::Info, "api");
//! head.ids.session_id = Some("123e4567-e89b-42d3-a456-426614174000");
//! Integration::of(client).submit(&head, "request completed", [("status", 200)]);
//! # }
//! ```

mod active_span;
mod panics;
mod spans;

use std::{fmt::Display, sync::Arc, time::Duration};

use logtide_core::{Content, Fields, Head, IntoMetadata};
use logtide_transport::{Endpoint, Transport};

pub use self::active_span::ActiveSpan;
#[cfg(feature = "otlp")]
pub use crate::span::EndedSpan;
use crate::{Client, sync::Driver};
pub use crate::{client::now_nanos, nesting::nested};

/// The functions of a client for crates that connect a framework to it. Free to create.
#[derive(Clone, Copy, Debug)]
pub struct Integration<'c> {
    client: &'c Client,
}

impl<'c> Integration<'c> {
    /// Returns the integration functions of a client.
    #[must_use]
    #[inline]
    pub const fn of(client: &'c Client) -> Self {
        Self { client }
    }

    /// Logs an entry with borrowed parts, with the time of the call.
    ///
    /// The entry passes through scope, limits and redaction, `before_send` and sampling, like every other. An empty
    /// service stands for the [default service](crate::ClientOptions::service). The client sets the head's
    /// [`nanos`](Head::nanos) and [`content`](Head::content). An error in the metadata gets its location from
    /// [`Head::location`], otherwise from [`Head::call_site`]. [`min_level`](crate::ClientOptions::min_level) does not
    /// apply: the caller decides what to log.
    #[inline]
    pub fn submit(self, head: &Head<'_>, message: impl Display, metadata: impl IntoMetadata) {
        self.client.submit_once(head, None, |fields| {
            fields.message(message);
            fields.metadata(metadata);
        });
    }

    /// Like [`submit`](Self::submit), with a function that writes the message, and the metadata with
    /// [`Fields::metadata`]. The function is called once, or never if the entry is discarded.
    ///
    /// ```
    /// use logtide_client::integration::Integration;
    /// use logtide_core::{Head, Level};
    ///
    /// # fn example(client: &logtide_client::Client) {
    /// Integration::of(client).submit_with(&Head::new(Level::Info, "api"), |fields| {
    ///     fields.message("request completed");
    ///     fields.metadata([("status", 200)]);
    /// });
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if the function panics. A panic inside [`Fields::metadata`] or a message affects only that value.
    #[inline]
    pub fn submit_with(self, head: &Head<'_>, mut write: impl FnMut(&mut Fields<'_>)) {
        self.client.submit_entry(head, None, None, &mut write);
    }

    /// Returns the limits and redaction of entries, for data that is written once for many entries, see
    /// [`SpanFields`](logtide_core::SpanFields).
    #[must_use]
    pub fn content(self) -> &'c Content {
        self.client.handle().content()
    }

    /// Returns whether personal data may be added, see
    /// [`ClientOptions::send_default_pii`](crate::ClientOptions::send_default_pii).
    #[must_use]
    pub fn send_default_pii(self) -> bool {
        self.client.handle().options().send_default_pii
    }

    /// Returns the total time limit of a request, see
    /// [`ClientOptions::request_timeout`](crate::ClientOptions::request_timeout).
    #[must_use]
    pub fn request_timeout(self) -> Duration {
        self.client.handle().options().request_timeout
    }

    /// Returns the server to read from, and the API key.
    #[must_use]
    pub fn endpoint(self) -> &'c Endpoint {
        self.client.handle().endpoint()
    }

    /// Returns the transport.
    #[must_use]
    pub fn transport(self) -> &'c Arc<dyn Transport> {
        self.client.handle().transport()
    }

    /// Returns the driver of the delivery thread.
    #[must_use]
    #[cfg_attr(shuttle, expect(private_interfaces, reason = "the checker's driver is for unit tests"))]
    pub fn driver(self) -> &'c Driver {
        self.client.handle().driver()
    }
}

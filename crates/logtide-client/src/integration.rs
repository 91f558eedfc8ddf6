//! For crates that connect a framework to the SDK, as `logtide-tracing` and `logtide-middleware` do.
//!
//! A program that logs needs none of this. [`Integration::of`] gives what a [`Client`] does for a framework beside what it does for everybody:
//! it takes entries of borrowed parts, panics that were caught, and spans that have ended, and shows what they are sent with.
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

/// What a client does for crates that connect a framework to it. Costs nothing to make.
#[derive(Clone, Copy, Debug)]
pub struct Integration<'c> {
    client: &'c Client,
}

impl<'c> Integration<'c> {
    /// That of a client.
    #[must_use]
    #[inline]
    pub const fn of(client: &'c Client) -> Self {
        Self { client }
    }

    /// Logs an entry of borrowed parts, with the time of the call.
    ///
    /// It goes the way of every other, through scope, limits and redaction, `before_send`, and sampling. An empty service is the
    /// [default one](crate::ClientOptions::service). The head's [`nanos`](Head::nanos) and [`content`](Head::content) are set by the client.
    /// An error among the metadata has its place from [`Head::location`], else from [`Head::call_site`].
    /// [`min_level`](crate::ClientOptions::min_level) does not apply: whoever calls this decides what is logged.
    #[inline]
    pub fn submit(self, head: &Head<'_>, message: impl Display, metadata: impl IntoMetadata) {
        self.client.submit_once(head, None, |fields| {
            fields.message(message);
            fields.metadata(metadata);
        });
    }

    /// As [`submit`](Self::submit), for an entry that the function writes: its message, and its metadata with [`Fields::metadata`]. It is
    /// called once, or not at all where the entry is not taken.
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
    /// Where the function does. What panics inside of [`Fields::metadata`] or a message costs no more than itself.
    #[inline]
    pub fn submit_with(self, head: &Head<'_>, mut write: impl FnMut(&mut Fields<'_>)) {
        self.client.submit_entry(head, None, None, &mut write);
    }

    /// The limits and redaction of its entries, for what is written ahead for many of them, see
    /// [`SpanFields`](logtide_core::SpanFields).
    #[must_use]
    pub fn content(self) -> &'c Content {
        self.client.handle().content()
    }

    /// Whether personal data may be added, see [`ClientOptions::send_default_pii`](crate::ClientOptions::send_default_pii).
    #[must_use]
    pub fn send_default_pii(self) -> bool {
        self.client.handle().options().send_default_pii
    }

    /// How long a request may take in total, see [`ClientOptions::request_timeout`](crate::ClientOptions::request_timeout).
    #[must_use]
    pub fn request_timeout(self) -> Duration {
        self.client.handle().options().request_timeout
    }

    /// The server that is read from, and the key.
    #[must_use]
    pub fn endpoint(self) -> &'c Endpoint {
        self.client.handle().endpoint()
    }

    /// What it sends through.
    #[must_use]
    pub fn transport(self) -> &'c Arc<dyn Transport> {
        self.client.handle().transport()
    }

    /// The thread that it sends on.
    #[must_use]
    #[cfg_attr(shuttle, expect(private_interfaces, reason = "the checker's driver is for unit tests"))]
    pub fn driver(self) -> &'c Driver {
        self.client.handle().driver()
    }
}

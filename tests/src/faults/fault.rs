//! How a server fails.

mod answers;
mod kinds;

use std::{borrow::Cow, time::Duration};

pub use self::kinds::{After, Confirmation, Endless, Framing, Http2Fault, Place, Target, TlsFault};

/// What a server does with the connections and requests that it gets.
///
/// A fault that sends a receipt stores the entries first, as the real server does. The others store nothing, unless they say so.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Stores every entry and confirms it.
    None,
    /// As [`Fault::None`], after this long.
    Slow(Duration),
    /// The port is closed, and so are the connections that were open.
    Refuse,
    /// Resets the connection there, with RST. From [`Place::InHead`] on, at least every second request is stored.
    Reset(Place),
    /// Closes the connection there, with FIN. Stores as [`Fault::Reset`] does.
    Close(Place),
    /// Goes silent there until the client has gone, but at most this long, and closes the connection. Stores as [`Fault::Reset`]
    /// does.
    Hang(Place, Duration),
    /// Reads a few bytes of the request at a time, and confirms it.
    DripRequest,
    /// Confirms the request one byte at a time, with this pause before each.
    DripAnswer(Duration),
    /// Answers so, and stores nothing.
    Answer {
        /// The status.
        status: u16,
        /// Headers beside `Content-Length`.
        headers: Vec<(String, String)>,
        /// The body.
        body: String,
    },
    /// Answers 429 with a date in `Retry-After`, this long from the answer on.
    LimitedUntil(Duration),
    /// Succeeds, and confirms the entries in this way.
    Confirm(Confirmation),
    /// Sends a receipt whose length or encoding is told in this way.
    Framed(Framing),
    /// Sends these bytes in place of an answer, and closes the connection.
    Bytes(Cow<'static, [u8]>),
    /// Sends something that does not end, up to 100 MB.
    Endless(Endless),
    /// Answers with this status after the head of the request, while its body may still be on its way.
    Early(u16, After),
    /// Answers 413 so to bodies of more than this many bytes, and confirms the others.
    TooLarge(usize, After),
    /// Sends these interim answers (1xx), then confirms the request.
    Interim(Cow<'static, [u16]>),
    /// Redirects with this status.
    Redirect(u16, Target),
    /// Confirms the first request of a connection, and closes the connection as the second begins.
    IdleClose,
    /// The TLS handshake goes wrong.
    Tls(TlsFault),
    /// Goes wrong inside of HTTP/2.
    Http2(Http2Fault),
}

impl Fault {
    /// Whether a request meets it as a failure.
    #[must_use]
    pub const fn fails_requests(&self) -> bool {
        !matches!(self, Self::None | Self::Slow(_))
    }

    /// Whether it comes before a byte of a request, and so ends connections that wait for the next one.
    pub(super) const fn is_before_requests(&self) -> bool {
        use Place::BeforeRequest;
        matches!(
            self,
            Self::Refuse
                | Self::Reset(BeforeRequest)
                | Self::Close(BeforeRequest)
                | Self::Hang(BeforeRequest, _)
                | Self::Tls(_)
        )
    }

    /// Whether it answers while the request is on its way, which takes a client that is still writing to be seen.
    pub(super) const fn is_early(&self) -> bool {
        matches!(self, Self::Early(..) | Self::TooLarge(..))
    }
}

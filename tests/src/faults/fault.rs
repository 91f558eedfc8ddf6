//! Faults of a server.

mod answers;
mod kinds;

use std::{borrow::Cow, time::Duration};

pub use self::kinds::{After, Confirmation, Endless, Framing, Http2Fault, Place, Target, TlsFault};

/// What a server does with connections and requests.
///
/// A fault that sends a receipt stores the entries first, as the real server does. The others store nothing, unless they say so.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Stores every entry and confirms it.
    None,
    /// Acts like [`Fault::None`] after this delay.
    Slow(Duration),
    /// The port is closed, and open connections are closed too.
    Refuse,
    /// Resets the connection at this place, with RST. From [`Place::InHead`] on, at least every second request is stored.
    Reset(Place),
    /// Closes the connection at this place, with FIN. Stores like [`Fault::Reset`].
    Close(Place),
    /// Stalls at this place until the client disconnects, but at most this long, and closes the connection. Stores like
    /// [`Fault::Reset`].
    Hang(Place, Duration),
    /// Reads a few bytes of the request at a time, and confirms it.
    DripRequest,
    /// Confirms the request one byte at a time, with this pause before each.
    DripAnswer(Duration),
    /// Sends this response, and stores nothing.
    Answer {
        /// The status.
        status: u16,
        /// Headers beside `Content-Length`.
        headers: Vec<(String, String)>,
        /// The body.
        body: String,
    },
    /// Responds with 429 and a date in `Retry-After`, this long after the response.
    LimitedUntil(Duration),
    /// Responds with success, and confirms the entries in this way.
    Confirm(Confirmation),
    /// Sends a receipt with a wrong length or encoding.
    Framed(Framing),
    /// Sends these bytes instead of a response, and closes the connection.
    Bytes(Cow<'static, [u8]>),
    /// Sends something endless, up to 100 MB.
    Endless(Endless),
    /// Responds with this status after the head of the request, while its body may still be in transit.
    Early(u16, After),
    /// Responds with 413 to bodies of more than this many bytes, and confirms the others.
    TooLarge(usize, After),
    /// Sends these interim responses (1xx), then confirms the request.
    Interim(Cow<'static, [u16]>),
    /// Redirects with this status.
    Redirect(u16, Target),
    /// Confirms the first request of a connection, and closes it when the second begins.
    IdleClose,
    /// A fault of the TLS handshake.
    Tls(TlsFault),
    /// A fault inside HTTP/2.
    Http2(Http2Fault),
}

impl Fault {
    /// Whether it makes requests fail.
    #[must_use]
    pub const fn fails_requests(&self) -> bool {
        !matches!(self, Self::None | Self::Slow(_))
    }

    /// Whether it occurs before any byte of a request, and so ends idle connections.
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

    /// Whether it responds while the request is in transit, which only a client that is still writing notices.
    pub(super) const fn is_early(&self) -> bool {
        matches!(self, Self::Early(..) | Self::TooLarge(..))
    }
}

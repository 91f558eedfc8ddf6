//! The steps of a scripted server.

/// What the server does with a request.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Step {
    /// Confirms every entry.
    Store,
    /// Sends this response.
    Answer {
        /// The status.
        status: u16,
        /// Headers beside `Content-Length`.
        headers: Vec<(&'static str, String)>,
        /// The body.
        body: String,
    },
    /// Confirms every entry, and closes the connection without announcing it.
    CloseAfterAnswer,
    /// Reads the request and closes the connection.
    CloseBeforeAnswer,
    /// Resets the connection while the request is sent.
    Reset,
    /// Reads the request and never responds.
    Hang,
    /// Confirms every entry, in one packet for each byte.
    Drip,
    /// Responds with 413 after the head of the request, and discards the rest.
    TooLargeWhileReading,
    /// Announces more than it sends, and closes the connection.
    TruncatedBody,
    /// Sends bytes that are not HTTP, and closes the connection.
    Garbage,
}

impl Step {
    /// Responds with a status and an empty object.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::Answer { status, headers: Vec::new(), body: "{}".to_owned() }
    }

    /// Responds with a status, an empty object and `Retry-After`.
    #[must_use]
    pub fn retry_after(status: u16, value: &str) -> Self {
        Self::Answer { status, headers: vec![("retry-after", value.to_owned())], body: "{}".to_owned() }
    }

    /// Responds with `200 OK` and this body.
    #[must_use]
    pub fn ok(body: &str) -> Self {
        Self::Answer { status: 200, headers: Vec::new(), body: body.to_owned() }
    }
}

//! What the server does with one request.

/// What the server does with one request.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Step {
    /// Answers that it stored every entry.
    Store,
    /// Answers so.
    Answer {
        /// The status.
        status: u16,
        /// Headers beside `Content-Length`.
        headers: Vec<(&'static str, String)>,
        /// The body.
        body: String,
    },
    /// Answers that it stored every entry, and closes the connection without saying so.
    CloseAfterAnswer,
    /// Reads the request and closes the connection.
    CloseBeforeAnswer,
    /// Resets the connection while the request is being sent.
    Reset,
    /// Reads the request and never answers.
    Hang,
    /// Answers that it stored every entry, in a packet for each byte.
    Drip,
    /// Answers 413 after the head of the request and reads the rest without looking.
    TooLargeWhileReading,
    /// Announces more than it sends, and closes the connection.
    TruncatedBody,
    /// Answers what is no HTTP, and closes the connection.
    Garbage,
}

impl Step {
    /// Answers with a status and an empty object.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::Answer { status, headers: Vec::new(), body: "{}".to_owned() }
    }

    /// Answers with a status, an empty object and `Retry-After`.
    #[must_use]
    pub fn retry_after(status: u16, value: &str) -> Self {
        Self::Answer { status, headers: vec![("retry-after", value.to_owned())], body: "{}".to_owned() }
    }

    /// Answers `200 OK` with that body.
    #[must_use]
    pub fn ok(body: &str) -> Self {
        Self::Answer { status: 200, headers: Vec::new(), body: body.to_owned() }
    }
}

//! Bodies that are not from a LogTide server.

use serde::de::Error as _;

use crate::clean_text::clean_text;

/// How the body of a response differs from what a LogTide server sends.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UnexpectedBody {
    /// The body is empty.
    #[error("an empty body")]
    Empty,
    /// HTML or XML, such as a sign-in page or a proxy's error page.
    #[error("a web page")]
    WebPage,
    /// Compressed with gzip, which the SDK does not accept.
    #[error("a compressed body")]
    Compressed,
    /// Anything else that is not JSON.
    #[error("a body that is not JSON")]
    NotJson,
    /// Incomplete or unexpected JSON. The error contains no secret.
    #[error("unexpected JSON ({0})")]
    OtherJson(#[source] serde_json::Error),
}

impl UnexpectedBody {
    pub(super) fn of(body: &[u8], error: serde_json::Error, secrets: &[&str]) -> Self {
        match body.trim_ascii_start() {
            [] => Self::Empty,
            [0x1f, 0x8b, ..] => Self::Compressed,
            [b'<', ..] => Self::WebPage,
            [b'{' | b'[', ..] => Self::OtherJson(speakable(error, secrets)),
            _ if error.is_data() => Self::OtherJson(speakable(error, secrets)),
            _ => Self::NotJson,
        }
    }
}

pub(super) fn is_web_page(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"<")
}

/// The error quotes parts of the body.
fn speakable(error: serde_json::Error, secrets: &[&str]) -> serde_json::Error {
    let text = error.to_string();
    let spoken = clean_text(&text, secrets);
    if spoken == text { error } else { serde_json::Error::custom(spoken) }
}

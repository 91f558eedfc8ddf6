//! What a body is that is not LogTide's.

use serde::de::Error as _;

use crate::clean_text::clean_text;

/// How the body of an answer differs from what a LogTide server sends.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ForeignBody {
    /// There is none.
    #[error("an empty body")]
    Empty,
    /// It is HTML or XML, as a sign-in page or a proxy's error page is.
    #[error("a web page")]
    WebPage,
    /// It is compressed with gzip, which the SDK never asks for.
    #[error("a compressed body")]
    Compressed,
    /// It is something else that is not JSON.
    #[error("a body that is not JSON")]
    NotJson,
    /// It is JSON that ends early or is of another form. The error shows no secret.
    #[error("unexpected JSON ({0})")]
    OtherJson(#[source] serde_json::Error),
}

impl ForeignBody {
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

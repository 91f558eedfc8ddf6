//! actix-web's header fields.

use actix_web::http::header::{CONTENT_LENGTH, HeaderMap};
use logtide_middleware::Headers;

pub(crate) struct HeaderFields<'a>(pub(crate) &'a HeaderMap);

impl Headers for HeaderFields<'_> {
    fn names(&self) -> impl Iterator<Item = String> {
        self.0.keys().map(ToString::to_string)
    }

    fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get_all(name).map(|value| std::str::from_utf8(value.as_bytes()).unwrap_or_default())
    }
}

/// The fields of a response as they are sent.
pub(crate) struct SentFields<'a> {
    pub(crate) fields: HeaderFields<'a>,
    /// Whether the application's `content-length` is sent.
    pub(crate) has_length: bool,
}

impl Headers for SentFields<'_> {
    fn names(&self) -> impl Iterator<Item = String> {
        self.fields.names()
    }

    fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        let is_sent = self.has_length || name != CONTENT_LENGTH.as_str();
        self.fields.values(name).filter(move |_| is_sent)
    }
}

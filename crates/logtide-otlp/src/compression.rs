//! The compression of request bodies.

/// How the bodies of requests are compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Compression {
    /// No compression.
    None,
    /// Gzip.
    #[default]
    Gzip,
}

impl Compression {
    /// Returns the `Content-Encoding` of the request.
    pub(crate) const fn content_encoding(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Gzip => Some("gzip"),
        }
    }
}

//! How bodies are compressed.

/// How the bodies of requests are compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Compression {
    /// Not at all.
    None,
    /// With gzip.
    #[default]
    Gzip,
}

//! Texts that name nothing.

/// The text is not one of the names that are understood, and says which are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown {kind}: use {expected}")]
pub struct ParseNameError {
    kind: &'static str,
    expected: &'static str,
}

impl ParseNameError {
    /// Says what the text should have named, and what is understood.
    #[must_use]
    pub const fn new(kind: &'static str, expected: &'static str) -> Self {
        Self { kind, expected }
    }
}

//! The rules for writing metadata.

use crate::{Content, ErrorFormat};

/// The rules for writing metadata.
#[derive(Clone, Copy, Debug)]
pub(in crate::wire::json) struct Rules<'a> {
    /// Limits and redaction.
    pub(super) content: &'a Content,
    pub(super) error_format: ErrorFormat,
    /// The rules for names.
    pub(super) names_content: &'a Content,
    /// Whether the rules for names apply.
    pub(super) replaces: bool,
}

impl<'a> Rules<'a> {
    /// The rules of a content, which is the same for all uses of a [`Kept`](super::Kept). A final record is written
    /// without them.
    pub(in crate::wire::json) const fn new(
        content: &'a Content,
        error_format: ErrorFormat,
        is_final: bool,
    ) -> Self {
        if is_final {
            let unchanged = Content::unchanged();
            Self {
                content: unchanged,
                error_format: ErrorFormat::Both,
                names_content: content,
                replaces: false,
            }
        } else {
            Self { content, error_format, names_content: content, replaces: true }
        }
    }
}

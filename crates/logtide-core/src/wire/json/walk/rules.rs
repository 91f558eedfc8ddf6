//! What decides on how metadata is written.

use crate::{Content, ErrorFormat};

/// What decides on how metadata is written.
#[derive(Clone, Copy, Debug)]
pub(in crate::wire::json) struct Rules<'a> {
    /// What is left out, and how long texts may be.
    pub(super) content: &'a Content,
    pub(super) error_format: ErrorFormat,
    /// What names are judged by.
    pub(super) names_content: &'a Content,
    /// Whether that judgement counts.
    pub(super) replaces: bool,
}

impl<'a> Rules<'a> {
    /// Those of a content, which is the same for all that a [`Kept`](super::Kept) is used with. A final record is written as it is.
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

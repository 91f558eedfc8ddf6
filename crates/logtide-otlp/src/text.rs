//! Fixes for strings that the core does not fix.

use std::borrow::Cow;

use logtide_core::limits::cut_bytes;

/// Replaces each NUL, which LogTide does not store, with U+FFFD.
pub(crate) fn without_nul(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "\u{fffd}").into() } else { text.into() }
}

/// Does the same as [`without_nul`], and truncates to this many bytes.
pub(crate) fn limited(text: &str, most: usize) -> Cow<'_, str> {
    match without_nul(text) {
        Cow::Borrowed(text) => cut_bytes(text, most).into(),
        Cow::Owned(mut text) => {
            text.truncate(cut_bytes(&text, most).len());
            text.into()
        }
    }
}

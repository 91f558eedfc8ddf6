//! Texts that the core does not fix.

use std::borrow::Cow;

use logtide_core::limits::cut_bytes;

/// The text with U+FFFD in place of each NUL, which LogTide does not store.
pub(crate) fn without_nul(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "\u{fffd}").into() } else { text.into() }
}

/// As [`without_nul`], and not longer than so many bytes.
pub(crate) fn limited(text: &str, most: usize) -> Cow<'_, str> {
    match without_nul(text) {
        Cow::Borrowed(text) => cut_bytes(text, most).into(),
        Cow::Owned(mut text) => {
            text.truncate(cut_bytes(&text, most).len());
            text.into()
        }
    }
}

//! Limits and redaction of metadata.

mod base64;
mod payload_limits;
mod redaction;

use self::{base64::is_base64, redaction::SecretKeys};
pub use self::{payload_limits::PayloadLimits, redaction::Redaction};
use crate::{
    limits::cut_bytes,
    wire::json::{CONSTRUCTOR, HARMLESS_CONSTRUCTOR, fixed_key_name},
};

/// Replaces the value of an excluded field.
pub const EXCLUDED: &str = "[EXCLUDED]";

/// Replaces a value whose key names a secret.
pub const REDACTED: &str = "[REDACTED]";

/// Replaces text that is base64 data.
pub const BASE64_REMOVED: &str = "[BASE64 DATA REMOVED]";

/// Marks the end of a truncated text.
pub const TRUNCATED: &str = "...[TRUNCATED]";

/// Shorter texts are not checked for base64, because identifiers and hashes have this length.
const BASE64_LENGTH: usize = 100;

/// The fields of a stack frame.
const FRAME_FIELDS: [&str; 4] = ["file", "function", "line", "column"];

/// The fields of an error that are repeated by texts such as `metadata.error.stack`.
const ERROR_FIELDS: [&str; 5] = ["name", "type", "message", "cause", "stacktrace"];

/// [`PayloadLimits`] and [`Redaction`], prepared for writing and rendering entries.
///
/// Checking a key or text within the limits costs a comparison.
#[derive(Clone, Debug)]
pub struct Content {
    max_field_bytes: usize,
    max_entry_bytes: usize,
    remove_base64: bool,
    /// Names as they are sent.
    excluded: Vec<String>,
    secrets: SecretKeys,
    /// Replaces texts that repeat the fields of an error.
    error_text: Option<&'static str>,
    has_frames: bool,
    /// Shorter texts are unchanged, unless they start like a data URL.
    examined_length: usize,
}

static UNCHANGED: Content = Content {
    max_field_bytes: usize::MAX,
    max_entry_bytes: usize::MAX,
    remove_base64: false,
    excluded: Vec::new(),
    secrets: SecretKeys::none(),
    error_text: None,
    has_frames: true,
    examined_length: usize::MAX,
};

/// What happens to a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Limited<'a> {
    /// It is replaced by this.
    Replaced(&'static str),
    /// It is truncated to this, followed by [`TRUNCATED`].
    Cut(&'a str),
}

impl Content {
    /// Prepares limits and redaction.
    #[must_use]
    pub fn new(limits: &PayloadLimits, redaction: &Redaction) -> Self {
        let examined = limits.max_field_bytes.saturating_add(1);
        let mut content = Self {
            max_field_bytes: limits.max_field_bytes,
            max_entry_bytes: limits.max_entry_bytes.max(PayloadLimits::MIN_ENTRY_BYTES),
            remove_base64: limits.remove_base64,
            excluded: limits.excluded_fields.iter().flat_map(|key| names_of(key)).collect(),
            secrets: SecretKeys::new(redaction),
            error_text: None,
            has_frames: true,
            examined_length: if limits.remove_base64 { examined.min(BASE64_LENGTH) } else { examined },
        };
        let replacement = |key: &&str| content.replacement(key);
        let (of_frames, of_error) =
            (FRAME_FIELDS.iter().find_map(replacement), ERROR_FIELDS.iter().find_map(replacement));
        (content.has_frames, content.error_text) = (of_frames.is_none(), of_frames.or(of_error));
        content
    }

    /// Only the maximum size of an entry: fields are unchanged.
    #[must_use]
    pub fn entry_size_only(limits: &PayloadLimits) -> Self {
        let only = PayloadLimits::none().max_entry_bytes(limits.max_entry_bytes);
        Self::new(&only, &Redaction::off())
    }

    /// No limits and no redaction.
    #[must_use]
    pub const fn unchanged() -> &'static Self {
        &UNCHANGED
    }

    /// The maximum size of a text in bytes.
    pub(crate) const fn max_field_bytes(&self) -> usize {
        self.max_field_bytes
    }

    /// The maximum size of a rendered entry in bytes.
    #[must_use]
    pub const fn max_entry_bytes(&self) -> usize {
        self.max_entry_bytes
    }

    /// The replacement for the value of a field, if the field is excluded or redacted.
    pub(crate) fn replacement(&self, key: &str) -> Option<&'static str> {
        if !self.excluded.is_empty() && self.excludes(key) {
            return Some(EXCLUDED);
        }
        self.secrets.contains(key.as_bytes()).then_some(REDACTED)
    }

    #[inline(never)]
    fn excludes(&self, key: &str) -> bool {
        let key = fixed_key_name(key);
        self.excluded.iter().any(|excluded| *excluded == key)
    }

    /// The replacement for a text that repeats the fields of an error, if one of these is excluded.
    pub(crate) const fn error_text(&self) -> Option<&'static str> {
        self.error_text
    }

    /// Whether no field of a frame is excluded.
    pub(crate) const fn has_frames(&self) -> bool {
        self.has_frames
    }

    /// What happens to a text. `None` leaves it unchanged.
    #[inline]
    pub(crate) fn limit<'a>(&self, text: &'a str) -> Option<Limited<'a>> {
        let examined =
            text.len() >= self.examined_length || (self.remove_base64 && text.starts_with("data:"));
        if examined { self.examine(text) } else { None }
    }

    /// Whether a text is certainly unchanged.
    #[inline]
    pub(crate) fn leaves(&self, text: &[u8]) -> bool {
        text.len() < self.examined_length && !text.starts_with(b"data:")
    }

    #[cold]
    fn examine<'a>(&self, text: &'a str) -> Option<Limited<'a>> {
        let is_data_url = || text.starts_with("data:") && text.contains(";base64,");
        if self.remove_base64 && (is_data_url() || (text.len() >= BASE64_LENGTH && is_base64(text))) {
            return Some(Limited::Replaced(BASE64_REMOVED));
        }
        let is_within = text.len() <= self.max_field_bytes || self.is_result(text);
        (!is_within).then(|| Limited::Cut(cut_bytes(text, self.max_field_bytes)))
    }

    /// Whether a text is the result of a limit: texts are limited when an entry is written and again when it is
    /// rendered.
    fn is_result(&self, text: &str) -> bool {
        text == BASE64_REMOVED
            || text.strip_suffix(TRUNCATED).is_some_and(|start| start.len() <= self.max_field_bytes)
    }
}

/// The names under which a field is sent.
fn names_of(key: &str) -> impl Iterator<Item = String> {
    let renamed = (key == CONSTRUCTOR).then(|| HARMLESS_CONSTRUCTOR.to_owned());
    [fixed_key_name(key).into_owned()].into_iter().chain(renamed)
}

impl Default for Content {
    /// The default limits and redaction.
    fn default() -> Self {
        Self::new(&PayloadLimits::default(), &Redaction::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excluded_fields_go_by_their_exact_name_and_before_secrets() {
        let limits = PayloadLimits::default().exclude_fields(["body", "token"]);
        let content = Content::new(&limits, &Redaction::default());
        assert_eq!(content.replacement("body"), Some(EXCLUDED));
        assert_eq!(content.replacement("token"), Some(EXCLUDED));
        assert_eq!(content.replacement("Body"), None);
        assert_eq!(content.replacement("password"), Some(REDACTED));
    }

    #[test]
    fn excluded_fields_are_known_whatever_their_characters() {
        let limits = PayloadLimits::default().exclude_fields([
            "say \"a\"",
            "a\nb",
            "n\0l",
            "__proto__",
            "constructor",
        ]);
        let content = Content::new(&limits, &Redaction::off());
        let sent = ["n\u{fffd}l", "_proto_", "_constructor_"];
        for key in ["say \"a\"", "a\nb", "n\0l", "__proto__", "constructor"].into_iter().chain(sent) {
            assert_eq!(content.replacement(key), Some(EXCLUDED), "{key}");
        }
        let content = Content::new(&PayloadLimits::none().exclude_fields(["_proto_"]), &Redaction::off());
        assert_eq!(content.replacement("__proto__"), Some(EXCLUDED), "it is sent under that name");
    }

    #[test]
    fn texts_are_cut_at_a_character_and_twice_is_as_once() {
        let content = Content::new(&PayloadLimits::none().max_field_bytes(5), &Redaction::off());
        assert_eq!(content.limit("12345"), None);
        assert_eq!(content.limit("123456"), Some(Limited::Cut("12345")));
        assert_eq!(content.limit("1234ä"), Some(Limited::Cut("1234")));
        for cut in ["12345", "1234", "ää"] {
            assert_eq!(content.limit(&format!("{cut}{TRUNCATED}")), None);
        }
        assert_eq!(content.limit(&format!("123456{TRUNCATED}")), Some(Limited::Cut("12345")));
        assert_eq!(content.limit(BASE64_REMOVED), None);
    }

    #[test]
    fn data_urls_go_whatever_their_length_unless_that_is_off() {
        let url = "data:image/png;base64,AAAA";
        assert_eq!(Content::default().limit(url), Some(Limited::Replaced(BASE64_REMOVED)));
        assert_eq!(Content::default().limit("data: 5 rows"), None);
        let off = Content::new(&PayloadLimits::default().remove_base64(false), &Redaction::off());
        assert_eq!(off.limit(url), None);
    }

    #[test]
    fn unchanged_changes_nothing() {
        let content = Content::unchanged();
        assert_eq!(content.replacement("password"), None);
        assert_eq!(content.limit(&"data:;base64,x".repeat(10_000)), None);
    }
}

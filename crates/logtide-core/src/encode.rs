//! Entries in the form the server takes.

mod base;
mod fields;
mod fit;
mod guarded;
mod key;
mod key_cache;
mod keys;
mod prepared;
mod text;
mod value;

use std::fmt::{Display, Write as _};

pub use self::{base::BaseMetadata, fields::Fields, key::Key, prepared::Prepared};
use self::{
    fit::Parts,
    key_cache::KeyCache,
    keys::Keys,
    text::{EscapedText, cut_bytes, cut_utf16, write_escaped, write_string},
};
pub(crate) use self::{
    fit::cut_encoded,
    guarded::Guarded,
    prepared::ByContent,
    value::{escaped_key, key_text, raw::Kind as RawKind, write_value},
};
use crate::{
    Content, ErrorFormat, Frame, IntoMetadata, Level, Scope, Timestamp,
    limits::{MAX_SERVICE_UNITS, MAX_TRACE_ID_BYTES},
    timestamp::TimeText,
};

/// What stands in place of an empty message, which the server refuses together with its batch.
pub const EMPTY_MESSAGE: &str = "(empty message)";

/// What stands in place of an empty service name.
pub const UNKNOWN_SERVICE: &str = "unknown";

/// Everything about an entry but its message and metadata.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Head<'a> {
    /// When it was logged.
    pub time: Timestamp,
    /// How severe it is.
    pub level: Level,
    /// Which service logged it.
    pub service: &'a str,
    /// The trace it belongs to: any text, W3C form is 32 lower-case hex digits.
    pub trace_id: Option<&'a str>,
    /// The span it belongs to: 16 hex digits.
    pub span_id: Option<&'a str>,
    /// The session it belongs to: a UUID with dashes.
    pub session_id: Option<&'a str>,
    /// Where the log call stands.
    pub location: Option<Frame<'a>>,
    /// What is left out, and how large it may be; no limits by default.
    pub content: &'a Content,
    /// In which form errors among the metadata are written.
    pub error_format: ErrorFormat,
    /// The scope whose metadata goes with it. Ids are not taken from it here, but by [`Head::inherit`].
    pub scope: Option<&'a Scope>,
}

impl<'a> Head<'a> {
    /// A head with the fields that every entry has.
    #[must_use]
    pub const fn new(time: Timestamp, level: Level, service: &'a str) -> Self {
        Self {
            time,
            level,
            service,
            trace_id: None,
            span_id: None,
            session_id: None,
            location: None,
            content: Content::unchanged(),
            error_format: ErrorFormat::Both,
            scope: None,
        }
    }

    /// Puts the entry into a scope: its metadata, and each id that the entry does not have itself.
    pub fn inherit(&mut self, scope: &'a Scope) {
        let of = |own: Option<&'a str>| own.filter(|id| !id.is_empty());
        self.trace_id = of(self.trace_id).or_else(|| scope.trace_id());
        self.span_id = of(self.span_id).or_else(|| scope.span_id());
        self.session_id = of(self.session_id).or_else(|| scope.session_id());
        self.scope = Some(scope);
    }
}

/// Writes entries as JSON into a buffer that it keeps, so that no entry costs an allocation once the buffer has grown.
///
/// What the server would refuse is mended, because it refuses the whole batch for one bad entry:
///
/// | what | becomes |
/// |---|---|
/// | empty message, empty service | [`EMPTY_MESSAGE`], [`UNKNOWN_SERVICE`] |
/// | service of more than 100 UTF-16 units | cut |
/// | NUL, in keys and texts | U+FFFD |
/// | key `__proto__`; key `constructor` of null or an object with `prototype` | `_proto_`; `_constructor_` |
/// | a span id that is not 16 hex digits, a session id that is not a UUID | moved to metadata |
/// | trace id of more than 256 bytes, empty trace id | cut, left out |
/// | `metadata.hostname` and `metadata.host` of more than 1,024 bytes, of any type | cut |
/// | integers beyond 2^53, NaN, infinities | strings |
/// | nesting beyond 100 levels, a value whose serialization fails | a text that says so |
/// | absent ids | left out, never `null` |
/// | what is too large or secret, by [`Head::content`] | see [`PayloadLimits`](crate::PayloadLimits), [`Redaction`](crate::Redaction) |
///
/// ```
/// use logtide_core::{BaseMetadata, Encoder, Head, Level, Timestamp};
///
/// let mut encoder = Encoder::default();
/// let head = Head::new(Timestamp::from_micros(0), Level::Info, "api");
/// let entry = encoder.encode(&head, format_args!("user {} logged in", 42), [("attempt", 1)], &BaseMetadata::default());
/// assert!(std::str::from_utf8(entry)?.contains(r#""message":"user 42 logged in","metadata":{"attempt":1,"sdk":"#));
/// # Ok::<(), std::str::Utf8Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Encoder {
    out: Vec<u8>,
    parts: Parts,
    keys: Keys,
    key_cache: KeyCache,
    time: TimeText,
    has_error: bool,
}

impl Encoder {
    /// Encodes an entry and lends its bytes: one JSON object in one line, without a line end.
    pub fn encode(
        &mut self,
        head: &Head<'_>,
        message: impl Display,
        metadata: impl IntoMetadata,
        base: &BaseMetadata,
    ) -> &[u8] {
        self.out.clear();
        self.keys.clear();
        self.write_head(head);
        self.write_message(message);
        let ids = self.write_ids(head);
        self.out.extend_from_slice(b",\"metadata\":");
        self.parts.metadata = self.out.len();
        self.out.push(b'{');
        let mut fields = Fields {
            out: &mut self.out,
            keys: &mut self.keys,
            key_cache: &mut self.key_cache,
            content: head.content,
            location: head.location,
            error_format: head.error_format,
            has_error: false,
        };
        metadata.write_to(&mut fields);
        for (key, id) in ids.into_iter().flatten() {
            fields.field(key, id);
        }
        if let Some(scope) = head.scope {
            scope.write_to(&mut fields);
        }
        base.write_to(&mut fields);
        self.has_error = fields.has_error;
        self.out.extend_from_slice(b"}}");
        if self.out.len() > head.content.max_entry_bytes() {
            self.parts.cut(&mut self.out, head.content.max_entry_bytes());
        }
        &self.out
    }

    /// The entry that was encoded last.
    #[must_use]
    pub fn encoded(&self) -> &[u8] {
        &self.out
    }

    /// Whether there was an error among the metadata of the entry that was encoded last: frames can be
    /// [attached](crate::Stacktrace::attach) to it.
    #[must_use]
    pub const fn has_error(&self) -> bool {
        self.has_error
    }

    /// Bytes that the buffer holds on to.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.out.capacity()
    }

    fn write_head(&mut self, head: &Head<'_>) {
        let out = &mut self.out;
        out.extend_from_slice(b"{\"time\":\"");
        out.extend_from_slice(self.time.format(head.time));
        out.extend_from_slice(b"\",\"service\":\"");
        let service = if head.service.is_empty() { UNKNOWN_SERVICE } else { head.service };
        write_escaped(out, cut_utf16(service, MAX_SERVICE_UNITS));
        out.extend_from_slice(b"\",\"level\":\"");
        out.extend_from_slice(head.level.as_str().as_bytes());
    }

    fn write_message(&mut self, message: impl Display) {
        self.out.extend_from_slice(b"\",\"message\":\"");
        let start = self.out.len();
        // A Display that fails leaves what it wrote until then.
        let _ = write!(EscapedText(&mut self.out), "{}", Guarded(message));
        if self.out.len() == start {
            self.out.extend_from_slice(EMPTY_MESSAGE.as_bytes());
        }
        self.parts.message = start..self.out.len();
        self.out.push(b'"');
    }

    /// Writes the ids that the server takes, and gives back those that it would refuse, under their metadata key.
    fn write_ids<'h>(&mut self, head: &Head<'h>) -> [Option<(&'static str, &'h str)>; 2] {
        if let Some(trace) = head.trace_id.filter(|id| !id.is_empty()) {
            self.write_id(b",\"trace_id\":", cut_bytes(trace, MAX_TRACE_ID_BYTES));
        }
        let mut refused = [None; 2];
        if head.span_id.is_none() && head.session_id.is_none() {
            return refused;
        }
        match head.span_id {
            Some(span) if is_span_id(span) => self.write_id(b",\"span_id\":", span),
            span => refused[0] = span.filter(|id| !id.is_empty()).map(|id| ("span_id", id)),
        }
        match head.session_id {
            Some(session) if is_session_id(session) => self.write_id(b",\"session_id\":", session),
            session => refused[1] = session.filter(|id| !id.is_empty()).map(|id| ("session_id", id)),
        }
        refused
    }

    fn write_id(&mut self, key: &[u8], id: &str) {
        self.out.extend_from_slice(key);
        write_string(&mut self.out, id);
    }
}

fn is_span_id(id: &str) -> bool {
    // Without a branch for each byte.
    id.len() == 16 && id.bytes().fold(true, |all, byte| all & byte.is_ascii_hexdigit())
}

/// The hyphenated form only: the server refuses the others.
fn is_session_id(id: &str) -> bool {
    id.len() == 36 && uuid::Uuid::try_parse(id).is_ok()
}

#[cfg(test)]
mod tests;

//! LogTide's ingest format: `{"logs":[…]}`.

mod errors;
mod fit;
mod fixed_name;
mod head;
mod identity;
mod keys;
mod name;
mod names;
mod plain;
mod prototype;
mod rendered;
mod sink;
mod text;
mod values;
mod walk;

use std::{borrow::Cow, fmt, sync::Arc};

use serde::Serialize;
use serde_json::Map;

pub(crate) use self::prototype::{CONSTRUCTOR, HARMLESS_CONSTRUCTOR};
use self::{
    fit::fit_entry,
    head::{Further, Head, Parts},
    keys::Keys,
    prototype::fixed_key,
    rendered::Rendered,
    sink::{JsonText, Outside, Sink as _, Tree},
    text::without_nul,
    values::write_value,
    walk::{Kept, Rules, Walk},
};
use super::{EntryHead, ValueSink, Wire};
use crate::{
    Content, ErrorFormat, Items, Level, LogEntry, Metadata, Outcome, Record, RecordWriter, ServerAnswer,
    Timestamp, Value,
    limits::{MAX_BATCH_ENTRIES, MAX_BODY_BYTES},
    record,
    timestamp::TimeText,
};

/// Replaces an empty message, which the server rejects together with its batch.
pub const EMPTY_MESSAGE: &str = "(empty message)";

/// Replaces an empty service name.
pub const UNKNOWN_SERVICE: &str = "unknown";

/// LogTide's ingest format.
///
/// Anything the server would reject is fixed, because the server rejects a whole batch for one bad entry:
///
/// | what | becomes |
/// |---|---|
/// | empty message, empty service | [`EMPTY_MESSAGE`], the [default service](Self::service) |
/// | service of more than 100 UTF-16 units | cut |
/// | NUL, in keys and texts | U+FFFD |
/// | key `__proto__`; key `constructor` of null or an object with `prototype` | `_proto_`; `_constructor_` |
/// | a span id that is not 16 hex digits, a session id that is not a UUID | moved to metadata |
/// | trace id of more than 256 bytes, empty trace id | cut, left out |
/// | `metadata.hostname` and `metadata.host` of more than 1,024 bytes, of any type | cut |
/// | integers beyond 2^53, NaN, infinities | strings |
/// | nesting beyond 100 levels, a value whose serialization fails | a text that says so |
/// | absent ids | left out, never `null` |
/// | what is too large or secret, by its [`Content`] | see [`PayloadLimits`](crate::PayloadLimits), [`Redaction`](crate::Redaction) |
///
/// ```
/// use logtide_core::{Head, Json, Level, RecordWriter, Wire as _};
///
/// let (mut writer, mut json, mut body) = (RecordWriter::default(), Json::default(), Vec::new());
/// let mut fields = writer.begin(&Head::new(Level::Info, "api"));
/// fields.message(format_args!("user {} logged in", 42));
/// fields.metadata([("attempt", 1)]);
/// json.begin(&mut body);
/// json.write(fields.finish(), &mut body);
/// json.end(&mut body);
/// assert!(std::str::from_utf8(&body)?.contains(r#""message":"user 42 logged in","metadata":{"attempt":1,"sdk":"#));
/// # Ok::<(), std::str::Utf8Error>(())
/// ```
pub struct Json {
    content: Arc<Content>,
    error_format: ErrorFormat,
    service: String,
    /// A record whose items are the global metadata.
    global: Vec<u8>,
    /// That, once it was asked for.
    rendered_global: Option<Rendered>,
    kept: Kept,
    /// The names of the fields that are written already, and a spare.
    keys: [Keys; 2],
    /// Where those names stand that are written to a sink of another wire.
    key_texts: Vec<u8>,
    time: TimeText,
}

impl Json {
    /// The SDK's name, sent as `metadata.sdk.name`.
    pub const SDK_NAME: &str = "logtide-rust";

    /// Creates a renderer with limits and redaction.
    #[must_use]
    pub fn new(content: impl Into<Arc<Content>>) -> Self {
        let json = Self {
            content: content.into(),
            error_format: ErrorFormat::default(),
            service: UNKNOWN_SERVICE.to_owned(),
            global: Vec::new(),
            rendered_global: None,
            kept: Kept::default(),
            keys: Default::default(),
            key_texts: Vec::new(),
            time: TimeText::default(),
        };
        json.global_metadata(&Metadata::new())
    }

    /// Sets metadata for every entry. An entry's own keys take precedence, and a key `sdk` replaces the SDK's stamp.
    #[must_use]
    pub fn global_metadata(mut self, metadata: &Metadata) -> Self {
        let sdk = serde_json::json!({"name": Self::SDK_NAME, "version": env!("CARGO_PKG_VERSION")});
        let mut all: Metadata = [("sdk", sdk)].into_iter().collect();
        all.extend(metadata.clone());
        let mut writer = RecordWriter::default();
        let mut fields = writer.begin(&record::Head::new(Level::Info, ""));
        for (key, value) in all.iter() {
            fields.field(key, value);
        }
        self.global = fields.finish().as_bytes().to_vec();
        (self.rendered_global, self.kept) = (None, Kept::default());
        self
    }

    /// Sets the form of errors. Default: [`ErrorFormat::Both`].
    #[must_use]
    pub fn error_format(mut self, format: ErrorFormat) -> Self {
        self.error_format = format;
        (self.rendered_global, self.kept) = (None, Kept::default());
        self
    }

    /// Sets the service of entries without one. Default: [`UNKNOWN_SERVICE`].
    #[must_use]
    pub fn service(mut self, name: impl Into<String>) -> Self {
        self.service = name.into();
        self.kept = Kept::default();
        self
    }

    /// Returns the entry as it would be sent: fixed, limited and redacted. Ids that the server rejects are in its
    /// metadata.
    #[must_use]
    pub fn entry(&mut self, record: Record<'_>) -> LogEntry {
        let mut rendered = Vec::new();
        let parts = self.render_whole(record, &mut rendered);
        let mut fields = self.fields(record);
        let head = Head::new(record, &record.prefix(), &self.service);
        let mut message = head.message();
        if rendered.len() > self.content.max_entry_bytes() {
            (message, fields) = self.fit(&parts, rendered.len(), message, fields);
        }
        head.entry(message, fields.into())
    }

    /// Returns the entry's data other than its metadata, fixed, for a wire of another format.
    ///
    /// Ids that LogTide's ingest format rejects are in the metadata.
    #[must_use]
    pub fn head<'a>(&'a self, record: Record<'a>) -> EntryHead<'a> {
        let prefix = record.prefix();
        Head::new(record, &prefix, &self.service).of_entry(record, &prefix)
    }

    /// Writes the metadata of an entry to a wire of another format: fixed, limited, redacted, without duplicates, and
    /// with the global metadata.
    ///
    /// The size of the entry is not checked. For one that is too large for its wire, use [`entry`](Self::entry).
    pub fn write_metadata(&mut self, record: Record<'_>, sink: &mut impl ValueSink) {
        let Self { service, keys, key_texts, kept, content, error_format, global, .. } = self;
        let rules = Rules::new(content, *error_format, record.is_final());
        let (prefix, items) = record.parts();
        let head = Head::new(record, &prefix, service);
        let mut walk = Walk::new(Outside::new(sink, keys, key_texts), rules, kept);
        walk.record(record, items, head.further(&prefix));
        if !record.is_final() {
            walk.global(global);
        }
    }

    /// Writes some items of a record, such as those of a span event, like [`write_metadata`](Self::write_metadata),
    /// without the global metadata.
    pub fn write_items(&mut self, record: Record<'_>, items: Items<'_>, sink: &mut impl ValueSink) {
        let Self { keys, key_texts, kept, content, error_format, .. } = self;
        let rules = Rules::new(content, *error_format, record.is_final());
        let mut walk = Walk::new(Outside::new(sink, keys, key_texts), rules, kept);
        walk.record(record, items, Further::default());
    }

    /// Writes only the global metadata.
    pub fn write_global_metadata(&mut self, sink: &mut impl ValueSink) {
        let Self { keys, key_texts, kept, content, error_format, global, .. } = self;
        let rules = Rules::new(content, *error_format, false);
        Walk::new(Outside::new(sink, keys, key_texts), rules, kept).global(global);
    }

    /// The maximum size of an entry in bytes.
    #[must_use]
    pub fn max_entry_bytes(&self) -> usize {
        self.content.max_entry_bytes()
    }

    /// Adds the whole entry, regardless of its size.
    fn render_whole(&mut self, record: Record<'_>, out: &mut Vec<u8>) -> Parts {
        if let Some(parts) = self.render_plain(record, out) {
            return parts;
        }
        if self.rendered_global.is_none() {
            self.rendered_global = Some(self.render_global());
        }
        let Self { service, time, keys, kept, content, error_format, .. } = self;
        let rules = Rules::new(content, *error_format, record.is_final());
        let (prefix, items) = record.parts();
        let head = Head::new(record, &prefix, service);
        let parts = head.write(time, out);
        out.push(b'{');
        let mut walk = Walk::new(JsonText::new(out, keys), rules, kept);
        walk.record(record, items, head.further(&prefix));
        if !record.is_final()
            && !self.rendered_global.as_ref().is_some_and(|global| walk.sink().copy_last(global))
        {
            walk.global(&self.global);
        }
        out.extend_from_slice(b"}}");
        parts
    }

    /// The metadata of the entry, regardless of its size.
    fn fields(&mut self, record: Record<'_>) -> Map<String, serde_json::Value> {
        let Self { service, kept, content, error_format, .. } = self;
        let rules = Rules::new(content, *error_format, record.is_final());
        let mut walk = Walk::new(Tree::fields(), rules, kept);
        let (prefix, items) = record.parts();
        walk.record(record, items, Head::new(record, &prefix, service).further(&prefix));
        if !record.is_final() {
            walk.global(&self.global);
        }
        walk.into_sink().into_fields()
    }

    #[cold]
    fn render_global(&mut self) -> Rendered {
        let Self { global, keys, kept, content, error_format, .. } = self;
        let mut text = b"{".to_vec();
        let mut walk =
            Walk::new(JsonText::new(&mut text, keys), Rules::new(content, *error_format, false), kept);
        walk.global(global);
        Rendered::new(text, &keys[0])
    }

    /// The message and metadata of the entry that ends the buffer, as far as they fit.
    fn fit(
        &self,
        parts: &Parts,
        end: usize,
        message: String,
        fields: Map<String, serde_json::Value>,
    ) -> (String, Map<String, serde_json::Value>) {
        let (size, fixed) = (parts.size(end), parts.fixed_size(end));
        fit_entry(message, fields, size, self.content.max_entry_bytes().saturating_sub(fixed))
    }

    /// Truncates the entry that ends the buffer to its maximum size.
    #[cold]
    fn cut(&mut self, record: Record<'_>, parts: &Parts, out: &mut Vec<u8>) {
        let fields = self.fields(record);
        let message = Head::new(record, &record.prefix(), &self.service).message();
        let (message, fields) = self.fit(parts, out.len(), message, fields);
        let ids = out[parts.message.end..parts.metadata].to_vec();
        out.truncate(parts.message.start);
        out.extend_from_slice(&fit::json(&message));
        out.extend_from_slice(&ids);
        out.extend_from_slice(&fit::json(&fields));
        out.push(b'}');
    }
}

impl Default for Json {
    /// Without limits and redaction, with the SDK's stamp as the only global metadata.
    fn default() -> Self {
        Self::new(Content::unchanged().clone())
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Json")
            .field("content", &self.content)
            .field("error_format", &self.error_format)
            .field("service", &self.service)
            .finish_non_exhaustive()
    }
}

impl Wire for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn path(&self) -> &'static str {
        "/api/v1/ingest"
    }

    fn content_type(&self) -> &'static str {
        "application/json"
    }

    fn max_entries(&self) -> usize {
        MAX_BATCH_ENTRIES
    }

    fn max_body_bytes(&self) -> usize {
        MAX_BODY_BYTES
    }

    fn begin(&mut self, body: &mut Vec<u8>) {
        body.extend_from_slice(b"{\"logs\":[");
    }

    fn separate(&self, body: &mut Vec<u8>) {
        if body.last().is_some_and(|last| *last != b'[') {
            body.push(b',');
        }
    }

    fn render(&mut self, record: Record<'_>, out: &mut Vec<u8>) {
        // Enough for most entries, so that it does not grow field by field.
        out.reserve(2 * record.len() + 256);
        let parts = self.render_whole(record, out);
        if parts.size(out.len()) > self.content.max_entry_bytes() {
            self.cut(record, &parts, out);
        }
    }

    fn end_bytes(&self) -> usize {
        2
    }

    fn end(&mut self, body: &mut Vec<u8>) {
        body.extend_from_slice(b"]}");
    }

    fn outcome(&self, answer: ServerAnswer<'_>, retry_after_header: Option<&str>, now: Timestamp) -> Outcome {
        answer.outcome(retry_after_header, now)
    }
}

/// The name under which a field is sent, regardless of its value.
pub(crate) fn fixed_key_name(key: &str) -> Cow<'_, str> {
    without_nul(fixed_key(key))
}

/// The metadata of a record as JSON, fixed, without limits, redaction and global metadata.
pub(crate) fn metadata_of(record: Record<'_>) -> Map<String, serde_json::Value> {
    let mut kept = Kept::default();
    let rules = Rules::new(Content::unchanged(), ErrorFormat::Both, false);
    let mut walk = Walk::new(Tree::fields(), rules, &mut kept);
    walk.record(record, record.items(), Further::default());
    walk.into_sink().into_fields()
}

/// A value as it is sent, without limits and redaction.
pub(crate) fn value_of<V: Serialize + ?Sized>(value: &V) -> serde_json::Value {
    let mut written = Vec::new();
    record::write_value(&mut written, 1, Content::unchanged(), value);
    let mut tree = Tree::default();
    if let Some(value) = Value::first(&written) {
        write_value(&mut tree, Content::unchanged(), 1, value);
    }
    tree.into_value()
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

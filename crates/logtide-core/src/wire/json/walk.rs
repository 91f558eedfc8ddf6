//! Walks the metadata of a record: fixes values, and omits what is excluded.

mod rules;
mod spans;

use std::mem;

pub(super) use self::rules::Rules;
use self::spans::name_of;
use super::{
    errors::{Report, is_pair, write_pairs_summary},
    fit::shortened,
    head::Further,
    identity::fields_of,
    name::Kind,
    names::Names,
    prototype::{HARMLESS_CONSTRUCTOR, is_refused},
    rendered::Rendered,
    sink::{JsonText, Sink, Tree},
    values::{write_text, write_value},
};
use crate::{
    CallSite, Content, ErrorFormat,
    bridge::Origin,
    limits::MAX_HOSTNAME_BYTES,
    record::{ErrorValue, Frames, Item, Items, Key, Record, Value},
};

/// The state that is reused for the next entry.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) names: Names,
    /// Buffer for sorting the names of spans.
    pub(super) spans: Vec<&'static str>,
    /// The call sites of the spans of an entry on the fast path.
    pub(super) places: Vec<u32>,
    /// The replacement for the names of spans, if there is one. None until it is needed.
    pub(super) spans_replacement: Option<Option<&'static str>>,
    /// Buffer for the stack of an error.
    stack: String,
}

impl Kept {
    /// The memory that is kept for the stack in bytes. Most need less.
    const MAX_STACK_BYTES: usize = 16 << 10;
}

/// Writes metadata to a sink, field by field. If a name occurs twice, its first value is kept.
#[derive(Debug)]
pub(super) struct Walk<'w, S> {
    sink: S,
    rules: Rules<'w>,
    kept: &'w mut Kept,
    /// The number of objects around a value.
    depth: usize,
}

impl<'w, S: Sink> Walk<'w, S> {
    pub(super) const fn new(sink: S, rules: Rules<'w>, kept: &'w mut Kept) -> Self {
        Self { sink, rules, kept, depth: 1 }
    }

    pub(super) fn into_sink(self) -> S {
        self.sink
    }

    pub(super) const fn sink(&mut self) -> &mut S {
        &mut self.sink
    }

    /// Writes the items of a record, with additional fields before those of the scope.
    pub(super) fn record(&mut self, record: Record<'_>, items: Items<'_>, further: Further<'_>) {
        let call_site = record.call_site();
        let mut further = Some(further);
        let mut rest = items;
        self.kept.spans.clear();
        loop {
            self.plain_fields(call_site, &mut rest);
            let Some(item) = rest.next() else { break };
            match item {
                Item::Field(key, value) => self.field(key, value, items),
                Item::Error(error) => self.error(error, call_site, record.prefix().frames),
                Item::Span(span) => {
                    self.kept.spans.extend(name_of(&span));
                    if record.has_nested_spans() { self.nested(span) } else { self.fields_of(span) }
                }
                Item::SpanNames => self.span_names(rest),
                Item::Origin { with_place } => self.origin(call_site, with_place),
                Item::Scope => self.further(further.take()),
                // Items that are not fields are for wires that support them.
                Item::SpanTimes(_)
                | Item::SpanStatus(..)
                | Item::SpanEvent(_)
                | Item::SpanLink(_)
                | Item::TraceState(_) => {}
            }
        }
        self.further(further);
    }

    /// Writes the global metadata, which is stored as a record.
    pub(super) fn global(&mut self, record: &[u8]) {
        if let Some(record) = Record::first(record) {
            self.record(record, record.items(), Further::default());
        }
    }

    /// Writes the fields at the start of some items while they have a name of their call site and need no special
    /// treatment.
    #[inline]
    fn plain_fields(&mut self, call_site: Option<&CallSite>, items: &mut Items<'_>) {
        let Some(call_site) = call_site else { return };
        let Self { sink, rules, kept, depth } = self;
        let known = kept.names.take(rules.names_content, call_site);
        let is_plain = |index: usize| known.plain(index).is_some();
        loop {
            let before = *items;
            let text = items.next_indexed_text(is_plain);
            if let Some((index, text)) = text
                && let Some(name) = known.plain(index)
                && S::takes_plain(text)
                && rules.content.leaves(text)
                && !(rules.replaces && name.replacement.is_some())
            {
                if sink.field(name) {
                    sink.plain(text);
                }
                continue;
            }
            *items = before;
            let Some((index, value)) = items.next_indexed(is_plain) else { break };
            if let Some(name) = known.plain(index)
                && sink.field(name)
            {
                match name.replacement {
                    Some(replacement) if rules.replaces => sink.text(replacement),
                    _ => write_value(sink, rules.content, *depth, value),
                }
            }
        }
        kept.names.put_back(call_site, known);
    }

    /// Writes a field of these items.
    fn field(&mut self, key: Key<'_>, value: Value<'_>, among: Items<'_>) {
        let kind = self.kept.names.get(self.rules.names_content, key).kind;
        if kind == Kind::Plain {
            self.put(key, |sink, content, depth| write_value(sink, content, depth, value));
        } else {
            self.special(kind, key, value, among);
        }
    }

    /// Writes a field, unless there is one with its name already.
    #[inline]
    fn put(&mut self, key: Key<'_>, write: impl FnOnce(&mut S, &Content, usize)) {
        let Self { sink, rules, kept, depth } = self;
        let name = kept.names.get(rules.names_content, key);
        if sink.field(name) {
            match name.replacement {
                Some(replacement) if rules.replaces => sink.text(replacement),
                _ => write(sink, rules.content, *depth),
            }
        }
    }

    fn further(&mut self, further: Option<Further<'_>>) {
        let Some(Further { identity, refused }) = further else { return };
        for (name, value) in fields_of(identity, &mut Default::default()) {
            let Self { sink, rules, kept, depth } = self;
            // Rules of the application do not apply to ids of the SDK.
            if sink.field(kept.names.get(rules.names_content, Key::Text(name.key()))) {
                write_value(sink, Content::unchanged(), *depth, value);
            }
        }
        for (key, text) in refused.into_iter().flatten() {
            self.text(key, text);
        }
    }

    fn text(&mut self, key: &str, text: &str) {
        self.put(Key::Text(key), |sink, content, _| write_text(sink, content, text));
    }

    #[cold]
    fn special(&mut self, kind: Kind, key: Key<'_>, value: Value<'_>, among: Items<'_>) {
        match kind {
            Kind::Hostname if !is_short(&value) => self.put(key, |sink, content, depth| {
                let (mut text, mut keys) = (Vec::new(), Default::default());
                write_value(&mut JsonText::new(&mut text, &mut keys), content, depth, value);
                if text.len() <= MAX_HOSTNAME_BYTES {
                    write_value(sink, content, depth, value);
                } else {
                    let mut tree = Tree::default();
                    write_value(&mut tree, content, depth, value);
                    sink.value(shortened(tree.into_value(), MAX_HOSTNAME_BYTES));
                }
            }),
            Kind::Constructor if is_refused(&value) => {
                let key = Key::Text(HARMLESS_CONSTRUCTOR);
                self.put(key, |sink, content, depth| write_value(sink, content, depth, value));
            }
            Kind::Error if is_pair(among) => self.half(key, value),
            _ => self.put(key, |sink, content, depth| write_value(sink, content, depth, value)),
        }
    }

    /// Writes one form of an error that is among the items in both.
    fn half(&mut self, key: Key<'_>, value: Value<'_>) {
        let is_summary = key.as_str() == "error";
        let left_out = if is_summary { ErrorFormat::Exception } else { ErrorFormat::Error };
        if self.rules.error_format != left_out {
            self.put(key, |sink, content, depth| match (value, content.error_text()) {
                (Value::Object(entries), Some(text)) if is_summary => {
                    write_pairs_summary(sink, content, depth, entries, text);
                }
                _ => write_value(sink, content, depth, value),
            });
        }
    }

    /// Writes an error. Its location is the call site unless it has another.
    fn error(&mut self, error: ErrorValue<'_>, call_site: Option<&CallSite>, frames: Frames<'_>) {
        let Some(report) = Report::new(error, call_site, frames, self.rules.content) else { return };
        let format = self.rules.error_format;
        let mut stack = mem::take(&mut self.kept.stack);
        report.write_stack(self.rules.content, &mut stack);
        if format != ErrorFormat::Exception {
            self.put(Key::Text("error"), |sink, content, depth| {
                report.write_summary(sink, content, depth, &stack);
            });
        }
        if format != ErrorFormat::Error {
            self.put(Key::Text("exception"), |sink, content, depth| {
                report.write_exception(sink, content, depth, &stack);
            });
        }
        stack.clear();
        stack.shrink_to(Kept::MAX_STACK_BYTES);
        self.kept.stack = stack;
    }

    fn with_sink<T: Sink>(&mut self, sink: T) -> Walk<'_, T> {
        Walk { sink, rules: self.rules, kept: self.kept, depth: self.depth }
    }

    /// Writes the location of a call site, which is rendered once.
    fn origin(&mut self, call_site: Option<&CallSite>, with_place: bool) {
        let Some(call_site) = call_site else { return };
        if self.rules.replaces {
            let content = self.rules.names_content;
            if self.kept.names.origin(content, call_site, with_place).is_none() {
                let rendered = self.render(|walk| walk.write_origin(call_site.origin(), with_place));
                *self.kept.names.origin(content, call_site, with_place) = Some(rendered);
            }
            if let Some(rendered) = self.kept.names.origin(content, call_site, with_place)
                && self.sink.copy(rendered)
            {
                return;
            }
        }
        self.write_origin(call_site.origin(), with_place);
    }

    /// The output of a function.
    fn render(&mut self, write: impl FnOnce(&mut Walk<'_, JsonText<'_>>)) -> Rendered {
        let (mut text, mut keys) = (b"{".to_vec(), Default::default());
        write(&mut self.with_sink(JsonText::new(&mut text, &mut keys)));
        Rendered::new(text, &keys[0])
    }

    pub(super) fn write_origin(&mut self, origin: &Origin<'_>, with_place: bool) {
        let origin = if with_place { *origin } else { origin.without_place() };
        for (key, text) in origin.texts() {
            self.text(key, text);
        }
        if let Some(line) = origin.line {
            self.put(Key::Text("line"), |sink, content, depth| {
                write_value(sink, content, depth, Value::Unsigned(line.into()));
            });
        }
    }
}

/// Whether a value is certainly within what the server indexes: no byte takes more than six.
fn is_short(value: &Value<'_>) -> bool {
    const SHORT: usize = MAX_HOSTNAME_BYTES / 8;
    matches!(value, Value::Text(text) if text.len() <= SHORT)
}

#[cfg(test)]
mod tests;

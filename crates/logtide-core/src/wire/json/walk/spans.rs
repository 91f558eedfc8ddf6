//! The spans around an entry.

use std::mem;

use super::Walk;
use crate::{
    limits::MAX_HOSTNAME_BYTES,
    record::{Frames, Item, Items, Key, SpanItem},
    wire::json::{
        fit::shortened,
        name::Kind,
        prototype::{CONSTRUCTOR, HARMLESS_CONSTRUCTOR, PROTOTYPE},
        sink::{JsonText, Sink, Tree},
        values::write_text,
    },
};

impl<S: Sink> Walk<'_, S> {
    pub(super) fn fields_of(&mut self, span: SpanItem<'_>) {
        let mut rest = span.items;
        loop {
            self.plain_fields(span.call_site, &mut rest);
            let Some(item) = rest.next() else { break };
            match item {
                Item::Field(key, value) => self.field(key, value, span.items),
                Item::Error(error) => self.error(error, span.call_site, Frames::default()),
                // Spans are not nested in the record.
                _ => {}
            }
        }
    }

    /// Writes the fields of a span as one object under its name.
    pub(super) fn nested(&mut self, span: SpanItem<'_>) {
        let mut items = span.items;
        if items.next().is_none() {
            return;
        }
        let Some(call_site) = span.call_site else { return self.fields_of(span) };
        let has_prototype = || {
            span.items
                .into_iter()
                .any(|item| matches!(item, Item::Field(key, _) if key.as_str() == PROTOTYPE))
        };
        let name = match call_site.span_name {
            CONSTRUCTOR if has_prototype() => HARMLESS_CONSTRUCTOR,
            name => name,
        };
        let Self { sink, rules, kept, .. } = self;
        let name = kept.names.get(rules.names_content, Key::Text(name));
        let kind = name.kind;
        if !sink.field(name) {
            return;
        }
        match name.replacement {
            Some(replacement) if rules.replaces => sink.text(replacement),
            _ if kind == Kind::Hostname => self.shortened_object_of(span),
            _ => self.object_of(span),
        }
    }

    fn object_of(&mut self, span: SpanItem<'_>) {
        self.sink.open_fields();
        self.depth += 1;
        self.fields_of(span);
        self.depth -= 1;
        self.sink.close_fields();
    }

    /// Like [`object_of`](Self::object_of), truncated to what the server indexes.
    #[cold]
    fn shortened_object_of(&mut self, span: SpanItem<'_>) {
        let (mut text, mut keys) = (Vec::new(), Default::default());
        self.with_sink(JsonText::new(&mut text, &mut keys)).object_of(span);
        if text.len() <= MAX_HOSTNAME_BYTES {
            return self.object_of(span);
        }
        let mut tree = self.with_sink(Tree::default());
        tree.object_of(span);
        let value = tree.into_sink().into_value();
        self.sink.value(shortened(value, MAX_HOSTNAME_BYTES));
    }

    /// Writes the names of all spans, some of which may be in the rest of the items. Outermost first.
    pub(super) fn span_names(&mut self, rest: Items<'_>) {
        let mut names = mem::take(&mut self.kept.spans);
        let known = names.len();
        names.extend(rest.filter_map(|item| match item {
            Item::Span(span) => name_of(&span),
            _ => None,
        }));
        if !names.is_empty() {
            self.put(Key::Text("spans"), |sink, content, _| {
                sink.open_array();
                for name in names.iter().rev() {
                    sink.element();
                    write_text(sink, content, name);
                }
                sink.close_array();
            });
        }
        names.truncate(known);
        self.kept.spans = names;
    }
}

pub(super) fn name_of(span: &SpanItem<'_>) -> Option<&'static str> {
    span.call_site.map(|call_site| call_site.span_name)
}

//! A fast path for common entries.

use super::{
    Json,
    fixed_name::FixedName,
    head::{Head, Parts},
    identity::fields_of,
    keys::Keys,
    names::{Known, Names},
    rendered::Rendered,
    sink::{JsonText, Sink as _},
    text::{write_plain, write_string},
    values::write_value,
    walk::{Kept, Rules, Walk},
};
use crate::{
    CallSite, Content, Identity,
    record::{Ending, Items, Prefix, Record},
};

impl Json {
    /// Adds the whole entry, regardless of its size, if it is a common one. A common entry is outside of scopes, and
    /// its fields and those of its spans have the names of their call sites, in order, without special treatment.
    /// Adds nothing otherwise.
    ///
    /// The output equals that of the general path, which records the names that were written. Here they are known to
    /// be different.
    #[inline]
    pub(super) fn render_plain(&mut self, record: Record<'_>, out: &mut Vec<u8>) -> Option<Parts> {
        let call_site = record.call_site().filter(|_| record.has_no_flags())?;
        let start = out.len();
        let mut known = self.kept.names.take(&self.content, call_site);
        let written = self.write_plain(record, call_site, &mut known, out);
        self.kept.names.put_back(call_site, known);
        if written.is_none() {
            out.truncate(start);
        }
        written
    }

    #[inline]
    fn write_plain(
        &mut self,
        record: Record<'_>,
        call_site: &CallSite,
        known: &mut Known,
        out: &mut Vec<u8>,
    ) -> Option<Parts> {
        let Self { content, service, time, keys, kept, .. } = self;
        let (prefix, mut rest) = match record.items_alone() {
            Some(items) => (None, items),
            None => {
                let (prefix, items) = record.parts();
                (Some(prefix), items)
            }
        };
        let parts = match &prefix {
            Some(prefix) if !prefix.is_of_metadata_alone() => {
                let head = Head::new(record, prefix, service);
                if head.refused.iter().any(Option::is_some) {
                    return None;
                }
                head.write(time, out)
            }
            _ => {
                let between = known.head(record.level(), |out| {
                    Head::new(record, &Prefix::default(), service).write_between(out);
                });
                Parts::written(out, time.format(record.call_time()), between, record)
            }
        };
        let identity = prefix.filter(Prefix::has_identity).map(|prefix| prefix.identity());
        out.push(b'{');
        let mut fields = PlainFields { out, content, keys, is_first: true, has_span_names: false };
        fields.write(known, &mut rest);
        let Kept { names, spans, places, spans_replacement, .. } = kept;
        spans.clear();
        places.clear();
        fields.write_spans(known, names, spans, places, &mut rest)?;
        if rest.next_span_names() && !spans.is_empty() {
            if spans_replacement.get_or_insert_with(|| content.replacement("spans")).is_some() {
                return None;
            }
            fields.write_span_names(known, names, spans, places)?;
        }
        if let Some(identity) = identity {
            fields.write_identity(known, names, places, identity)?;
        }
        let (is_first, has_span_names) = (fields.is_first, fields.has_span_names);
        let ending = rest.ending()?;
        let tail = known.tail(ending, || self.render_tail(call_site, ending))?;
        let of_spans = |place: &u32| self.kept.names.by_number(*place);
        let is_free = self.kept.places.iter().filter_map(of_spans).all(|span| span.is_free_of(tail))
            && !(has_span_names && tail.has_fixed(FixedName::SPANS))
            && identity.is_none_or(|identity| {
                fields_of(identity, &mut Default::default()).all(|(name, _)| !tail.has_fixed(name))
            });
        if !is_free {
            return None;
        }
        out.extend_from_slice(tail.text().get(usize::from(is_first)..).unwrap_or_default());
        out.extend_from_slice(b"}}");
        Some(parts)
    }

    /// The fields that are the same in all entries of a call site.
    #[cold]
    fn render_tail(&self, call_site: &CallSite, ending: Ending) -> Rendered {
        let (mut text, mut keys, mut kept) = (b"{".to_vec(), <[Keys; 2]>::default(), Kept::default());
        let rules = Rules::new(&self.content, self.error_format, false);
        let mut walk = Walk::new(JsonText::new(&mut text, &mut keys), rules, &mut kept);
        if ending != Ending::Nothing {
            walk.write_origin(call_site.origin(), ending == Ending::OriginWithPlace);
        }
        walk.global(&self.global);
        Rendered::new(text, &keys[0])
    }
}

/// Writes fields whose names are known to be different.
struct PlainFields<'w> {
    out: &'w mut Vec<u8>,
    content: &'w Content,
    /// For nested values.
    keys: &'w mut [Keys; 2],
    /// The first field has no comma before it.
    is_first: bool,
    has_span_names: bool,
}

impl PlainFields<'_> {
    /// Writes the next fields, while they have names of a call site in order.
    #[inline]
    fn write(&mut self, known: &Known, rest: &mut Items<'_>) {
        let Self { out, content, keys, is_first, .. } = self;
        let mut next = 0;
        rest.skip_message();
        loop {
            let is_next = |index: usize| index >= next && known.plain(index).is_some();
            let mut behind = *rest;
            if let Some((index, text)) = behind.next_indexed_text(is_next)
                && let Some(name) = known.plain(index).filter(|name| name.replacement.is_none())
                && content.leaves(text)
            {
                let before = out.len();
                out.extend_from_slice(name.text.get(usize::from(*is_first)..).unwrap_or_default());
                if write_plain(out, text) {
                    *rest = behind;
                    (*is_first, next) = (false, index + 1);
                    continue;
                }
                out.truncate(before);
            }
            let Some((index, value)) = rest.next_indexed(is_next) else { break };
            let Some(name) = known.plain(index) else { break };
            out.extend_from_slice(name.text.get(usize::from(*is_first)..).unwrap_or_default());
            let mut sink = JsonText::new(out, keys);
            match name.replacement {
                Some(replacement) => sink.text(replacement),
                None => write_value(&mut sink, content, 1, value),
            }
            (*is_first, next) = (false, index + 1);
        }
    }

    /// Writes the fields of the next spans. None if a name may occur twice.
    ///
    /// Records the names of the spans, and the call sites of those that have fields.
    fn write_spans(
        &mut self,
        own: &Known,
        names: &mut Names,
        spans: &mut Vec<&'static str>,
        places: &mut Vec<u32>,
        rest: &mut Items<'_>,
    ) -> Option<()> {
        while let Some(span) = rest.next_span() {
            let call_site = span.call_site?;
            spans.push(call_site.span_name);
            let mut items = span.items;
            if items.is_empty() {
                continue;
            }
            let known = names.take(self.content, call_site);
            let shares_none = own.shares_none(&known)
                && places
                    .iter()
                    .all(|place| names.by_number(*place).is_some_and(|other| other.shares_none(&known)));
            if shares_none {
                self.write(&known, &mut items);
            }
            names.put_back(call_site, known);
            if !shares_none || !items.is_empty() {
                return None;
            }
            places.push(call_site.number());
        }
        Some(())
    }

    /// Writes the names of the spans, outermost first. None if a field has that name, or a name needs escaping.
    fn write_span_names(
        &mut self,
        own: &Known,
        names: &Names,
        spans: &[&'static str],
        places: &[u32],
    ) -> Option<()> {
        if !spans.iter().all(|name| self.content.leaves(name.as_bytes())) {
            return None;
        }
        self.write_fixed(FixedName::SPANS, own, names, places)?;
        self.has_span_names = true;
        self.out.push(b'[');
        for (at, name) in spans.iter().rev().enumerate() {
            if at > 0 {
                self.out.push(b',');
            }
            write_string(self.out, name);
        }
        self.out.push(b']');
        Some(())
    }

    /// Writes the id and number of the entry. Writes nothing if a field has such a name.
    fn write_identity(
        &mut self,
        own: &Known,
        names: &Names,
        places: &[u32],
        identity: Identity,
    ) -> Option<()> {
        for (name, value) in fields_of(identity, &mut Default::default()) {
            self.write_fixed(name, own, names, places)?;
            write_value(&mut JsonText::new(self.out, self.keys), Content::unchanged(), 1, value);
        }
        Some(())
    }

    /// Writes the name of a field of the SDK. None if a field has that name.
    fn write_fixed(&mut self, name: FixedName, own: &Known, names: &Names, places: &[u32]) -> Option<()> {
        let (bit, text) = (name.bit(), name.text());
        let of_spans = |place: &u32| names.by_number(*place);
        let mut others = places.iter().filter_map(of_spans).chain([own]);
        if others.any(|known| known.has(bit, text)) {
            return None;
        }
        self.out.extend_from_slice(text.get(usize::from(self.is_first)..).unwrap_or_default());
        self.is_first = false;
        Some(())
    }
}

#[cfg(test)]
mod tests;

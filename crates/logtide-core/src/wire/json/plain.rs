//! Entries as nearly all are.

use super::{
    Json,
    head::{Head, Parts},
    keys::Keys,
    rendered::Rendered,
    sink::{JsonText, Sink as _},
    text::write_plain,
    values::write_value,
    walk::{Kept, Rules, Walk},
};
use crate::{
    CallSite,
    record::{Ending, Prefix, Record},
};

impl Json {
    /// Adds the whole entry, however large it is, if it is as nearly all are: with fields that have names at its call site, in their
    /// order, and nothing special about them; outside of spans and scopes. Adds nothing else.
    ///
    /// What comes out is what the general way gives, which need not look for names that were written already.
    #[inline]
    pub(super) fn render_plain(&mut self, record: Record<'_>, out: &mut Vec<u8>) -> Option<Parts> {
        let (call_site, items) = record.plain_items()?;
        let start = out.len();
        let Self { content, service, time, keys, kept, .. } = self;
        let mut known = kept.names.take(content, call_site);
        let between = known.head(record.level(), |out| {
            Head::new(record, &Prefix::default(), service).write_between(out);
        });
        let parts = Parts::written(out, time.format(record.call_time()), between, record);
        out.push(b'{');

        let mut rest = items;
        rest.skip_message();
        // The first has no comma in front.
        let (mut skipped, mut next) = (1, 0);
        loop {
            let is_next = |index: usize| index >= next && known.plain(index).is_some();
            if let Some((index, text)) = rest.clone().next_indexed_text(is_next)
                && let Some(name) = known.plain(index).filter(|name| name.replacement.is_none())
                && content.leaves(text)
            {
                let before = out.len();
                out.extend_from_slice(name.text.get(skipped..).unwrap_or_default());
                if write_plain(out, text) {
                    let _ = rest.next_indexed_text(is_next);
                    (skipped, next) = (0, index + 1);
                    continue;
                }
                out.truncate(before);
            }
            let Some((index, value)) = rest.next_indexed(is_next) else { break };
            let Some(name) = known.plain(index) else { break };
            out.extend_from_slice(name.text.get(skipped..).unwrap_or_default());
            let mut sink = JsonText::new(out, keys);
            match name.replacement {
                Some(replacement) => sink.text(replacement),
                None => write_value(&mut sink, content, 1, value),
            }
            (skipped, next) = (0, index + 1);
        }
        let written = rest.ending().and_then(|ending| {
            let tail = known.tail(ending, || self.render_tail(call_site, ending))?;
            out.extend_from_slice(tail.get(skipped..).unwrap_or_default());
            out.extend_from_slice(b"}}");
            Some(parts)
        });
        if written.is_none() {
            out.truncate(start);
        }
        self.kept.names.put_back(call_site, known);
        written
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

#[cfg(test)]
mod tests;

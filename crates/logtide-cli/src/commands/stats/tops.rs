//! The most frequent texts.

use std::collections::HashMap;

/// The most texts that are counted separately. The entries of further texts share one count.
const MAX_TEXTS: usize = 50_000;

/// The number of texts that are shown.
pub(super) const SHOWN: usize = 10;

/// Counts the occurrences of texts.
#[derive(Debug, Default)]
pub(super) struct Tops {
    counts: HashMap<String, u64>,
    others: u64,
}

impl Tops {
    pub(super) fn add(&mut self, text: &str, entries: u64) {
        let may_grow = self.counts.len() < MAX_TEXTS;
        if let Some(count) = self.counts.get_mut(text) {
            *count = count.saturating_add(entries);
        } else if may_grow {
            self.counts.insert(text.to_owned(), entries);
        } else {
            self.others = self.others.saturating_add(entries);
        }
    }

    /// Returns the texts with most entries, most frequent first, and whether some texts were not counted separately.
    pub(super) fn most(self) -> (Vec<(String, u64)>, bool) {
        let mut all: Vec<_> = self.counts.into_iter().filter(|(_, count)| *count > 0).collect();
        all.sort_by(|(text, count), (other, others)| others.cmp(count).then_with(|| text.cmp(other)));
        all.truncate(SHOWN);
        (all, self.others > 0)
    }
}

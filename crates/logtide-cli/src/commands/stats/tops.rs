//! What there is most of.

use std::collections::HashMap;

/// Texts that are told apart; the entries of others are counted together.
const MAX_TEXTS: usize = 50_000;

/// Texts that are shown.
pub(super) const SHOWN: usize = 10;

/// Counts texts.
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

    /// The texts with most entries, these first, and whether there were too many texts to be sure of it.
    pub(super) fn most(self) -> (Vec<(String, u64)>, bool) {
        let mut all: Vec<_> = self.counts.into_iter().filter(|(_, count)| *count > 0).collect();
        all.sort_by(|(text, count), (other, others)| others.cmp(count).then_with(|| text.cmp(other)));
        all.truncate(SHOWN);
        (all, self.others > 0)
    }
}

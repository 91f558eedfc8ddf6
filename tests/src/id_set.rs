//! Sets of entry numbers.

use std::collections::BTreeMap;

/// The number of bits in a page.
const PAGE: u64 = 1 << 16;

/// A set of mostly consecutive numbers, with one bit for each.
#[derive(Clone, Debug, Default)]
pub(crate) struct IdSet {
    pages: BTreeMap<u64, Vec<u64>>,
    len: u64,
}

impl IdSet {
    /// Adds a number. Returns whether it is new.
    pub(crate) fn insert(&mut self, id: u64) -> bool {
        let page = self.pages.entry(id / PAGE).or_insert_with(|| vec![0; (PAGE / 64) as usize]);
        let (word, bit) = Self::place(id);
        let is_new = page[word] & bit == 0;
        page[word] |= bit;
        self.len += u64::from(is_new);
        is_new
    }

    /// Whether the number is there.
    #[must_use]
    pub(crate) fn contains(&self, id: u64) -> bool {
        let (word, bit) = Self::place(id);
        self.pages.get(&(id / PAGE)).is_some_and(|page| page[word] & bit != 0)
    }

    /// How many numbers there are.
    #[must_use]
    pub(crate) const fn len(&self) -> u64 {
        self.len
    }

    /// Whether there is none.
    #[must_use]
    pub(crate) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The numbers in ascending order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u64> {
        self.pages.iter().flat_map(|(number, page)| {
            let bits = |word: u64| (0..64).filter(move |bit| word & (1 << bit) != 0);
            let first = number * PAGE;
            (0..)
                .zip(page)
                .flat_map(move |(index, word)| bits(*word).map(move |bit| first + index * 64 + bit))
        })
    }

    const fn place(id: u64) -> (usize, u64) {
        ((id % PAGE / 64) as usize, 1 << (id % 64))
    }
}

impl Extend<u64> for IdSet {
    fn extend<I: IntoIterator<Item = u64>>(&mut self, ids: I) {
        for id in ids {
            self.insert(id);
        }
    }
}

impl FromIterator<u64> for IdSet {
    fn from_iter<I: IntoIterator<Item = u64>>(ids: I) -> Self {
        let mut set = Self::default();
        set.extend(ids);
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_there_once() {
        let ids = [0, 1, 63, 64, PAGE - 1, PAGE, 1 << 33];
        let mut set: IdSet = ids.into_iter().chain(ids).collect();
        assert_eq!((set.len(), set.is_empty()), (7, false));
        assert_eq!(set.iter().collect::<Vec<_>>(), ids);
        assert!(set.contains(64) && !set.contains(65) && !set.contains(1 << 34));
        assert!(set.insert(65) && !set.insert(65));
    }
}

//! How many entries fit into one answer.

/// The most that the server gives at once.
const MAX_PAGE: u32 = 1_000;

/// Bytes of JSON that a page should have at most: enough that the time between requests does not count.
const PAGE_BYTES: usize = 4 << 20;

/// Pages after which a size that did not work before is tried once more.
const PAGES_BETWEEN_TRIALS: u32 = 100;

/// How many entries to ask for: fewer while they are so large that an answer is too large, or takes too long.
///
/// It shrinks at once and grows slowly, and seldom to a size that did not work: each such page is read in vain.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    entries: u32,
    /// No more than this for now.
    ceiling: u32,
    /// Pages since the ceiling was set.
    pages: u32,
}

impl Room {
    pub(super) const fn entries(self) -> u32 {
        self.entries
    }

    /// A page of this size did not work.
    pub(super) fn shrink(&mut self) {
        let ceiling = (self.entries - self.entries / 4).min(self.entries - 1).max(1);
        *self = Self { entries: (self.entries / 4).max(1), ceiling, pages: 0 };
    }

    /// A page of so many bytes worked.
    pub(super) fn grow(&mut self, bytes: usize) {
        self.pages += 1;
        if self.pages >= PAGES_BETWEEN_TRIALS {
            (self.ceiling, self.pages) = ((self.ceiling * 2).min(MAX_PAGE), 0);
        }
        let fitting = self.entries as usize * PAGE_BYTES / bytes.max(1);
        let fitting = u32::try_from(fitting).unwrap_or(MAX_PAGE).max(1);
        self.entries = (self.entries + self.entries / 8 + 1).min(self.ceiling).min(fitting);
    }
}

impl Default for Room {
    fn default() -> Self {
        Self { entries: MAX_PAGE, ceiling: MAX_PAGE, pages: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads pages of which those above a size fail; gives how many failed.
    fn failures(room: &mut Room, largest: u32, pages: u32) -> u32 {
        let mut failed = 0;
        for _ in 0..pages {
            if room.entries() > largest {
                failed += 1;
                room.shrink();
            } else {
                room.grow(0);
            }
            assert!((1..=MAX_PAGE).contains(&room.entries()));
        }
        failed
    }

    #[test]
    fn it_finds_a_size_that_works_and_seldom_tries_a_larger_one() {
        for largest in [1, 3, 60, 300, 999] {
            let mut room = Room::default();
            assert!(failures(&mut room, largest, 50) <= 8, "{largest}");
            assert!(failures(&mut room, largest, 1_000) <= 20, "{largest}");
            assert_eq!(failures(&mut room, MAX_PAGE, 1_200), 0);
            assert_eq!(room.entries(), MAX_PAGE);
        }
    }

    #[test]
    fn large_entries_make_short_pages() {
        for (entry, most) in [(40_000, 104), (3 << 20, 1), (20 << 20, 1), (300, MAX_PAGE)] {
            let mut room = Room::default();
            (0..50).for_each(|_| room.grow(room.entries() as usize * entry));
            assert_eq!(room.entries(), most, "of {entry} bytes");
        }
    }
}

//! How many entries to ask for.

/// The largest page that the server gives.
const MAX_ENTRIES: u32 = 1_000;

/// The JSON that a page should have at most, in bytes: large enough that the latency of a request does not matter.
const TARGET_BYTES: usize = 4 << 20;

/// After this many pages, a size that failed before is tried again.
const PAGES_BETWEEN_TRIALS: u32 = 100;

/// How many entries to ask for: fewer while entries are so large that an answer is too large or takes too long.
///
/// The size shrinks at once and grows slowly. A size that failed is seldom tried again, because each failed page is
/// wasted work.
#[derive(Clone, Copy, Debug)]
pub(super) struct PageSize {
    entries: u32,
    /// The upper bound for the time being.
    ceiling: u32,
    /// Pages since the ceiling was set.
    pages: u32,
}

impl PageSize {
    pub(super) const fn entries(self) -> u32 {
        self.entries
    }

    /// Records that a page of this size failed.
    pub(super) fn shrink(&mut self) {
        let ceiling = (self.entries - self.entries / 4).min(self.entries - 1).max(1);
        *self = Self { entries: (self.entries / 4).max(1), ceiling, pages: 0 };
    }

    /// Records that a page of this size was read, and had so many bytes.
    pub(super) fn grow(&mut self, bytes: usize) {
        self.pages += 1;
        if self.pages >= PAGES_BETWEEN_TRIALS {
            (self.ceiling, self.pages) = ((self.ceiling * 2).min(MAX_ENTRIES), 0);
        }
        let fitting = self.entries as usize * TARGET_BYTES / bytes.max(1);
        let fitting = u32::try_from(fitting).unwrap_or(MAX_ENTRIES).max(1);
        self.entries = (self.entries + self.entries / 8 + 1).min(self.ceiling).min(fitting);
    }
}

impl Default for PageSize {
    fn default() -> Self {
        Self { entries: MAX_ENTRIES, ceiling: MAX_ENTRIES, pages: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads pages, of which those larger than `largest` fail. Returns how many failed.
    fn failures(size: &mut PageSize, largest: u32, pages: u32) -> u32 {
        let mut failed = 0;
        for _ in 0..pages {
            if size.entries() > largest {
                failed += 1;
                size.shrink();
            } else {
                size.grow(0);
            }
            assert!((1..=MAX_ENTRIES).contains(&size.entries()));
        }
        failed
    }

    #[test]
    fn it_finds_a_size_that_works_and_seldom_tries_a_larger_one() {
        for largest in [1, 3, 60, 300, 999] {
            let mut size = PageSize::default();
            assert!(failures(&mut size, largest, 50) <= 8, "{largest}");
            assert!(failures(&mut size, largest, 1_000) <= 20, "{largest}");
            assert_eq!(failures(&mut size, MAX_ENTRIES, 1_200), 0);
            assert_eq!(size.entries(), MAX_ENTRIES);
        }
    }

    #[test]
    fn large_entries_make_small_pages() {
        for (entry, most) in [(40_000, 104), (3 << 20, 1), (20 << 20, 1), (300, MAX_ENTRIES)] {
            let mut size = PageSize::default();
            (0..50).for_each(|_| size.grow(size.entries() as usize * entry));
            assert_eq!(size.entries(), most, "of {entry} bytes");
        }
    }
}

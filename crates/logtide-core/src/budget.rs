//! How many extra requests a refused batch may cost.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

/// Extra requests that one refused batch may cost while its bad entries are isolated.
///
/// One bad entry among 1,000 takes 20, five take about 90; a batch that is bad throughout must not use up the server's default
/// limit of 1,000 requests a minute.
pub const SPLIT_REQUESTS: u32 = 128;

/// What is left of a batch's extra requests, shared by all its parts.
#[derive(Clone, Debug)]
pub(crate) struct Budget(Arc<AtomicU32>);

impl Budget {
    pub(crate) fn new(requests: u32) -> Self {
        Self(Arc::new(AtomicU32::new(requests)))
    }

    /// Takes so many requests, or none when fewer are left.
    pub(crate) fn spend(&self, requests: u32) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(requests)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_share_what_is_left() {
        let budget = Budget::new(5);
        let part = budget.clone();
        assert!(budget.spend(2));
        assert!(part.spend(2));
        assert!(!budget.spend(2));
        assert!(part.spend(1));
    }
}

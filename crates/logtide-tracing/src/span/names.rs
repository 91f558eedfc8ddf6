//! The names of nested spans.

use std::cell::RefCell;

use serde::{Serialize, Serializer};

use super::Node;

thread_local! {
    /// Where the names are put in order, kept so that no event allocates.
    static IN_ORDER: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// The names of a span and of those around it, written as a list with the outermost first.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a>(pub(super) &'a Node);

impl Names<'_> {
    fn put_in_order<'n>(self, names: &'n mut Vec<&'static str>) -> &'n [&'static str] {
        names.clear();
        names.extend(self.0.and_around().map(|node| node.name));
        names.reverse();
        names
    }
}

impl Serialize for Names<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut kept = IN_ORDER.try_with(RefCell::take).unwrap_or_default();
        let result = self.put_in_order(&mut kept).serialize(serializer);
        // The thread may be about to end, and keep nothing.
        let _ = IN_ORDER.try_with(|in_order| in_order.replace(kept));
        result
    }
}

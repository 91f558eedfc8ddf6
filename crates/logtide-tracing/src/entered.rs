//! The spans that the calling thread is in, as layers see them.
//!
//! The registry does not count a span that is entered again while the thread is in it, so its current span may be another than the one
//! that was entered last, whose ids an event has. The order here is that of [`ActiveSpan`](logtide_client::ActiveSpan).

use std::{
    cell::RefCell,
    sync::{Arc, Weak},
};

use crate::span::Node;

thread_local! {
    /// With the numbers of the layers that they belong to, the span that was entered last at the end.
    static ENTERED: RefCell<Vec<(u64, Weak<Node>)>> = const { RefCell::new(Vec::new()) };
}

/// Puts the calling thread into a span.
pub(crate) fn enter(layer: u64, node: &Arc<Node>) {
    let _ = ENTERED.try_with(|entered| {
        let mut entered = entered.borrow_mut();
        // Those that were dropped without being left.
        while entered.pop_if(|(_, node)| node.strong_count() == 0).is_some() {}
        entered.push((layer, Arc::downgrade(node)));
    });
}

/// Takes the calling thread out of a span, once.
pub(crate) fn exit(node: &Arc<Node>) {
    let _ = ENTERED.try_with(|entered| {
        let mut entered = entered.borrow_mut();
        if let Some(at) = entered.iter().rposition(|(_, entered)| entered.as_ptr() == Arc::as_ptr(node)) {
            entered.remove(at);
        }
    });
}

/// The span that the calling thread entered last and is still in, among those of a layer.
pub(crate) fn current(layer: u64) -> Option<Arc<Node>> {
    let last = |entered: &RefCell<Vec<(u64, Weak<Node>)>>| {
        let entered = entered.borrow();
        entered.iter().rev().filter(|(owner, _)| *owner == layer).find_map(|(_, node)| node.upgrade())
    };
    ENTERED.try_with(last).ok().flatten()
}

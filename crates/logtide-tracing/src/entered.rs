//! The spans that the calling thread is in, as layers see them.
//!
//! The registry does not count a span that is entered again while the thread is in it, so its current span may be another than the one
//! that was entered last, whose ids an event has. The order here is that of [`ActiveSpan`](logtide_client::integration::ActiveSpan).

use std::sync::{Arc, Weak};

use logtide_core::bridge::Stack;

use crate::span::Node;

thread_local! {
    /// With the numbers of the layers that they belong to.
    static ENTERED: Stack<(u64, Weak<Node>)> = const { Stack::new() };
}

/// Puts the calling thread into a span.
pub(crate) fn enter(layer: u64, node: &Arc<Node>) {
    let _ = ENTERED.try_with(|entered| {
        // Those that were dropped without being left.
        while entered.pop_if(|(_, node)| node.strong_count() == 0).is_some() {}
        entered.push((layer, Arc::downgrade(node)));
    });
}

/// Takes the calling thread out of a span, once.
pub(crate) fn exit(node: &Arc<Node>) {
    let _ =
        ENTERED.try_with(|entered| entered.take_last(|(_, entered)| entered.as_ptr() == Arc::as_ptr(node)));
}

/// The span that the calling thread entered last and is still in, among those of a layer.
#[inline]
pub(crate) fn current(layer: u64) -> Option<Arc<Node>> {
    let of_layer = |(owner, node): &(u64, Weak<Node>)| if *owner == layer { node.upgrade() } else { None };
    let current = |entered: &Stack<(u64, Weak<Node>)>| {
        if entered.is_empty() { None } else { entered.find_last(of_layer) }
    };
    ENTERED.try_with(current).ok().flatten()
}

//! The spans that the calling thread is in, as layers see them.
//!
//! The registry does not count a span that the thread enters again while it is in it. Its current span may therefore differ from
//! the span that was entered last, whose ids an event has. The order here is that of
//! [`ActiveSpan`](logtide_client::integration::ActiveSpan).

use std::sync::{Arc, Weak};

use logtide_core::bridge::Stack;

use crate::span::Node;

thread_local! {
    /// The entered spans, each with the number of its layer.
    static ENTERED: Stack<(u64, Weak<Node>)> = const { Stack::new() };
}

/// Puts the calling thread into a span.
pub(crate) fn enter(layer: u64, node: &Arc<Node>) {
    let _ = ENTERED.try_with(|entered| {
        // Removes spans that were dropped without being exited.
        while entered.pop_if(|(_, node)| node.strong_count() == 0).is_some() {}
        entered.push((layer, Arc::downgrade(node)));
    });
}

/// Takes the calling thread out of a span, once.
pub(crate) fn exit(node: &Arc<Node>) {
    let _ =
        ENTERED.try_with(|entered| entered.take_last(|(_, entered)| entered.as_ptr() == Arc::as_ptr(node)));
}

/// Returns the span of a layer that the calling thread entered last and has not exited.
#[inline]
pub(crate) fn current(layer: u64) -> Option<Arc<Node>> {
    let of_layer = |(owner, node): &(u64, Weak<Node>)| if *owner == layer { node.upgrade() } else { None };
    let current = |entered: &Stack<(u64, Weak<Node>)>| {
        if entered.is_empty() { None } else { entered.find_last(of_layer) }
    };
    ENTERED.try_with(current).ok().flatten()
}

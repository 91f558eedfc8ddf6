//! The spans of a trace as a tree.

mod entries;
mod order;
#[cfg(test)]
mod tests;

use std::iter;

use self::order::Order;
use crate::{LogRecord, StoredSpan};

/// The spans of a trace in the order in which they ran: each before those that it is the parent of, these by their start.
///
/// It takes spans as they are stored, whatever they are:
///
/// - A span whose parent is not there is a root, and [`is_orphan`](SpanNode::is_orphan).
/// - A span that was stored several times is there once. Others of the same id stay, and the first of them has the children.
/// - Where spans are parents of each other in a circle, the first of them is a root.
///
/// No call recurses, however deep the tree is.
///
/// ```
/// use logtide_query::{SpanTree, StoredSpan};
///
/// # let span = |id: &str, parent: Option<&str>, operation: &str| {
/// #     serde_json::from_value::<StoredSpan>(serde_json::json!({
/// #         "span_id": id, "trace_id": "t", "parent_span_id": parent, "service_name": "shop", "operation_name": operation,
/// #         "start_time": "2026-11-22T09:58:34.000Z", "end_time": "2026-11-22T09:58:34.250Z", "duration_ms": 250,
/// #     }))
/// # };
/// # let spans = vec![span("2", Some("1"), "SELECT")?, span("1", None, "GET /orders")?];
/// // `spans` are those of `QueryClient::trace_spans`.
/// let tree = SpanTree::new(spans);
/// let mut lines = String::new();
/// for node in &tree {
///     let span = node.span();
///     lines += &format!("{}{} {:?}\n", "  ".repeat(node.depth()), span.operation, span.duration);
/// }
/// assert_eq!(lines, "GET /orders 250ms\n  SELECT 250ms\n");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpanTree {
    /// Parents before their children.
    places: Vec<Place>,
    other_entries: Vec<LogRecord>,
}

/// A span at its place in a [`SpanTree`].
#[derive(Clone, Copy, Debug)]
pub struct SpanNode<'a> {
    tree: &'a SpanTree,
    index: usize,
}

/// The spans of a [`SpanTree`], parents before their children.
#[derive(Clone, Debug)]
pub struct SpanNodes<'a> {
    tree: &'a SpanTree,
    indices: std::ops::Range<usize>,
}

#[derive(Clone, Debug, PartialEq)]
struct Place {
    span: StoredSpan,
    entries: Vec<LogRecord>,
    depth: usize,
    parent: Option<usize>,
    is_orphan: bool,
    /// The index after the last of those below it.
    end: usize,
}

impl SpanTree {
    /// Puts spans in order.
    #[must_use]
    pub fn new(spans: impl IntoIterator<Item = StoredSpan>) -> Self {
        Self { places: Order::of(spans).places(), other_entries: Vec::new() }
    }

    /// Adds log entries to the spans that they were logged in, by time.
    ///
    /// Most answers of the server leave out the id of the span of an entry. Such an entry goes to the span of its trace and
    /// service that was running at its time, and to the one that started last where there are several. Where spans of one service ran at
    /// the same time, that may be another than the entry was logged in. What fits no span is in [`other_entries`](Self::other_entries).
    #[must_use]
    pub fn with_entries(mut self, entries: impl IntoIterator<Item = LogRecord>) -> Self {
        entries::place(&mut self, entries);
        self
    }

    /// The number of spans.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are no spans.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// All spans, parents before their children.
    #[must_use]
    pub fn iter(&self) -> SpanNodes<'_> {
        SpanNodes { tree: self, indices: 0..self.places.len() }
    }

    /// The spans without a parent, by their start. A trace that is stored completely has one.
    pub fn roots(&self) -> impl Iterator<Item = SpanNode<'_>> {
        self.siblings(0, self.places.len())
    }

    /// The entries of [`with_entries`](Self::with_entries) that fit no span, by time.
    #[must_use]
    pub fn other_entries(&self) -> &[LogRecord] {
        &self.other_entries
    }

    /// The spans from an index on that are not below one another.
    fn siblings(&self, first: usize, end: usize) -> impl Iterator<Item = SpanNode<'_>> {
        let within = move |index: &usize| *index < end;
        let indices = iter::successors(Some(first).filter(within), move |index| {
            Some(self.places[*index].end).filter(within)
        });
        indices.map(|index| SpanNode { tree: self, index })
    }
}

impl<'a> SpanNode<'a> {
    /// The span.
    #[must_use]
    pub fn span(self) -> &'a StoredSpan {
        &self.place().span
    }

    /// The entries that were logged in it, and in none below it, by time. They are there after [`SpanTree::with_entries`].
    #[must_use]
    pub fn entries(self) -> &'a [LogRecord] {
        &self.place().entries
    }

    /// How many spans it is below; 0 for a root.
    #[must_use]
    pub fn depth(self) -> usize {
        self.place().depth
    }

    /// The span that it is directly below, if it is no root.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        self.place().parent.map(|index| Self { tree: self.tree, index })
    }

    /// The spans directly below it, by their start.
    pub fn children(self) -> impl Iterator<Item = Self> {
        self.tree.siblings(self.index + 1, self.place().end)
    }

    /// Whether it names a parent that is not there: it was not sampled, is still running, or has not arrived.
    #[must_use]
    pub fn is_orphan(self) -> bool {
        self.place().is_orphan
    }

    fn place(self) -> &'a Place {
        &self.tree.places[self.index]
    }
}

impl<'a> IntoIterator for &'a SpanTree {
    type Item = SpanNode<'a>;
    type IntoIter = SpanNodes<'a>;

    fn into_iter(self) -> SpanNodes<'a> {
        self.iter()
    }
}

impl<'a> Iterator for SpanNodes<'a> {
    type Item = SpanNode<'a>;

    fn next(&mut self) -> Option<SpanNode<'a>> {
        self.indices.next().map(|index| SpanNode { tree: self.tree, index })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.indices.size_hint()
    }
}

impl ExactSizeIterator for SpanNodes<'_> {}

//! The spans of a trace as a tree.

mod entries;
mod order;
#[cfg(test)]
mod tests;

use std::iter;

use self::order::Order;
use crate::{LogRecord, StoredSpan};

/// The spans of a trace as a tree: each span before its children, which are sorted by their start.
///
/// It accepts any stored spans:
///
/// - A span whose parent is missing is a root, and [`is_orphan`](SpanNode::is_orphan).
/// - A span that was stored several times occurs once. Different spans with the same id are kept, and the first one
///   has the children.
/// - If spans form a cycle, the first one is a root.
///
/// No call recurses, so the tree can have any depth.
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

/// A span in a [`SpanTree`].
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
    /// The index after its last descendant.
    end: usize,
}

impl SpanTree {
    /// Creates a tree of spans.
    #[must_use]
    pub fn new(spans: impl IntoIterator<Item = StoredSpan>) -> Self {
        Self { places: Order::of(spans).places(), other_entries: Vec::new() }
    }

    /// Adds log entries to the spans in which they were logged, sorted by time.
    ///
    /// Most responses of the server omit the span id of an entry. Such an entry is added to the span of its trace and
    /// service that was running at its time. If there are several, it is the one that started last, which may not be
    /// the one in which it was logged. Entries that match no span are in [`other_entries`](Self::other_entries).
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

    /// The spans without a parent, sorted by their start. A complete trace has one.
    pub fn roots(&self) -> impl Iterator<Item = SpanNode<'_>> {
        self.siblings(0, self.places.len())
    }

    /// The entries of [`with_entries`](Self::with_entries) that match no span, sorted by time.
    #[must_use]
    pub fn other_entries(&self) -> &[LogRecord] {
        &self.other_entries
    }

    /// The top-level spans from an index on.
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

    /// The entries that were logged in it, and in none of its children, sorted by time. Requires
    /// [`SpanTree::with_entries`].
    #[must_use]
    pub fn entries(self) -> &'a [LogRecord] {
        &self.place().entries
    }

    /// The depth in the tree. 0 for a root.
    #[must_use]
    pub fn depth(self) -> usize {
        self.place().depth
    }

    /// The parent, unless it is a root.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        self.place().parent.map(|index| Self { tree: self.tree, index })
    }

    /// The children, sorted by their start.
    pub fn children(self) -> impl Iterator<Item = Self> {
        self.tree.siblings(self.index + 1, self.place().end)
    }

    /// Whether its parent is missing: it was not sampled, is still running, or has not arrived.
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

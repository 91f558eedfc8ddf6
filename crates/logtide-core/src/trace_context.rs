//! The trace context of requests.

use crate::{OwnedId, SpanId, TraceHeaders, TraceId, TraceParent, limits::MAX_TRACE_ID_BYTES};

/// A trace and the current span in it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TraceContext {
    /// The trace id: a [`TraceId`], or any text from an `X-Trace-ID` header.
    pub trace_id: OwnedId<TraceId>,
    /// The span id, if it is known.
    pub span_id: Option<SpanId>,
    /// Whether the caller may have recorded its span. True unless the caller says otherwise.
    pub sampled: bool,
    /// The headers that a request carried with the ids.
    pub headers: TraceHeaders,
}

impl TraceContext {
    /// The name of the header for trace ids of any form.
    pub const X_TRACE_ID: &str = "x-trace-id";

    /// Creates a context without a span.
    pub fn new(trace_id: impl Into<OwnedId<TraceId>>) -> Self {
        Self { trace_id: trace_id.into(), span_id: None, sampled: true, headers: TraceHeaders::default() }
    }

    /// Reads the context of a request from its `traceparent`, or else from its `X-Trace-ID`.
    ///
    /// An invalid header counts as absent. An `X-Trace-ID` has 1 to 256 visible ASCII characters. Neither header may
    /// have a comma, which separates the values of two headers that were joined.
    ///
    /// If a request may have several of these headers, use [`from_header_values`](Self::from_header_values).
    ///
    /// ```
    /// use logtide_core::TraceContext;
    ///
    /// let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    /// let context = TraceContext::from_headers(Some(parent), Some("legacy-123"));
    /// assert_eq!(context.unwrap().trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
    /// let context = TraceContext::from_headers(Some("garbage"), Some("legacy-123"));
    /// assert_eq!(context.unwrap().trace_id, "legacy-123");
    /// ```
    #[must_use]
    pub fn from_headers(traceparent: Option<&str>, x_trace_id: Option<&str>) -> Option<Self> {
        Self::from_header_values(traceparent, x_trace_id)
    }

    /// Reads the context like [`from_headers`](Self::from_headers), from all values that the request has of each
    /// header.
    ///
    /// A header that occurs more than once counts as absent, as W3C Trace Context requires for `traceparent`, because
    /// nobody can tell which value is right. Pass a value that is not text as an empty string, so that it counts.
    ///
    /// ```
    /// use logtide_core::TraceContext;
    ///
    /// let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    /// let context = TraceContext::from_header_values([parent, parent], ["legacy-123"]);
    /// assert_eq!(context.unwrap().trace_id, "legacy-123");
    /// ```
    #[must_use]
    pub fn from_header_values<'a>(
        traceparent: impl IntoIterator<Item = &'a str>,
        x_trace_id: impl IntoIterator<Item = &'a str>,
    ) -> Option<Self> {
        if let Some(parent) = only(traceparent).and_then(|text| text.parse::<TraceParent>().ok()) {
            return Some(parent.into());
        }
        only(x_trace_id).map(str::trim).filter(|id| is_plain_id(id)).map(Self::new)
    }

    /// Adds the headers `tracestate` and `baggage`, from all values that the request has of each; see
    /// [`TraceHeaders::from_values`].
    ///
    /// They belong to a `traceparent`: a context without a span does not come from one, and ignores them.
    ///
    /// ```
    /// use logtide_core::TraceContext;
    ///
    /// let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    /// let context = TraceContext::from_headers(Some(parent), None).unwrap();
    /// let context = context.carrying(["vendor=1"], ["user=7", "plan=pro"]);
    /// assert_eq!(context.headers.baggage(), Some("user=7,plan=pro"));
    /// ```
    #[must_use]
    pub fn carrying<'a>(
        mut self,
        trace_state: impl IntoIterator<Item = &'a str>,
        baggage: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        if self.span_id.is_some() {
            self.headers = TraceHeaders::from_values(trace_state, baggage);
        }
        self
    }

    /// Returns the `traceparent` for an outgoing request.
    ///
    /// If there is no span, the random number becomes the id of a new one. Returns `None` if the trace id is not of
    /// the W3C form, because this header cannot carry it.
    #[must_use]
    pub fn traceparent(&self, random: u64) -> Option<TraceParent> {
        let trace_id = self.trace_id.w3c()?;
        let mut parent =
            TraceParent::new(trace_id, self.span_id.unwrap_or_else(|| SpanId::from_random(random)));
        parent.sampled = self.sampled;
        Some(parent)
    }
}

impl From<TraceParent> for TraceContext {
    fn from(parent: TraceParent) -> Self {
        Self { span_id: Some(parent.span_id), sampled: parent.sampled, ..Self::new(parent.trace_id) }
    }
}

fn is_plain_id(id: &str) -> bool {
    (1..=MAX_TRACE_ID_BYTES).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The value of a header that occurs once. A comma separates the values of joined headers.
fn only<'a>(values: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut values = values.into_iter();
    values.next().filter(|value| values.next().is_none() && !value.contains(','))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn what_came_in_goes_out_again() {
        for header in [PARENT, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"] {
            let context = TraceContext::from_headers(Some(header), None).unwrap();
            assert_eq!(context.traceparent(7).unwrap().to_string(), header);
        }
    }

    #[test]
    fn a_trace_without_a_span_gets_one_and_a_foreign_id_no_header() {
        let context = TraceContext::new("4bf92f3577b34da6a3ce929d0e0e4736");
        let header = context.traceparent(7).unwrap().to_string();
        assert_eq!(header, "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000007-01");
        assert!(!context.traceparent(0).unwrap().to_string().contains("0000000000000000"));
        assert_eq!(TraceContext::new("legacy-123").traceparent(7), None);
    }

    #[test]
    fn a_header_out_of_form_counts_as_absent() {
        for id in ["", "  ", "a b", "a\nb", "ä", "a,b", "a, b", &"x".repeat(257)] {
            assert_eq!(TraceContext::from_headers(None, Some(id)), None, "{id}");
        }
        assert_eq!(TraceContext::from_headers(None, Some(" legacy ")).unwrap().trace_id, "legacy");
        assert_eq!(TraceContext::from_headers(None, None), None);
        for joined in [
            format!("{PARENT},{PARENT}"),
            format!("{PARENT}, {PARENT}"),
            format!("01{}-x,{PARENT}", &PARENT[2..]),
        ] {
            assert_eq!(TraceContext::from_headers(Some(&joined), None), None, "{joined}");
        }
    }

    #[test]
    fn a_header_that_is_there_more_than_once_counts_as_absent() {
        let trace = |parents: &[&'static str], ids: &[&'static str]| {
            TraceContext::from_header_values(parents.iter().copied(), ids.iter().copied())
                .map(|context| context.trace_id)
        };
        let other = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let id = Some("legacy".into());
        assert_eq!(trace(&[PARENT], &["legacy"]).as_deref(), PARENT.get(3..35));
        assert_eq!(trace(&[PARENT], &["legacy", "legacy"]).as_deref(), PARENT.get(3..35));
        for parents in
            [&[PARENT, other][..], &[PARENT, PARENT], &[PARENT, "garbage"], &["", PARENT], &[PARENT; 3]]
        {
            assert_eq!(trace(parents, &["legacy"]), id, "{parents:?}");
            assert_eq!(trace(parents, &[]), None, "{parents:?}");
        }
        for ids in [&["legacy", "other"][..], &["legacy", "legacy"], &["legacy", ""]] {
            assert_eq!(trace(&[], ids), None, "{ids:?}");
        }
    }
}

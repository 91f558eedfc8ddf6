//! Headers that accompany a trace context.

use std::sync::Arc;

/// The headers `tracestate` and `baggage` of a request. Outgoing requests pass them on unchanged.
///
/// Cheap to clone. An empty value, as for most requests, costs nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TraceHeaders(Option<Arc<Texts>>);

#[derive(Debug, PartialEq, Eq)]
struct Texts {
    trace_state: String,
    baggage: String,
}

impl TraceHeaders {
    /// The name of the header for data of tracing systems.
    pub const TRACE_STATE: &str = "tracestate";

    /// The name of the header for data of applications.
    pub const BAGGAGE: &str = "baggage";

    /// The maximum size of `tracestate` in bytes: W3C Trace Context requires at least 512.
    pub const MAX_TRACE_STATE_BYTES: usize = 512;

    /// The maximum size of `baggage` in bytes: W3C Baggage requires at least 8,192.
    pub const MAX_BAGGAGE_BYTES: usize = 8_192;

    /// Reads the headers from all values that the request has of each.
    ///
    /// The values of one header are joined with commas, in order. Empty values are omitted, and so are those with
    /// characters other than visible ASCII, spaces and tabs. A header that is too long is omitted as a whole.
    #[must_use]
    pub fn from_values<'a>(
        trace_state: impl IntoIterator<Item = &'a str>,
        baggage: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let texts = Texts {
            trace_state: joined(trace_state, Self::MAX_TRACE_STATE_BYTES),
            baggage: joined(baggage, Self::MAX_BAGGAGE_BYTES),
        };
        let is_empty = texts.trace_state.is_empty() && texts.baggage.is_empty();
        Self((!is_empty).then(|| Arc::new(texts)))
    }

    /// Whether both are absent.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The value of `tracestate`.
    #[must_use]
    pub fn trace_state(&self) -> Option<&str> {
        self.0.as_ref().map(|texts| texts.trace_state.as_str()).filter(|text| !text.is_empty())
    }

    /// The value of `baggage`.
    #[must_use]
    pub fn baggage(&self) -> Option<&str> {
        self.0.as_ref().map(|texts| texts.baggage.as_str()).filter(|text| !text.is_empty())
    }

    /// Name and value of each header.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let headers = [(Self::TRACE_STATE, self.trace_state()), (Self::BAGGAGE, self.baggage())];
        headers.into_iter().filter_map(|(name, value)| Some((name, value?)))
    }
}

/// The joined value. Empty if it is longer than `most` bytes.
fn joined<'a>(values: impl IntoIterator<Item = &'a str>, most: usize) -> String {
    let mut joined = String::new();
    for value in values {
        let value = value.trim_matches([' ', '\t']);
        if value.is_empty() || !value.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~')) {
            continue;
        }
        if joined.len() + value.len() + usize::from(!joined.is_empty()) > most {
            return String::new();
        }
        if !joined.is_empty() {
            joined.push(',');
        }
        joined.push_str(value);
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_joined_in_their_order_and_bad_ones_left_out() {
        let headers = TraceHeaders::from_values(["a=1", "", "b=ä", " c=2\t", "d=\n"], ["user=7;p=1, x=%20y"]);
        assert_eq!((headers.trace_state(), headers.baggage()), (Some("a=1,c=2"), Some("user=7;p=1, x=%20y")));
        assert!(TraceHeaders::from_values(["", "\u{1}"], [" ", ""]).is_empty());
    }

    #[test]
    fn a_header_that_is_too_long_is_left_out_whole() {
        let fits = "x".repeat(512);
        assert_eq!(TraceHeaders::from_values([&*fits], []).trace_state(), Some(&*fits));
        for values in [&["x".repeat(513)][..], &["x".repeat(256), "y".repeat(256)]] {
            let headers = TraceHeaders::from_values(values.iter().map(String::as_str), ["k=v"]);
            assert_eq!((headers.trace_state(), headers.baggage()), (None, Some("k=v")));
        }
        let fits = "x".repeat(8_192);
        assert_eq!(TraceHeaders::from_values([], [&*fits]).baggage(), Some(&*fits));
        assert!(TraceHeaders::from_values([], [&*fits, "y"]).is_empty());
    }
}

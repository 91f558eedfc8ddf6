//! The `traceparent` header of W3C Trace Context.

use std::{fmt, str::FromStr};

use crate::{SpanId, TraceId, trace::hex_byte};

/// The value of a `traceparent` header: `00-<trace id>-<span id>-<flags>`.
///
/// Parsing is strict, as the specification requires: only lowercase digits, no id of zeros, no version `ff`. Of a
/// later version, only the known part is used. Version `00` is written, with its only flag.
///
/// ```
/// use logtide_core::TraceParent;
///
/// let parent: TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".parse()?;
/// assert!(parent.sampled);
/// assert_eq!(parent.span_id.to_string(), "00f067aa0ba902b7");
/// # Ok::<(), logtide_core::ParseTraceParentError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct TraceParent {
    /// The trace that the request belongs to.
    pub trace_id: TraceId,
    /// The span of the caller.
    pub span_id: SpanId,
    /// Whether the caller may have recorded its span.
    pub sampled: bool,
}

impl TraceParent {
    /// The name of the header.
    pub const HEADER: &str = "traceparent";

    /// Creates a sampled parent.
    #[must_use]
    pub const fn new(trace_id: TraceId, span_id: SpanId) -> Self {
        Self { trace_id, span_id, sampled: true }
    }
}

impl fmt::Display for TraceParent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "00-{}-{}-{:02x}", self.trace_id, self.span_id, u8::from(self.sampled))
    }
}

impl FromStr for TraceParent {
    type Err = ParseTraceParentError;

    /// Parses the value of a header, with or without surrounding white space.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text.trim_matches(|sign| matches!(sign, ' ' | '\t'))).ok_or(ParseTraceParentError)
    }
}

/// The string is not a valid `traceparent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid traceparent: use 00-<32 lowercase hex digits>-<16 lowercase hex digits>-<2 hex digits>")]
pub struct ParseTraceParentError;

/// Characters of a value of version `00`.
const LENGTH: usize = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".len();

fn parse(text: &str) -> Option<TraceParent> {
    let (known, unknown) = text.split_at_checked(LENGTH)?;
    let &[v, w, b'-', .., b'-', f, g] = known.as_bytes() else { return None };
    let ids = &known[3..LENGTH - 3];
    let (trace_id, span_id) = (ids.get(..TraceId::DIGITS)?, ids.get(TraceId::DIGITS..)?.strip_prefix('-')?);
    let (trace_id, span_id) = (trace_id.parse().ok()?, span_id.parse().ok()?);
    let (version, flags) = (hex_byte([v, w])?, hex_byte([f, g])?);
    let complete = match version {
        0x00 => unknown.is_empty(),
        0xff => false,
        _ => unknown.is_empty() || unknown.starts_with('-'),
    };
    complete.then_some(TraceParent { trace_id, span_id, sampled: flags & 1 == 1 })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const SPAN: &str = "00f067aa0ba902b7";

    fn read(text: &str) -> Option<TraceParent> {
        text.parse().ok()
    }

    #[test]
    fn the_sampled_flag_is_the_lowest_bit() {
        for (flags, sampled) in [("00", false), ("01", true), ("02", false), ("03", true), ("ff", true)] {
            let parent = read(&format!("00-{TRACE}-{SPAN}-{flags}")).unwrap();
            assert_eq!(parent.sampled, sampled, "{flags}");
            assert_eq!(
                (parent.trace_id.to_string().as_str(), parent.span_id.to_string().as_str()),
                (TRACE, SPAN)
            );
            assert_eq!(parent.to_string(), format!("00-{TRACE}-{SPAN}-0{}", u8::from(sampled)));
        }
    }

    #[test]
    fn later_versions_are_read_as_far_as_they_are_known() {
        for more in ["", "-", "-what-came-later"] {
            assert!(read(&format!("01-{TRACE}-{SPAN}-01{more}")).is_some(), "{more}");
            assert!(read(&format!("fe-{TRACE}-{SPAN}-01{more}")).is_some(), "{more}");
            assert!(read(&format!("ff-{TRACE}-{SPAN}-01{more}")).is_none(), "{more}");
            assert_eq!(read(&format!("00-{TRACE}-{SPAN}-01{more}")).is_some(), more.is_empty(), "{more}");
        }
        assert!(read(&format!("01-{TRACE}-{SPAN}-01x")).is_none());
        assert!(read(&format!("01-{TRACE}-{SPAN}-0")).is_none());
    }

    #[test]
    fn hyphens_stand_where_they_belong() {
        assert!(read(&format!("00-{TRACE}{SPAN}-0-01")).is_none());
        assert!(read(&format!("0-0{TRACE}-{SPAN}-01")).is_none());
        assert!(read(&format!("00-{TRACE}-{SPAN}-1-")).is_none());
        assert!(read(&format!("00_{TRACE}_{SPAN}_01")).is_none());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            let _ = read(&text);
        }

        #[test]
        fn any_bytes_near_the_form_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 50..60)) {
            let _ = read(&String::from_utf8_lossy(&bytes));
        }

        #[test]
        fn one_changed_character_is_never_another_parent(at in 0..LENGTH, put in any::<char>()) {
            let good = format!("00-{TRACE}-{SPAN}-01");
            let mut changed: Vec<char> = good.chars().collect();
            changed[at] = put;
            let changed: String = changed.into_iter().collect();
            if let Some(parent) = read(&changed) {
                let (ids, expected) = (&parent.to_string()[3..52], &changed[3..52]);
                prop_assert_eq!(ids, expected);
            }
        }

        #[test]
        fn what_is_written_reads_back(trace: u128, span: u64, sampled: bool) {
            let mut parent = TraceParent::new(TraceId::from_random(trace), SpanId::from_random(span));
            parent.sampled = sampled;
            prop_assert_eq!(read(&parent.to_string()), Some(parent));
        }
    }
}

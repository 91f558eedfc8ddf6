//! Any text as a `traceparent` header.

use logtide_core::TraceParent;

/// Asserts that a parsed header has the given values, and that its text parses again.
pub fn traceparent(text: &[u8]) {
    let text = String::from_utf8_lossy(text);
    let Ok(parent) = text.parse::<TraceParent>() else { return };
    let written = parent.to_string();
    assert_eq!(written.parse(), Ok(parent));
    let header = text.trim_matches([' ', '\t']);
    assert_eq!(header[2..53], written[2..53], "ids and their hyphens");
    assert!(!header.starts_with("ff") && (header.len() == 55 || !header.starts_with("00")), "{header}");
    let ids = [parent.trace_id.to_string(), parent.span_id.to_string()];
    assert!(ids.iter().all(|id| id.contains(|digit| digit != '0')), "{header}");
}

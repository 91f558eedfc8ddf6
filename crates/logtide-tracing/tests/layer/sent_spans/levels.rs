//! Spans below the level that the layer takes.

use tracing::{debug_span, info_span};

use super::{named, spans};

#[test]
fn spans_below_the_level_are_not_sent_and_those_inside_belong_to_what_is_around() {
    let spans = spans(|| {
        let outer = info_span!("outer").entered();
        let hidden = debug_span!("hidden").entered();
        let _inner = info_span!("inner").entered();
        let child = info_span!(parent: &*hidden, "child");
        child.follows_from(&*hidden).follows_from(&*outer);
        info_span!(parent: &debug_span!(parent: None, "alone"), "root");
    });
    assert_eq!(spans.len(), 4, "{spans:#?}");
    let outer = named(&spans, "outer");
    for name in ["inner", "child"] {
        let span = named(&spans, name);
        assert_eq!((&span.parent, &span.trace_id), (&outer.span_id, &outer.trace_id), "{name}");
    }
    assert_eq!(named(&spans, "child").links, [(outer.trace_id.clone(), outer.span_id.clone())]);
    assert_eq!(named(&spans, "root").parent, "");
}

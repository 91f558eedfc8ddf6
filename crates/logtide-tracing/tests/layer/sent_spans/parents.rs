//! Which span is the parent of which.

use std::thread;

use logtide_client::integration::ActiveSpan;
use logtide_core::{Scope, TraceContext};
use tracing::{dispatcher, field::Empty, info, info_span};

use super::{Sent, named, run, spans};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";

fn caller(sampled: bool) -> Scope {
    let parent = format!("00-{TRACE}-{CALLER}-0{}", u8::from(sampled));
    let context = TraceContext::from_headers(Some(&parent), None).expect("a trace");
    Scope::new().with(|scope| scope.set_trace_context(&context))
}

fn assert_inside(inner: &Sent, outer: &Sent) {
    assert_eq!((&inner.trace_id, &inner.parent), (&outer.trace_id, &outer.span_id));
}

#[test]
fn a_span_is_inside_of_the_one_that_the_thread_is_in_or_that_it_names() {
    let spans = spans(|| {
        let root = info_span!("root");
        let other = info_span!("other");
        let _root = root.enter();
        let child = info_span!("child").entered();
        info_span!("grandchild");
        info_span!(parent: &other, "of the other");
        info_span!(parent: None, "alone");
        drop(child);
        info_span!("sibling");
    });
    let of = |name| named(&spans, name);
    assert_inside(of("child"), of("root"));
    assert_inside(of("grandchild"), of("child"));
    assert_inside(of("of the other"), of("other"));
    assert_inside(of("sibling"), of("root"));
    assert_eq!((of("root").parent.as_str(), of("alone").parent.as_str()), ("", ""));
    assert_ne!(of("alone").trace_id, of("root").trace_id);
}

#[test]
fn a_span_on_another_thread_is_inside_of_the_one_that_was_taken_along() {
    let spans = spans(|| {
        let root = info_span!("root").entered();
        let (span, dispatch) = (tracing::Span::current(), dispatcher::get_default(Clone::clone));
        let work = move || {
            dispatcher::with_default(&dispatch, || {
                info_span!("outside");
                span.in_scope(|| info_span!("taken along").in_scope(|| info!("inside")));
            });
        };
        thread::spawn(work).join().expect("it does not panic");
        drop(root);
    });
    assert_inside(named(&spans, "taken along"), named(&spans, "root"));
    assert_eq!(named(&spans, "outside").parent, "");
}

#[test]
fn in_a_request_that_came_in_the_caller_is_the_parent() {
    let memory = run(
        |layer| layer,
        |memory| {
            memory.client.in_scope(caller(true), || {
                info_span!("handle").in_scope(|| info_span!("query"));
                info_span!("with the trace", logtide.trace_id = TRACE);
            });
        },
    );
    let spans = memory.spans();
    let handle = named(&spans, "handle");
    assert_eq!((handle.trace_id.as_str(), handle.parent.as_str()), (TRACE, CALLER));
    assert_inside(named(&spans, "query"), handle);
    assert_eq!(named(&spans, "with the trace").parent, CALLER);
}

#[test]
fn a_trace_of_a_field_begins_with_its_span_unless_what_is_around_is_of_it() {
    let other = "0af7651916cd43dd8448eb211c80319c";
    let spans = spans(|| {
        let root = info_span!("root", logtide.trace_id = TRACE).entered();
        info_span!("same", logtide.trace_id = TRACE);
        info_span!("other", logtide.trace_id = other).in_scope(|| info_span!("inner"));
        drop(root);
        let late = info_span!("late", logtide.trace_id = Empty);
        late.record("logtide.trace_id", other);
        late.in_scope(|| info!("inside"));
        let named = info_span!("too late", logtide.trace_id = Empty);
        info_span!(parent: &named, "child");
        named.record("logtide.trace_id", other);
        info_span!("legacy", logtide.trace_id = "legacy-1");
    });
    let of = |name| named(&spans, name);
    assert_eq!((of("root").trace_id.as_str(), of("root").parent.as_str()), (TRACE, ""));
    assert_inside(of("same"), of("root"));
    assert_eq!((of("other").trace_id.as_str(), of("other").parent.as_str()), (other, ""));
    assert_inside(of("inner"), of("other"));
    assert_eq!((of("late").trace_id.as_str(), of("late").parent.as_str()), (other, ""));
    assert_inside(of("child"), of("too late"));
    assert_eq!(of("legacy").attributes["trace_id"], "legacy-1");
}

#[test]
fn spans_of_the_client_and_of_tracing_lie_in_each_other() {
    let memory = run(
        |layer| layer,
        |memory| {
            let client = &memory.client;
            let outer = client.span("outer");
            outer.in_scope(|| {
                info_span!("middle").in_scope(|| {
                    let inner = client.span("inner");
                    inner.in_scope(|| info_span!("innermost").in_scope(|| info!("inside")));
                });
            });
            outer.end();
            let request = ActiveSpan::in_trace(TRACE);
            request.enter();
            info_span!("of the request");
            request.exit();
        },
    );
    let spans = memory.spans();
    assert_inside(named(&spans, "middle"), named(&spans, "outer"));
    assert_inside(named(&spans, "inner"), named(&spans, "middle"));
    assert_inside(named(&spans, "innermost"), named(&spans, "inner"));
    assert_eq!(memory.entries()[0]["span_id"], named(&spans, "innermost").span_id.as_str());
    assert_eq!(named(&spans, "of the request").trace_id, TRACE);
}

#[test]
fn a_span_that_is_entered_again_inside_others_is_the_parent_of_what_starts_there() {
    let spans = spans(|| {
        let [a, b] = ["a", "b"].map(|name| info_span!(parent: None, "root", otel.name = name));
        let _first = a.enter();
        let _second = b.enter();
        let _again = a.enter();
        info_span!("inner");
    });
    assert_inside(named(&spans, "inner"), named(&spans, "a"));
}

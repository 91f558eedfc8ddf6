//! When spans are sent, and how long they took.

use std::{
    mem, thread,
    time::{SystemTime, UNIX_EPOCH},
};

use tracing::{info, info_span};

use super::{named, run, spans};

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_nanos() as u64
}

#[test]
fn a_span_is_sent_once_however_it_is_entered_cloned_and_closed() {
    let spans = spans(|| {
        let span = info_span!("work");
        for _ in 0..3 {
            span.in_scope(|| span.in_scope(|| info!("inside")));
        }
        let clones: Vec<_> = (0..3).map(|_| span.clone()).collect();
        let dispatch = tracing::dispatcher::get_default(Clone::clone);
        thread::scope(|scope| {
            for clone in clones {
                let dispatch = &dispatch;
                scope.spawn(move || {
                    tracing::dispatcher::with_default(dispatch, || {
                        clone.in_scope(|| info_span!("inner").in_scope(|| info!("inside")));
                    });
                });
            }
        });
        thread::spawn(move || drop(span)).join().expect("it does not panic");
        info_span!("never entered");
    });
    let work = named(&spans, "work");
    let inner: Vec<_> = spans.iter().filter(|span| span.name == "inner").collect();
    assert_eq!(inner.len(), 3);
    assert!(inner.iter().all(|inner| inner.parent == work.span_id && inner.trace_id == work.trace_id));
    assert_eq!(named(&spans, "never entered").parent, "");
}

#[test]
fn spans_may_close_in_another_order_than_they_were_made() {
    let spans = spans(|| {
        let outer = info_span!("outer");
        let entered = outer.enter();
        let inner = info_span!("inner").entered();
        drop(entered);
        drop(outer);
        info!("in the inner");
        drop(inner);
    });
    assert_eq!(named(&spans, "inner").parent, named(&spans, "outer").span_id);
}

#[test]
fn a_span_ends_when_it_was_left_last_and_not_with_those_inside_that_go_on() {
    let mut left = 0;
    let memory = run(
        |layer| layer,
        |memory| {
            let request = info_span!("request");
            let job = request.in_scope(|| info_span!("job"));
            left = now();
            drop(request);
            assert!(memory.spans().is_empty(), "the registry keeps it for what is inside");
            while now() <= left {}
            job.in_scope(|| info!("inside"));
        },
    );
    let spans = memory.spans();
    let (request, job) = (named(&spans, "request"), named(&spans, "job"));
    assert!(request.end <= left && job.end > left, "{request:?} {job:?}");
    assert!(request.start <= request.end && request.start <= job.start);
}

#[test]
fn a_span_that_is_never_closed_is_never_sent_and_keeps_nothing_else() {
    let memory = run(
        |layer| layer,
        |memory| {
            for _ in 0..1_000 {
                mem::forget(info_span!("leaked").entered());
                tracing::dispatcher::get_default(|dispatch| {
                    let current = dispatch.current_span();
                    dispatch.exit(current.id().expect("the thread is in a span"));
                });
            }
            drop(info_span!(parent: None, "closed"));
            assert!(memory.client.trace_id().is_none());
        },
    );
    let metrics = memory.client.metrics().spans;
    assert_eq!((metrics.ended, metrics.sent, metrics.pending), (1, 0, 1));
    assert_eq!(memory.spans().len(), 1);
}

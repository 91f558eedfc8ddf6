//! Nested scopes and their lifetime.

use std::{
    future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    sync::mpsc,
    task::{Context, Poll, Waker},
    thread,
};

use logtide_core::Scope;

use super::*;

fn tagged(tag: &str) -> Scope {
    Scope::new().with(|scope| scope.set_tag(tag, "yes"))
}

fn tags() -> Vec<String> {
    current().iter().flat_map(Scope::tags).map(|(key, _)| key.to_owned()).collect()
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// Yields the given number of times, and tags its scope before each.
async fn work(name: &'static str, times: usize) -> Vec<String> {
    for time in 0..times {
        update(|scope| scope.set_tag(format!("{name}{time}"), "yes"));
        let mut polled = false;
        future::poll_fn(
            |_| if std::mem::replace(&mut polled, true) { Poll::Ready(()) } else { Poll::Pending },
        )
        .await;
    }
    tags()
}

#[test]
fn a_scope_of_the_caller_keeps_the_changes() {
    let mut scope = tagged("before");
    run_in(&mut scope, || update(|scope| scope.set_tag("inside", "yes")));
    let work = || {
        run_in(&mut scope, || {
            update(|scope| scope.set_tag("last", "yes"));
            panic!("expected in this test")
        });
    };
    assert!(catch_unwind(AssertUnwindSafe(work)).is_err());
    assert_eq!(scope.tags().map(|(key, _)| key).collect::<Vec<_>>(), ["before", "inside", "last"]);
    assert!(current().is_none());
}

#[test]
fn scopes_nest_and_the_outer_one_is_restored() {
    assert!(current().is_none());
    run(tagged("outer"), || {
        run(current().unwrap().with(|scope| scope.set_tag("inner", "yes")), || {
            assert_eq!(tags(), ["inner", "outer"]);
            update(|scope| scope.set_tag("late", "yes"));
            assert_eq!(tags(), ["inner", "late", "outer"]);
        });
        assert_eq!(tags(), ["outer"]);
        run(Scope::new(), || assert_eq!(tags(), [""; 0], "a scope stands in place of the outer one"));
    });
    assert!(current().is_none());
}

#[test]
fn a_panic_brings_the_outer_scope_back() {
    run(tagged("outer"), || {
        let result = catch_unwind(|| run(tagged("inner"), || panic!("expected in this test")));
        assert!(result.is_err());
        assert_eq!(tags(), ["outer"]);
        let result = catch_unwind(|| {
            configure(|scope| {
                scope.set_tag("half", "done");
                panic!("expected in this test");
            });
        });
        assert!(result.is_err());
        assert_eq!(tags(), ["outer"], "a change that panicked is none");
    });
    assert!(current().is_none());
}

#[test]
fn nothing_can_be_changed_outside_all_scopes() {
    configure(|scope| scope.set_tag("leak", "yes"));
    update(|scope| scope.add_breadcrumb(logtide_core::Breadcrumb::new("leak")));
    assert!(current().is_none());
}

#[test]
fn the_current_scope_can_be_read_while_it_is_configured() {
    run(tagged("outer"), || {
        configure(|scope| {
            scope.set_tag("new", "yes");
            assert_eq!(tags(), ["outer"]);
        });
        assert_eq!(tags(), ["new", "outer"]);
    });
}

#[test]
fn futures_on_one_thread_never_see_each_other() {
    let (mut a, mut b) =
        (pin!(work("a", 2).with_scope(tagged("A"))), pin!(work("b", 2).with_scope(tagged("B"))));
    let mut bare = pin!(work("bare", 2));
    for _ in 0..2 {
        assert!(poll(a.as_mut()).is_pending());
        assert!(poll(bare.as_mut()).is_pending());
        assert!(poll(b.as_mut()).is_pending());
        assert!(current().is_none());
    }
    assert_eq!(poll(b), Poll::Ready(["B", "b0", "b1"].map(str::to_owned).into()));
    assert_eq!(poll(a), Poll::Ready(["A", "a0", "a1"].map(str::to_owned).into()));
    assert_eq!(poll(bare), Poll::Ready(vec![]));
}

#[test]
fn a_future_takes_its_scope_from_thread_to_thread() {
    let mut future = Box::pin(work("step", 4).with_scope(tagged("task")));
    for _ in 0..4 {
        future = thread::spawn(move || {
            assert!(poll(future.as_mut()).is_pending());
            assert!(current().is_none());
            future
        })
        .join()
        .unwrap();
    }
    let done = poll(future.as_mut());
    assert_eq!(done, Poll::Ready(["step0", "step1", "step2", "step3", "task"].map(str::to_owned).into()));
}

#[test]
fn a_panic_in_a_poll_leaves_nothing_behind() {
    run(tagged("outer"), || {
        let mut future = pin!(async { panic!("expected in this test") }.with_scope(tagged("inner")));
        let result = catch_unwind(AssertUnwindSafe(|| poll::<Scoped<_>>(future.as_mut())));
        assert!(result.is_err());
        assert_eq!(tags(), ["outer"]);
    });
}

#[test]
fn what_a_cancelled_future_drops_still_sees_its_scope() {
    struct Tells(mpsc::Sender<Vec<String>>);
    impl Drop for Tells {
        fn drop(&mut self) {
            self.0.send(tags()).unwrap();
        }
    }
    let (sender, told) = mpsc::channel();
    run(tagged("outer"), || {
        let held = Tells(sender);
        let mut future = Box::pin(
            async move {
                let _held = held;
                work("step", 1).await;
            }
            .with_scope(tagged("task")),
        );
        assert!(poll(future.as_mut()).is_pending());
        drop(future);
        assert_eq!(told.recv().unwrap(), ["step0", "task"]);
        assert_eq!(tags(), ["outer"]);
    });
}

#[test]
fn a_future_copies_the_scope_around_it() {
    let mut future = run(tagged("outer"), || {
        let future = Box::pin(work("own", 1).in_current_scope());
        update(|scope| scope.set_tag("later", "yes"));
        future
    });
    assert!(poll(future.as_mut()).is_pending());
    assert_eq!(poll(future.as_mut()), Poll::Ready(["outer", "own0"].map(str::to_owned).into()));
}

#[test]
fn a_trace_of_a_future_keeps_the_rest_of_the_scope() {
    let trace = || async { (current().unwrap().trace_id().unwrap().to_owned(), tags()) };
    let (named, new) = run(tagged("outer"), || (trace().with_trace_id("t1"), trace().with_new_trace_id()));
    let expected = vec!["outer".to_owned()];
    assert_eq!(poll(pin!(named)), Poll::Ready(("t1".to_owned(), expected.clone())));
    let Poll::Ready((id, tags)) = poll(pin!(new)) else { panic!("it is never pending") };
    assert!(id.parse::<TraceId>().is_ok(), "{id}");
    assert_eq!(tags, expected);
}

#[test]
fn scoped_futures_may_be_spawned() {
    fn assert_send<T: Send + 'static>(_: &T) {}
    assert_send(&work("task", 1).with_scope(Scope::new()));
}

#[test]
fn a_thread_that_ends_is_outside_all_scopes() {
    struct Last;
    impl Drop for Last {
        fn drop(&mut self) {
            run(tagged("last"), || {
                let _ = (current(), tags());
            });
        }
    }
    thread_local! {
        static LAST: Last = const { Last };
    }
    thread::spawn(|| {
        LAST.with(|_| ());
        run(tagged("first"), || ());
    })
    .join()
    .unwrap();
}

//! What is set in one scope shows there, and nowhere else.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Barrier,
    thread,
};

use logtide_client::{Client, InScope};
use logtide_core::{Breadcrumb, Level, LogEntry, Scope, User};
use logtide_tests::{
    entries,
    setup::{TIMEOUT, memory_client, options},
};
use logtide_transport::MemoryTransport;
use serde_json::{Value, json};

/// The logged entries, found by their message.
struct Logged(Vec<Value>);

impl Logged {
    fn by(work: impl FnOnce(&Client)) -> Self {
        let transport = MemoryTransport::new();
        let client = memory_client(&transport, options("http://localhost"));
        work(&client);
        assert!(client.flush_blocking(TIMEOUT).is_complete());
        Self(transport.requests().iter().flat_map(|request| entries::of_body(&request.body)).collect())
    }

    fn entry(&self, message: &str) -> &Value {
        let found = self.0.iter().find(|entry| entry["message"] == message);
        found.unwrap_or_else(|| panic!("nobody logged {message}"))
    }

    fn metadata(&self, message: &str, key: &str) -> Option<&Value> {
        self.entry(message)["metadata"].get(key)
    }
}

#[test]
fn c20_requests_at_the_same_time_have_each_their_own() {
    let logged = Logged::by(|client| {
        let barrier = Barrier::new(2);
        let buy = || {
            client.configure_scope(|scope| scope.set_user(User::new().id("u_1")));
            client.add_breadcrumb(Breadcrumb::new("added to cart"));
            barrier.wait();
            client.error("shop", "purchase failed", ());
            barrier.wait();
        };
        let browse = || {
            barrier.wait();
            client.info("shop", "browsing", ());
            barrier.wait();
        };
        thread::scope(|threads| {
            threads.spawn(|| client.in_scope(Scope::new(), buy));
            threads.spawn(|| client.in_scope(Scope::new(), browse));
        });
    });
    assert_eq!(logged.metadata("purchase failed", "user"), Some(&json!({"id": "u_1"})));
    assert_eq!(logged.metadata("purchase failed", "breadcrumbs").unwrap()[0]["message"], "added to cart");
    assert_eq!(
        (logged.metadata("browsing", "user"), logged.metadata("browsing", "breadcrumbs")),
        (None, None)
    );
}

#[test]
fn c20_scopes_nest() {
    let logged = Logged::by(|client| {
        let inner = || client.info("svc", "inner", ());
        let outer = || {
            client.with_scope(|scope| scope.set_tag("inner", "yes"), inner);
            client.info("svc", "outer", ());
        };
        client.with_scope(|scope| scope.set_tag("outer", "yes"), outer);
        client.info("svc", "outside", ());
    });
    assert_eq!(logged.metadata("inner", "tags"), Some(&json!({"outer": "yes", "inner": "yes"})));
    assert_eq!(logged.metadata("outer", "tags"), Some(&json!({"outer": "yes"})));
    assert_eq!(logged.metadata("outside", "tags"), None);
}

#[test]
fn c20_another_thread_has_the_scope_only_when_it_is_taken_along() {
    let logged = Logged::by(|client| {
        let work = || {
            let scope = client.current_scope();
            thread::scope(|threads| {
                threads.spawn(|| client.info("svc", "bare thread", ()));
                threads.spawn(|| client.in_scope(scope, || client.info("svc", "thread with scope", ())));
            });
        };
        client.with_scope(|scope| scope.set_tag("outer", "yes"), work);
    });
    assert_eq!(logged.metadata("bare thread", "tags"), None);
    assert_eq!(logged.metadata("thread with scope", "tags"), Some(&json!({"outer": "yes"})));
}

#[test]
fn c20_a_panic_restores_the_outer_scope() {
    let logged = Logged::by(|client| {
        let outer = || {
            let inner = || panic!("expected in this test");
            let result = catch_unwind(AssertUnwindSafe(|| {
                client.with_scope(|scope| scope.set_tag("inner", "yes"), inner);
            }));
            assert!(result.is_err());
            client.info("svc", "after the panic", ());
        };
        client.with_scope(|scope| scope.set_tag("outer", "yes"), outer);
    });
    assert_eq!(logged.metadata("after the panic", "tags"), Some(&json!({"outer": "yes"})));
}

#[test]
fn c20_a_cancelled_task_leaves_no_scope_behind() {
    let logged = Logged::by(|client| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime starts");
        runtime.block_on(async {
            let logging = client.clone();
            let task = async move {
                logging.info("svc", "inside", ());
                std::future::pending::<()>().await;
            };
            let task = tokio::spawn(task.with_scope(Scope::new().with(|scope| scope.set_tag("task", "yes"))));
            tokio::task::yield_now().await;
            client.info("svc", "while it waits", ());
            task.abort();
            assert!(task.await.expect_err("it never ends").is_cancelled());
            client.info("svc", "after it was cancelled", ());
        });
    });
    assert_eq!(logged.metadata("inside", "tags"), Some(&json!({"task": "yes"})));
    assert_eq!(logged.metadata("while it waits", "tags"), None);
    assert_eq!(logged.metadata("after it was cancelled", "tags"), None);
}

#[test]
fn c20_what_the_entry_has_itself_wins() {
    let logged = Logged::by(|client| {
        let configure = |scope: &mut Scope| {
            scope.set_extras((("order_id", "42"), ("k", "from-scope")));
            scope.set_trace_id("a".repeat(32));
            scope.set_span_id("b".repeat(16));
        };
        let work = || {
            client.log(
                LogEntry::new(Level::Info, "svc", "own")
                    .trace_id("f".repeat(32))
                    .metadata([("k", "from-entry")]),
            );
            client.info("svc", "plain", ());
        };
        client.with_scope(configure, work);
    });
    let own = logged.entry("own");
    assert_eq!((&own["metadata"]["order_id"], &own["metadata"]["k"]), (&json!("42"), &json!("from-entry")));
    assert_eq!((&own["trace_id"], &own["span_id"]), (&json!("f".repeat(32)), &json!("b".repeat(16))));
    let plain = logged.entry("plain");
    assert_eq!((&plain["trace_id"], &plain["metadata"]["k"]), (&json!("a".repeat(32)), &json!("from-scope")));
}

//! The helpers for testing programs.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Barrier,
    thread,
    time::Duration,
};

use logtide::{
    Client, ClientOptions, Durability, Level, QueryOptions, Scope, TraceId, testing,
    testing::{Captured, Fault, Pattern},
};
use logtide_core::Panic;
use logtide_tests::{
    setup::{TIMEOUT, options, wait_until},
    temporary::Temporary,
};

fn failure(assertion: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(assertion)).expect_err("the assertion does not hold");
    Panic::message_of(&*payload).to_owned()
}

#[test]
fn entries_are_read_back_as_they_would_be_sent() {
    let (client, captured) = testing::capture_with(|options| {
        options.environment("test").service("default").before_send(|mut entry| {
            entry.metadata.insert("seen", true);
            (entry.message != "left out").then_some(entry)
        })
    });
    captured.assert_empty();
    client.info("shop", "order placed", (("order", 42), ("price", 12.5), ("password", "SECRET")));
    client.info("shop", "left out", ());
    let trace: TraceId = "4bf92f3577b34da6a3ce929d0e0e4736".parse().unwrap();
    client.log(logtide::LogEntry::new(Level::Critical, "shop", "gone").trace_id(trace.to_string()));
    let entries = captured.entries();
    assert_eq!(entries.iter().map(|entry| &*entry.message).collect::<Vec<_>>(), ["order placed", "gone"]);
    let metadata = &entries[0].metadata;
    assert_eq!(metadata.get("price"), Some(&12.5.into()));
    assert_eq!(metadata.get("password"), Some(&"[REDACTED]".into()));
    assert_eq!(
        (metadata.get("environment"), metadata.get("seen")),
        (Some(&"test".into()), Some(&true.into()))
    );
    assert!(entries[0].time.is_some());
    captured.assert_logged(Pattern::new().message("gone").level(Level::Critical).trace_id(trace));
    captured.assert_count(2, Pattern::new().service("shop").metadata([("seen", true)]));
    assert_eq!(captured.take().len(), 2);
    captured.assert_empty();
    client.info("shop", "later", ());
    captured.assert_count(1, Pattern::new());
}

#[test]
fn an_assertion_that_fails_prints_what_was_logged() {
    let (client, captured) = testing::capture();
    let told = failure(|| captured.assert_logged("refused"));
    assert_eq!(told, "no entry with \"refused\" in its message\nnothing was logged");
    client.warn("shop", "the card was refused", [("order", 42)]);
    client.info("mail", "told", ());
    let listed = "2 entries were logged:\n  warn     shop  the card was refused  {\"order\":42}\n  info     mail  told";
    let wanted = Pattern::new().level(Level::Error).service("shop").metadata([("order", 42)]);
    for (told, why) in [
        (
            failure(|| captured.assert_logged(wanted.clone())),
            "no entry with the level error, the service \"shop\", order = 42",
        ),
        (failure(|| captured.assert_not_logged("refused")), "an entry with \"refused\" in its message"),
        (failure(|| captured.assert_count(1, Pattern::new())), "2 entries instead of 1 with anything"),
        (failure(|| captured.assert_empty()), "something was logged"),
    ] {
        assert!(told.starts_with(why) && told.ends_with(listed), "{told}");
    }
}

#[test]
fn tests_that_run_at_the_same_time_do_not_see_each_other_s_entries() {
    let captured: Vec<Captured> = thread::scope(|threads| {
        let logging = (0..8).map(|number| {
            threads.spawn(move || {
                let (client, captured) = testing::capture();
                client.info("shop", format_args!("of {number}"), ());
                captured
            })
        });
        logging.collect::<Vec<_>>().into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    for (number, captured) in captured.iter().enumerate() {
        captured.assert_count(1, Pattern::new());
        captured.assert_logged(&*format!("of {number}"));
    }
}

#[test]
fn the_spool_of_a_program_is_left_alone() {
    let dir = Temporary::new();
    let spooling = |options: ClientOptions| options.spool(&*dir).durability(Durability::Always);
    let client = Client::new(spooling(options("http://127.0.0.1:1"))).unwrap();
    client.info("shop", "of an outage", ());
    assert_eq!(client.close_blocking(TIMEOUT).spooled, 1);
    drop(client);

    let (client, captured) = testing::capture_with(spooling);
    client.info("shop", "of a test", ());
    captured.assert_count(1, Pattern::new());

    let (server, client) = testing::server_with(spooling);
    wait_until("the next run delivers it", || server.stored_count() == 1);
    drop(client);
    assert_eq!(server.stored()[0].message, "of an outage");
}

#[test]
fn an_entry_is_taken_once_whoever_takes_at_the_same_time() {
    let (client, captured) = testing::capture();
    for number in 0..100 {
        client.info("shop", format_args!("order {number}"), ());
    }
    let together = Barrier::new(4);
    let take = || {
        together.wait();
        captured.take().len()
    };
    let taken: usize = thread::scope(|threads| {
        let takers: Vec<_> = (0..4).map(|_| threads.spawn(take)).collect();
        takers.into_iter().map(|taker| taker.join().unwrap()).sum()
    });
    assert_eq!(taken, 100);
    client.info("shop", "later", ());
    captured.assert_count(1, "later");
}

#[test]
fn entries_are_there_however_the_client_ended_and_whatever_wire_it_has() {
    let (client, captured) = testing::capture_with(|options| options.wire(logtide::Wire::Otlp));
    client.info("shop", "before", ());
    let _ = client.close_blocking(TIMEOUT);
    drop(client);
    captured.assert_count(1, "before");
}

#[tokio::test]
async fn entries_of_async_code_are_there_at_once() {
    let (client, captured) = testing::capture();
    let scope = Scope::new().with(|scope| scope.set_tag("route", "/orders"));
    logtide::InScope::with_scope(async { client.info("shop", "order placed", ()) }, scope).await;
    captured.assert_logged("order placed");
    assert!(client.query(QueryOptions::new()).await.is_err(), "there is no server to read from");
}

fn place_order(client: &Client) {
    client.info("shop", "order placed", [("order", 42)]);
}

#[test]
fn a_server_takes_and_gives_back_entries_also_after_faults() {
    let (server, client) = testing::server_with(|options| options.environment("test"));
    server.chaos(Fault::Status(503)).next(2);
    place_order(&client);
    let report = client.flush_blocking(TIMEOUT);
    assert!(report.is_complete(), "{report}");
    let stored = &server.stored()[0];
    assert_eq!(
        (&*stored.message, &stored.metadata.as_ref().unwrap()["environment"]),
        ("order placed", &"test".into())
    );
    assert_eq!(client.query_blocking(QueryOptions::new().service("shop")).unwrap().logs.len(), 1);
}

#[tokio::test]
async fn a_server_is_waited_for_while_other_tasks_go_on() {
    let (server, client) = testing::server();
    let logging = tokio::spawn(async move {
        tokio::task::yield_now().await;
        place_order(&client);
        client.flush().await
    });
    assert!(server.when_stored(1, TIMEOUT).await);
    assert!(logging.await.unwrap().is_complete());
    assert!(!server.when_stored(2, Duration::from_millis(1)).await);
}

#[test]
fn what_is_left_at_the_end_of_a_test_is_delivered() {
    let (server, client) = testing::server();
    place_order(&client);
    drop(client);
    assert_eq!(server.stored_count(), 1);
}

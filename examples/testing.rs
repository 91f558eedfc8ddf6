//! Tests of what a program logs: captured entries, assertions, and a server that fails.
//!
//! Run it with `cargo run --example testing`, which calls them one after the other. In your own project each is a `#[test]`.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::{
    panic::{self, AssertUnwindSafe},
    time::Duration,
};

use logtide::{
    Client, Level,
    testing::{self, Fault, Pattern},
};

/// The code under test: takes an order and logs the result.
fn place_order(client: &Client, order: u32, card: &str) {
    client.info("shop", format_args!("order {order} received"), (("order", order), ("card_password", card)));
    if card.is_empty() {
        client.error("shop", "the card was refused", [("order", order)]);
    }
}

fn a_refused_card_is_an_error() {
    let (client, captured) = testing::capture();
    place_order(&client, 42, "");
    captured.assert_logged(
        Pattern::new().level(Level::Error).message_contains("refused").metadata([("order", 42)]),
    );
    captured.assert_count(2, Pattern::new().service("shop"));
}

fn a_card_is_never_logged() {
    let (client, captured) = testing::capture_with(|options| options.environment("test"));
    place_order(&client, 43, "1234");
    let entry = &captured.entries()[0];
    assert_eq!(entry.metadata.get("card_password"), Some(&"[REDACTED]".into()));
    captured.assert_not_logged(Level::Error);
}

fn an_order_survives_an_outage() {
    let (server, client) = testing::server();
    server.chaos(Fault::Status(503)).next(2);
    place_order(&client, 44, "1234");
    let report = client.flush_blocking(Duration::from_secs(10));
    assert!(report.is_complete(), "{report}");
    assert_eq!(server.stored()[0].message, "order 44 received");
}

/// Shows the message of a failed assertion.
fn a_failure_shows_what_was_logged() {
    let (client, captured) = testing::capture();
    place_order(&client, 45, "1234");
    let failure = panic::catch_unwind(AssertUnwindSafe(|| captured.assert_logged("refused")));
    assert!(failure.is_err());
}

fn main() {
    let tests: [(&str, fn()); 4] = [
        ("a refused card is an error", a_refused_card_is_an_error),
        ("a card is never logged", a_card_is_never_logged),
        ("an order survives an outage", an_order_survives_an_outage),
        ("a failure shows what was logged", a_failure_shows_what_was_logged),
    ];
    for (name, test) in tests {
        test();
        println!("{name}: ok");
    }
}

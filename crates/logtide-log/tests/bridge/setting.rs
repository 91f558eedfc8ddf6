//! The program's logger.
//!
//! A process has only one, so no other test installs it.

use std::{sync::Arc, time::Duration};

use log::LevelFilter;
use logtide_client::{Client, ClientOptions};
use logtide_log::Logger;
use logtide_transport::MemoryTransport;

#[test]
fn the_macros_of_log_reach_the_server_and_a_second_logger_is_refused() {
    let transport = MemoryTransport::new();
    let options = ClientOptions::new("http://localhost", "lp_k").flush_interval(Duration::from_secs(3_600));
    let client = Client::with_transport(options, Arc::new(transport.clone())).expect("the options work");
    let logger = || Logger::new(&client).level(LevelFilter::Warn).module("chatty", LevelFilter::Debug);
    logger().init().expect("there is no other logger");
    assert_eq!(log::max_level(), LevelFilter::Debug);
    let refused = logger().init().expect_err("there is a logger");
    let refused = refused.to_string();
    assert!(refused.starts_with("the program already has a logger: set this one first"), "{refused}");
    assert!(refused.contains("`tracing-log`"), "{refused}");

    let amount = 7;
    log::warn!(amount, card = "visa"; "refused");
    log::info!("not taken");
    log::trace!(target: "chatty", "not taken");
    log::debug!(target: "chatty", "logtide.service" = "billing"; "taken");
    assert_eq!(transport.requests().len(), 0);
    log::logger().flush();
    let sent = String::from_utf8(transport.requests()[0].body.to_vec()).expect("a text");
    assert_eq!(sent.matches("\"level\"").count(), 2, "{sent}");
    assert_eq!(sent.matches(r#""service":"billing""#).count(), 1, "{sent}");
    assert!(sent.contains(r#""metadata":{"amount":7,"card":"visa","logger":"bridge::setting","#), "{sent}");

    log::error!("the last");
    drop(client);
    assert_eq!(transport.requests().len(), 2, "the logger does not keep the client open");
    log::error!("too late");
    log::logger().flush();
}

//! The program's client and the level macros.

use std::{
    fmt::{self, Display},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};

use logtide::{Guard, OptionsError};
use logtide_tests::{
    entries,
    setup::{TIMEOUT, memory_client, options},
};
use logtide_transport::MemoryTransport;
use serde_json::{Value, json};

/// Makes these tests take turns, since a program has one client.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn init(transport: &MemoryTransport) -> Result<Guard, OptionsError> {
    logtide::init_with(memory_client(transport, options("http://localhost").service("default")))
}

fn sent(transport: &MemoryTransport) -> Vec<Value> {
    transport.requests().iter().flat_map(|request| entries::of_body(&request.body)).collect()
}

#[test]
fn macros_log_with_fields_of_every_form() {
    let _turn = turn();
    let transport = MemoryTransport::new();
    let guard = init(&transport).expect("there is no other client");
    let (path, status) = ("/users", 200_u16);
    let error = "eighty".parse::<u16>().expect_err("this is not a number");
    logtide::info!(
        "request completed",
        method = "GET",
        status = status,
        http.path = path,
        "any key" = [1, 2],
    );
    logtide::warn!(service: "billing", "slow: {} of {path} took {:?}", 1 + 1, Some(3), display = %error, debug = ?Some("x"));
    let line = line!() + 1;
    logtide::error!("failed", error = &error, attempt = 3);
    logtide::critical!("failed again", error = %error);
    logtide::debug!("no fields");
    assert!(guard.close_blocking(TIMEOUT).is_complete());

    let mut sent = sent(&transport);
    for entry in &mut sent {
        entry["metadata"]["sdk"].take();
    }
    assert_eq!(sent.len(), 5);
    assert_eq!(
        (&sent[0]["service"], &sent[0]["level"], &sent[0]["message"]),
        (&json!("default"), &json!("info"), &json!("request completed"))
    );
    assert_eq!(
        sent[0]["metadata"],
        json!({"method": "GET", "status": 200, "http.path": "/users", "any key": [1, 2], "sdk": null})
    );
    assert_eq!(
        (&sent[1]["service"], &sent[1]["level"], &sent[1]["message"]),
        (&json!("billing"), &json!("warn"), &json!("slow: 2 of /users took Some(3)"))
    );
    assert_eq!(
        (&sent[1]["metadata"]["display"], &sent[1]["metadata"]["debug"]),
        (&json!(error.to_string()), &json!("Some(\"x\")"))
    );
    let exception = &sent[2]["metadata"]["exception"];
    assert_eq!((&exception["type"], &sent[2]["metadata"]["attempt"]), (&json!("ParseIntError"), &json!(3)));
    assert_eq!(exception["stacktrace"][0]["file"], file!());
    assert_eq!(exception["stacktrace"][0]["line"], line, "the place of the macro call");
    assert_eq!(sent[3]["metadata"]["error"], error.to_string());
    assert_eq!((&sent[4]["level"], &sent[4]["message"]), (&json!("debug"), &json!("no fields")));
}

#[test]
fn without_a_client_nothing_is_evaluated() {
    let _turn = turn();
    assert!(logtide::client().is_none());
    let evaluated = || -> u8 { panic!("this is evaluated") };
    logtide::info!("{}", evaluated(), field = evaluated());
}

#[test]
fn there_is_one_client_at_a_time_and_every_thread_finds_the_one_there_is() {
    let _turn = turn();
    let (first, second) = (MemoryTransport::new(), MemoryTransport::new());
    let guard = init(&first).expect("there is no other client");
    assert!(matches!(init(&second), Err(OptionsError::AlreadyInitialized)));
    logtide::info!("to the first");
    thread::spawn(|| logtide::info!("from a thread")).join().expect("the thread does not panic");
    logtide::client().expect("there is a client").info("svc", "by its handle", ());
    drop(guard);
    assert_eq!(sent(&first).len(), 3, "the guard delivers when it is dropped");
    assert!(logtide::client().is_none());
    logtide::info!("to nobody");

    let guard = init(&second).expect("the first is gone");
    logtide::info!("to the second");
    drop(guard);
    assert_eq!((sent(&first).len(), sent(&second).len()), (3, 1));
}

#[test]
fn a_message_may_log_while_it_is_formatted() {
    struct Logs;
    impl Display for Logs {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            logtide::info!("inside");
            formatter.write_str("outside")
        }
    }
    let _turn = turn();
    let transport = MemoryTransport::new();
    let guard = init(&transport).expect("there is no other client");
    logtide::info!("{}", Logs);
    drop(guard);
    let messages: Vec<Value> =
        sent(&transport).into_iter().map(|mut entry| entry["message"].take()).collect();
    assert_eq!(messages, ["inside", "outside"]);
}

//! Panics as entries. The panic hook is global to the process, so this is one test in its own binary.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::{
    panic,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use logtide_client::{Client, ClientOptions, integration::Integration};
use logtide_core::Breadcrumb;
use logtide_transport::{Exchange, MemoryTransport, Reply, Request, Transport};
use serde_json::Value;

const TIMEOUT: Duration = Duration::from_secs(30);
const NEVER: Duration = Duration::from_secs(3_600);

#[test]
fn panics_are_logged_delivered_and_passed_on() {
    let passed_on = Arc::new(Mutex::new(Vec::new()));
    let texts = passed_on.clone();
    panic::set_hook(Box::new(move |info| {
        eprintln!("{info}");
        texts.lock().unwrap().push(info.to_string());
    }));

    let transport = MemoryTransport::new();
    let client = client(&transport);
    client.service("api").install_panic_hook();
    client.install_panic_hook();
    client.service("other").install_panic_hook();

    a_panic_is_one_critical_entry_that_is_there_when_the_thread_is(&transport);
    assert_eq!(passed_on.lock().unwrap().len(), 1, "the hook that was set before is called once");
    assert!(passed_on.lock().unwrap()[0].contains("the deep end"));

    payloads_and_threads_without_a_text(&transport);
    a_panic_calls_no_hook_of_breadcrumbs(&client);
    a_panic_while_an_entry_is_encoded(&client, &transport);
    a_server_that_hangs_holds_one_thread_for_two_seconds(&client, &transport);
    a_panic_on_the_delivery_thread_is_passed_on_alone(&passed_on);

    drop(client);
    let before = transport.requests().len();
    let _ = thread::spawn(|| panic!("nobody listens")).join();
    assert_eq!(transport.requests().len(), before, "the hook does not keep a client alive");
    assert!(passed_on.lock().unwrap().last().unwrap().contains("nobody listens"));
}

fn client(transport: &MemoryTransport) -> Client {
    let options = ClientOptions::new("http://localhost", "lp_key").flush_interval(NEVER);
    Client::with_transport(options, Arc::new(transport.clone())).unwrap()
}

#[inline(never)]
fn deep_end(depth: usize) {
    if depth == 0 {
        panic!("the {} end", "deep");
    }
    deep_end(depth - 1);
}

fn a_panic_is_one_critical_entry_that_is_there_when_the_thread_is(transport: &MemoryTransport) {
    let panicked = thread::Builder::new().name("diver".to_owned()).spawn(|| deep_end(2)).unwrap().join();
    assert!(panicked.is_err());
    let entries = entries(transport);
    let [entry] = &entries[..] else { panic!("{} entries", entries.len()) };
    assert_eq!((&entry["level"], &entry["service"]), (&"critical".into(), &"api".into()));
    assert_eq!(entry["message"], "thread 'diver' panicked: the deep end");
    let metadata = &entry["metadata"];
    assert_eq!(metadata["panic"]["thread"], "diver");
    let place = metadata["panic"]["location"].as_str().unwrap();
    assert!(place.starts_with(file!()), "{place}");
    let exception = &metadata["exception"];
    assert_eq!((&exception["type"], &exception["message"]), (&"panic".into(), &"the deep end".into()));
    let frames = exception["stacktrace"].as_array().unwrap();
    let first = &frames[0];
    assert!(first["function"].as_str().unwrap().ends_with("deep_end"), "{frames:#?}");
    assert!(first["file"].as_str().unwrap().ends_with("tests/panic_hook.rs"), "{first}");
    assert!(place.starts_with(&format!("{}:{}:", file!(), first["line"])), "{first} {place}");
    let deep = frames.iter().filter(|frame| frame["function"].as_str().unwrap().ends_with("deep_end"));
    assert_eq!(deep.count(), 3);
    for frame in frames {
        let function = frame["function"].as_str().unwrap();
        assert!(!function.starts_with("std::") && !function.starts_with("core::"), "{function}");
        assert!(!function.contains("logtide_client::"), "{function}");
    }
    assert!(metadata["error"]["stack"].as_str().unwrap().contains("deep_end ("));
}

fn payloads_and_threads_without_a_text(transport: &MemoryTransport) {
    let before = entries(transport).len();
    let _ = thread::spawn(|| panic::panic_any(7_u8)).join();
    let entries = entries(transport);
    assert_eq!(entries.len(), before + 1);
    assert_eq!(entries[before]["message"], "thread '<unnamed>' panicked: (the panic has no message)");
}

/// A panic inside the panic hook would abort the process.
fn a_panic_calls_no_hook_of_breadcrumbs(plain: &Client) {
    let transport = MemoryTransport::new();
    let options = ClientOptions::new("http://localhost", "lp_key")
        .flush_interval(NEVER)
        .before_breadcrumb(|breadcrumb| panic!("expected in this test: {breadcrumb:?}"));
    let client = Client::with_transport(options, Arc::new(transport.clone())).unwrap();
    client.install_panic_hook();
    let work = || {
        plain.add_breadcrumb(Breadcrumb::new("of another client"));
        assert!(panic::catch_unwind(|| panic!("in a scope")).is_err());
        drop(client);
        assert_eq!(plain.current_scope().breadcrumbs().count(), 1, "the scope keeps it");
    };
    plain.with_scope(|_| (), work);
    let entries = entries(&transport);
    assert_eq!(entries.len(), 1);
    assert!(entries[0]["metadata"].get("breadcrumbs").is_none(), "{}", entries[0]);
}

fn a_panic_while_an_entry_is_encoded(client: &Client, transport: &MemoryTransport) {
    struct Panics;
    impl std::fmt::Display for Panics {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            panic!("inside a message")
        }
    }
    let before = entries(transport).len();
    client.info("svc", Panics, ());
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let messages: Vec<Value> =
        entries(transport)[before..].iter().map(|entry| entry["message"].clone()).collect();
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(messages[0].as_str().unwrap().ends_with("panicked: inside a message"));
    assert_eq!(messages[1], "(panicked while it was formatted)");
}

fn a_server_that_hangs_holds_one_thread_for_two_seconds(client: &Client, transport: &MemoryTransport) {
    transport.push(Reply::hang());
    let start = Instant::now();
    let _ = thread::spawn(|| panic!("while the server hangs")).join();
    let waited = start.elapsed();
    assert!(waited >= Duration::from_secs(2), "{waited:?}");
    // Without the limit, the later ones would wait for minutes in total.
    for _ in 0..100 {
        let _ = thread::spawn(|| panic!("while the server still hangs")).join();
    }
    let waited = start.elapsed();
    assert!(waited < Duration::from_secs(60), "{waited:?}");
    assert_eq!(client.metrics().pending, 101, "they are logged all the same");
    // The hanging request ends with its worker.
    Integration::of(client).driver().stop();
}

fn a_panic_on_the_delivery_thread_is_passed_on_alone(passed_on: &Mutex<Vec<String>>) {
    /// Panics in the first exchange.
    #[derive(Debug)]
    struct PanicsOnce(MemoryTransport, AtomicBool, Arc<AtomicUsize>);
    impl Transport for PanicsOnce {
        fn exchange(&self, request: Request) -> Exchange {
            self.2.fetch_add(1, Ordering::SeqCst);
            assert!(self.1.swap(true, Ordering::SeqCst), "in the transport");
            self.0.exchange(request)
        }
    }
    let (memory, exchanges) = (MemoryTransport::new(), Arc::new(AtomicUsize::new(0)));
    let transport = PanicsOnce(memory.clone(), AtomicBool::new(false), exchanges.clone());
    let options = ClientOptions::new("http://localhost", "lp_key")
        .flush_interval(NEVER)
        .retry_delay(Duration::from_millis(1));
    let client = Client::with_transport(options, Arc::new(transport)).unwrap();
    client.install_panic_hook();
    client.info("svc", "hello", ());
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    assert_eq!(exchanges.load(Ordering::SeqCst), 2);
    let entries = entries(&memory);
    assert_eq!(entries.len(), 1, "{entries:?}");
    assert!(passed_on.lock().unwrap().last().unwrap().contains("in the transport"));
}

fn entries(transport: &MemoryTransport) -> Vec<Value> {
    let bodies = transport.requests().into_iter().map(|request| request.body);
    let logs = bodies.map(|body| serde_json::from_slice::<Value>(&body).unwrap()["logs"].take());
    logs.flat_map(|logs| logs.as_array().unwrap().clone()).collect()
}

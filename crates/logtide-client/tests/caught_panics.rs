//! Panics that are caught and logged. The panic hook is global to the process, so this is one test in its own binary.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::{
    any::Any,
    hint::black_box,
    panic,
    sync::{Arc, Barrier},
    thread,
    time::Duration,
};

use logtide_client::{Client, ClientOptions, integration::Integration};
use logtide_core::{Head, Level};
use logtide_transport::MemoryTransport;
use serde_json::Value;

const TIMEOUT: Duration = Duration::from_secs(30);

#[test]
fn panics_with_the_same_text_at_the_same_time_keep_their_places_and_frames() {
    // The left one is noted first, and the right one before the left one is caught.
    let barrier = Arc::new(Barrier::new(2));
    let met = barrier.clone();
    panic::set_hook(Box::new(move |_| {
        if thread::current().name() == Some("left") {
            met.wait();
        }
        met.wait();
    }));

    let transport = MemoryTransport::new();
    let options = ClientOptions::new("http://localhost", "lp_key");
    let client = Client::with_transport(options, Arc::new(transport.clone())).unwrap();
    Integration::of(&client).watch_panics();
    let submit = |payload: &(dyn Any + Send), name: &str| {
        Integration::of(&client).submit_panic(&Head::new(Level::Error, "svc"), payload, name, ());
    };
    thread::scope(|scope| {
        let (submit, barrier) = (&submit, &barrier);
        let on_the_left = move || {
            submit(&*panic::catch_unwind(left).unwrap_err(), "left");
            barrier.wait();
        };
        thread::Builder::new().name("left".to_owned()).spawn_scoped(scope, on_the_left).unwrap();
        scope.spawn(move || {
            barrier.wait();
            let payload = panic::catch_unwind(right).unwrap_err();
            barrier.wait();
            submit(&*payload, "right");
        });
    });
    // A failed step must not wait.
    drop(panic::take_hook());
    assert!(client.flush_blocking(TIMEOUT).is_complete());

    let entries = entries(&transport);
    assert_eq!(entries.len(), 2);
    for entry in &entries {
        let (metadata, name) = (&entry["metadata"], entry["message"].as_str().unwrap());
        let first = &metadata["exception"]["stacktrace"][0];
        assert!(first["function"].as_str().is_some_and(|function| function.ends_with(name)), "{entry:#}");
        let place = metadata["panic"]["location"].as_str().unwrap();
        assert!(place.starts_with(&format!("{}:{}:", file!(), first["line"])), "{entry:#}");
    }
    assert_ne!(entries[0]["metadata"]["panic"]["location"], entries[1]["metadata"]["panic"]["location"]);
}

#[inline(never)]
fn left() -> u8 {
    black_box(None).unwrap()
}

#[inline(never)]
fn right() -> u8 {
    black_box(None).unwrap()
}

fn entries(transport: &MemoryTransport) -> Vec<Value> {
    let bodies = transport.requests().into_iter().map(|request| request.body);
    let logs = bodies.map(|body| serde_json::from_slice::<Value>(&body).unwrap()["logs"].take());
    logs.flat_map(|logs| logs.as_array().unwrap().clone()).collect()
}

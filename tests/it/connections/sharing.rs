//! Clients that share one delivery thread and its connections.

use std::{
    sync::{Arc, Mutex},
    thread::{self, ThreadId},
};

use logtide::{Client, ClientOptions, HttpOptions};
use logtide_devserver::DevServer;
use logtide_tests::{
    scripted::ScriptedServer,
    setup::{NEVER, TIMEOUT, options, options_for},
};

/// Returns options for a tenant, whose deliveries record their thread.
fn tenant(server: &ScriptedServer, number: usize, threads: &Arc<Mutex<Vec<ThreadId>>>) -> ClientOptions {
    let threads = threads.clone();
    ClientOptions::new(server.url(), format!("lp_tenant_{number}"))
        .flush_interval(NEVER)
        .http(HttpOptions::new().no_proxy())
        .on_event(move |_| threads.lock().expect("no test panicked").push(thread::current().id()))
}

#[test]
fn many_tenants_deliver_on_one_thread_over_one_connection_each_with_its_key() {
    let server = ScriptedServer::start([]);
    let threads = Arc::default();
    let first = Client::new(tenant(&server, 0, &threads)).unwrap();
    let others =
        (1..20).map(|number| Client::new(tenant(&server, number, &threads).share_with(&first)).unwrap());
    let clients: Vec<Client> = [first.clone()].into_iter().chain(others).collect();
    for (number, client) in clients.iter().enumerate() {
        client.info("api", format_args!("of tenant {number}"), [("tenant", number)]);
        let report = client.flush_blocking(TIMEOUT);
        assert!(report.is_complete(), "{report}");
        assert_eq!(client.metrics().logs_sent, 1, "metrics are those of each client");
    }
    let requests = server.requests();
    assert_eq!(requests.len(), clients.len());
    for (number, request) in requests.iter().enumerate() {
        assert_eq!(request.header("x-api-key"), Some(&*format!("lp_tenant_{number}")));
        assert_eq!(request.entries()[0]["message"], format!("of tenant {number}"));
        assert_eq!(request.connection, 0, "of tenant {number}");
    }
    let threads = threads.lock().unwrap();
    assert!(
        threads.len() >= clients.len() && threads.iter().all(|thread| *thread == threads[0]),
        "{threads:?}"
    );
}

#[test]
fn a_client_that_is_closed_or_dropped_leaves_the_others_alone() {
    let server = DevServer::start().unwrap();
    let first = Client::new(options_for(&server)).unwrap();
    let second = Client::new(options_for(&server).share_with(&first)).unwrap();
    let third = Client::new(options_for(&server).share_with(&second)).unwrap();
    for client in [&first, &second, &third] {
        client.info("api", "before", ());
    }
    let report = first.close_blocking(TIMEOUT);
    assert!(report.is_complete() && report.delivered == 1, "{report}");
    drop(first);
    second.info("api", "after a close", ());
    drop(second);
    third.info("api", "after a drop", ());
    let report = third.close_blocking(TIMEOUT);
    assert!(report.is_complete() && report.delivered == 2, "{report}");
    assert_eq!(server.stored_count(), 5);
    let last = Client::new(options_for(&server).share_with(&third)).unwrap();
    last.info("api", "with one that is closed", ());
    assert!(last.flush_blocking(TIMEOUT).is_complete());
    assert_eq!(last.query_blocking(Default::default()).unwrap().logs.len(), 6, "reading shares too");
}

#[test]
fn an_outage_of_one_server_holds_up_no_other() {
    let (away, there) = (ScriptedServer::start([]), ScriptedServer::start([]));
    let first = Client::new(options(&away.url())).unwrap();
    drop(away);
    let second = Client::new(options(&there.url()).share_with(&first)).unwrap();
    first.info("api", "to nobody", ());
    second.info("api", "to somebody", ());
    assert!(second.flush_blocking(TIMEOUT).is_complete());
    assert_eq!((first.metrics().logs_sent, second.metrics().logs_sent), (0, 1));
    assert_eq!(first.close_blocking(std::time::Duration::ZERO).lost, 1);
    second.info("api", "to somebody", ());
    assert!(second.flush_blocking(TIMEOUT).is_complete());
}

#[test]
fn what_keeps_a_client_from_its_server_is_told_with_a_shared_connection_too() {
    let first = Client::new(options("http://127.0.0.1:1")).unwrap();
    for (url, told) in [("ftp://h", "http://"), ("http://h:0", "port")] {
        let error = Client::new(options(url).share_with(&first)).unwrap_err().to_string();
        assert!(error.contains(told), "{error}");
    }
}

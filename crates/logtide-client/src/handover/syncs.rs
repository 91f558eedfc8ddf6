//! Log calls that wait until their entries are synced.

use std::sync::Arc;

use shuttle::thread::JoinHandle;

use super::{DropPolicy, LONG, Server, check, check_often, client, close, end, join, log, options, spawn};
use crate::{
    Client, ClientOptions, Durability,
    sync::{
        self, Disk,
        atomic::{AtomicUsize, Ordering},
    },
    worker::Syncs,
};

/// Like [`options`], with a spool whose log calls wait.
fn spooling(batch_size: usize) -> ClientOptions {
    options(batch_size, DropPolicy::Newest).spool("/spool").durability(Durability::Always)
}

/// Whether an entry is in a file or on the server.
fn is_safe(server: &Server, number: u64) -> bool {
    Disk.holds(&format!("\"message\":\"{number}\"")) || server.numbers().contains(&number)
}

/// Logs an entry and asserts that it is safe when the call returns, unless an entry was counted as dropped.
fn log_safely(client: &Client, server: &Server, number: u64) {
    log(client, number);
    assert!(is_safe(server, number) || client.metrics().logs_dropped > 0, "{number} is not safe");
}

/// Like [`producer`](super::producer), with entries that must be safe.
fn producer(client: &Client, server: &Server, shard: u64, entries: u64) -> JoinHandle<()> {
    let (client, server) = (client.clone(), server.clone());
    spawn(shard, move || {
        (0..entries).for_each(|entry| log_safely(&client, &server, 100 * shard + entry));
    })
}

fn producers<const N: usize>(client: &Client, server: &Server, entries: u64) -> [JoinHandle<()>; N] {
    std::array::from_fn(|shard| producer(client, server, shard as u64, entries))
}

/// Asserts that each entry is delivered, in a file or counted.
fn assert_accounted(client: &Client, logged: u64) {
    let metrics = client.metrics();
    assert_eq!((metrics.logged, metrics.pending), (logged, 0), "{metrics:?}");
    assert_eq!(logged, metrics.logs_sent + metrics.logs_dropped + metrics.spooled, "{metrics:?}");
}

#[test]
fn a_log_call_returns_when_its_entry_is_in_a_file_or_delivered() {
    for batch_size in [1_000, 1] {
        check(move || {
            let (client, server) = client(spooling(batch_size));
            join(producers::<3>(&client, &server, 2));
            assert_eq!(client.metrics().logs_dropped, 0);
            assert!(client.flush_blocking(LONG).is_complete());
            assert_eq!(server.numbers().len(), 6);
            end(&client);
        });
    }
}

#[test]
fn a_log_call_returns_when_its_entry_is_in_a_file_while_the_server_is_unavailable() {
    check(|| {
        let (client, server) = client(spooling(1));
        server.make_unavailable();
        join(producers::<3>(&client, &server, 2));
        assert_eq!((client.metrics().logs_dropped, client.metrics().spooled), (0, 6));
        server.make_available();
        end(&client);
    });
}

#[test]
fn callers_that_come_before_a_round_begins_share_it() {
    check(|| {
        let (syncs, asked) = (Arc::new(Syncs::default()), Arc::new(AtomicUsize::new(0)));
        let callers = [0, 1, 2].map(|shard| {
            let (syncs, asked) = (syncs.clone(), asked.clone());
            spawn(shard, move || {
                syncs.wait(|_| {
                    asked.fetch_add(1, Ordering::SeqCst);
                    true
                });
            })
        });
        while asked.load(Ordering::SeqCst) < 3 {
            shuttle::thread::yield_now();
        }
        let round = syncs.begin().expect("three wait for it");
        assert_eq!(syncs.begin(), None);
        syncs.end(round);
        join(callers);
    });
}

#[test]
fn callers_that_come_while_the_disk_is_busy_wait_for_a_later_sync() {
    check(|| {
        let (client, server) = client(spooling(1_000));
        log_safely(&client, &server, 700);
        Disk.hang();
        let first = producer(&client, &server, 0, 1);
        Disk.wait_until_blocked();
        let others = [1, 2, 3].map(|shard| producer(&client, &server, shard, 1));
        let before = Disk.syncs();
        Disk.resume();
        join([first]);
        join(others);
        assert!(Disk.syncs() - before <= 4);
        assert_eq!(client.metrics().logs_dropped, 0);
        end(&client);
    });
}

#[test]
fn every_caller_returns_when_the_client_is_closed_meanwhile() {
    for batch_size in [1_000, 1] {
        check(move || {
            let (client, server) = client(spooling(batch_size));
            let callers = producers::<3>(&client, &server, 1);
            let report = close(&client);
            assert_eq!(report.pending, 0, "{report:?}");
            join(callers);
            assert_accounted(&client, 3);
            end(&client);
        });
    }
}

#[test]
fn every_caller_returns_when_the_driver_is_stopped_meanwhile() {
    for batch_size in [1_000, 1] {
        check_often(2, move || {
            let (client, server) = client(spooling(batch_size));
            let driver = client.handle().driver().clone();
            let stop = spawn(7, move || driver.stop());
            join(producers::<3>(&client, &server, 1));
            join([stop]);
            assert_eq!(close(&client).pending, 0);
            assert_accounted(&client, 3);
            end(&client);
        });
    }
}

#[test]
fn an_entry_that_is_logged_after_a_stop_is_safe() {
    check_often(2, || {
        let (client, server) = client(spooling(1_000));
        client.handle().driver().fire_timeouts();
        log_safely(&client, &server, 0);
        let (logging, of_logging) = (client.clone(), server.clone());
        let after = spawn(6, move || {
            logging.handle().driver().stop();
            log(&logging, 600);
            assert!(is_safe(&of_logging, 600));
        });
        join([producer(&client, &server, 1, 1)]);
        join([after]);
        end(&client);
    });
}

#[test]
fn a_worker_continues_in_the_folder_of_the_one_before_it() {
    check(|| {
        let (client, server) = client(spooling(1_000));
        join(producers::<2>(&client, &server, 1));
        while sync::blocking_jobs() > 0 {
            shuttle::thread::yield_now();
        }
        client.handle().driver().stop();
        log_safely(&client, &server, 700);
        assert_eq!(Disk.folders(), 1);
        end(&client);
    });
}

#[test]
fn every_caller_returns_when_the_driver_is_stopped_and_the_client_closed() {
    check_often(10, || {
        let (client, server) = client(spooling(1_000));
        let driver = client.handle().driver().clone();
        let stop = spawn(7, move || driver.stop());
        let callers = producers::<2>(&client, &server, 1);
        close(&client);
        join(callers);
        join([stop]);
        assert_accounted(&client, 2);
        end(&client);
    });
}

#[test]
fn every_caller_returns_when_the_folder_cannot_be_opened() {
    check(|| {
        Disk.fail(usize::MAX);
        let (client, server) = client(spooling(1_000));
        join([0, 1, 2].map(|shard| super::producer(&client, shard, 2)));
        assert!(client.flush_blocking(LONG).is_complete());
        assert_eq!(server.numbers().len(), 6);
        end(&client);
    });
}

#[test]
fn every_caller_returns_when_a_write_fails() {
    for failures in [1, 2, usize::MAX] {
        check(move || {
            let (client, server) = client(spooling(1_000));
            log_safely(&client, &server, 700);
            let failing = spawn(7, move || Disk.fail(failures));
            join([0, 1, 2].map(|shard| super::producer(&client, shard, 1)));
            join([failing]);
            assert!(client.flush_blocking(LONG).is_complete());
            assert_eq!(server.numbers().len(), 4);
            end(&client);
        });
    }
}

#[test]
fn every_caller_returns_when_the_system_has_no_thread() {
    check(|| {
        let (client, _server) = client(spooling(1_000));
        client.handle().driver().stop();
        client.handle().driver().refuse(1);
        join([0, 1, 2].map(|shard| super::producer(&client, shard, 1)));
        assert_eq!(close(&client).pending, 0);
        assert_accounted(&client, 3);
        end(&client);
    });
}

#[test]
fn every_caller_returns_when_the_worker_gives_up() {
    check(|| {
        let (client, server) = client(spooling(1_000));
        client.handle().intake().trips.store(3, Ordering::SeqCst);
        join(producers::<3>(&client, &server, 1));
        assert_eq!(close(&client).pending, 0);
        assert_accounted(&client, 3);
        end(&client);
    });
}

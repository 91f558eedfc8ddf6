//! Workers whose driver is stopped, and their successors.

use shuttle::thread::JoinHandle;

use super::{
    LONG, POLICIES, assert_in_order, check, check_often, client, close, end, join, log, options, producer,
    settled, spawn,
};
use crate::{Client, DropPolicy};

/// Starts a thread that stops the client's driver.
fn stopper(client: &Client) -> JoinHandle<()> {
    let driver = client.handle().driver().clone();
    spawn(7, move || driver.stop())
}

fn wait_until_stopped_workers_are_dropped(client: &Client) {
    while !client.handle().driver().has_stopped() {
        shuttle::thread::yield_now();
    }
}

#[test]
fn a_stopped_worker_is_replaced_by_the_next_log_call() {
    check_often(5, || {
        let (client, server) = client(options(1, DropPolicy::Newest));
        let stopping = client.clone();
        let stop = spawn(7, move || {
            stopping.handle().driver().stop();
            wait_until_stopped_workers_are_dropped(&stopping);
            log(&stopping, 700);
        });
        let producers = [producer(&client, 0, 1), producer(&client, 1, 2)];
        server.wait_until(|numbers| numbers.contains(&700));
        join(producers);
        join([stop]);
        assert_eq!(close(&client).pending, 0);
        assert_in_order(&server.numbers());
        assert!(client.handle().driver().spawned() <= 2);
        assert_eq!(settled(&client).logged, 4);
        end(&client);
    });
}

#[test]
fn what_is_logged_after_a_stop_is_delivered_by_the_next_worker() {
    for policy in POLICIES {
        check(move || {
            let (client, server) = client(options(2, policy));
            let stopping = client.clone();
            let after = spawn(6, move || {
                stopping.handle().driver().stop();
                log(&stopping, 600);
                let report = stopping.flush_blocking(LONG);
                assert_eq!(report.pending, 0, "{report:?}");
            });
            join([producer(&client, 0, 2), producer(&client, 1, 1)]);
            join([after]);
            assert_eq!(close(&client).pending, 0);
            let (metrics, numbers) = (settled(&client), server.numbers());
            assert!(numbers.contains(&600), "{numbers:?}");
            assert_in_order(&numbers);
            // Requests in flight with the first worker may have arrived.
            assert!(metrics.logged == 4 && metrics.logs_sent <= numbers.len() as u64, "{metrics:?}");
            end(&client);
        });
    }
}

#[test]
fn a_flush_reports_what_the_stopped_worker_held() {
    check_often(2, || {
        let (client, _server) = client(options(2, DropPolicy::Newest));
        join([producer(&client, 0, 2), producer(&client, 1, 1)]);
        client.handle().driver().stop();
        let report = client.flush_blocking(LONG);
        assert_eq!((report.delivered + report.lost, report.pending), (3, 0), "{report:?}");
        let _ = settled(&client);
        end(&client);
    });
}

#[test]
fn a_close_reports_what_the_stopped_worker_held() {
    check_often(2, || {
        let (client, _server) = client(options(2, DropPolicy::Newest));
        join([producer(&client, 0, 2), producer(&client, 1, 1)]);
        let flushing = client.clone();
        let flush = spawn(2, move || flushing.flush_blocking(LONG));
        client.handle().driver().stop();
        let report = close(&client);
        assert_eq!((report.delivered + report.lost, report.pending), (3, 0), "{report:?}");
        let _ = settled(&client);
        join([flush]);
        end(&client);
    });
}

#[test]
fn a_close_whose_worker_is_stopped_leaves_nothing_pending() {
    check_often(2, || {
        let (client, _server) = client(options(2, DropPolicy::Newest));
        join([producer(&client, 0, 2), producer(&client, 1, 1)]);
        let stop = stopper(&client);
        let report = close(&client);
        assert_eq!((report.delivered + report.lost, report.pending), (3, 0), "{report:?}");
        let _ = settled(&client);
        join([stop]);
        end(&client);
    });
}

#[test]
fn a_close_counts_each_entry_when_the_worker_is_stopped_while_others_log() {
    for policy in POLICIES {
        check(move || {
            let (client, server) = client(options(2, policy).max_buffer_size(2));
            let stop = stopper(&client);
            let producers = [producer(&client, 0, 2), producer(&client, 1, 1)];
            close(&client);
            join(producers);
            assert_eq!(settled(&client).logged, 3);
            assert_in_order(&server.numbers());
            join([stop]);
            end(&client);
        });
    }
}

#[test]
fn a_close_ends_with_the_worker_that_a_log_call_has_started_meanwhile() {
    check_often(30, || {
        let (client, _server) = client(options(1_000, DropPolicy::Newest));
        let producers = [producer(&client, 0, 2), producer(&client, 1, 2)];
        let stop = stopper(&client);
        let report = close(&client);
        assert_eq!(report.pending, 0, "{report:?}");
        join(producers);
        join([stop]);
        assert_eq!(settled(&client).logged, 4);
        end(&client);
    });
}

#[test]
fn a_worker_that_does_not_wait_for_the_one_before_it_misses_no_entry() {
    check_often(2, || {
        let (client, server) = client(options(1, DropPolicy::Newest));
        client.handle().driver().fire_timeouts();
        let stopping = client.clone();
        let stop = spawn(7, move || {
            stopping.handle().driver().stop();
            log(&stopping, 700);
            wait_until_stopped_workers_are_dropped(&stopping);
            log(&stopping, 701);
        });
        join([producer(&client, 0, 2), producer(&client, 1, 1)]);
        server.wait_until(|numbers| numbers.contains(&700) && numbers.contains(&701));
        join([stop]);
        close(&client);
        wait_until_stopped_workers_are_dropped(&client);
        assert_in_order(&server.numbers());
        assert_eq!(settled(&client).logged, 5);
        end(&client);
    });
}

#[test]
fn a_report_beside_a_stopped_worker_has_the_counters() {
    check_often(2, || {
        let (client, server) = client(options(1, DropPolicy::Newest));
        client.handle().driver().fire_timeouts();
        server.make_unavailable();
        join([producer(&client, 0, 1)]);
        client.handle().driver().stop();
        join([producer(&client, 1, 1)]);
        let stop = stopper(&client);
        server.make_available();
        let report = close(&client);
        assert_eq!(report.delivered + report.lost + report.pending, 2, "{report:?}");
        join([stop]);
        wait_until_stopped_workers_are_dropped(&client);
        assert_eq!(settled(&client).logged, 2);
        end(&client);
    });
}

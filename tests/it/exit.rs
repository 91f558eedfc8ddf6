//! Clients that are never dropped deliver when the process ends.

use std::{
    mem, process,
    sync::OnceLock,
    time::{Duration, Instant},
};

use logtide_client::Client;
use logtide_devserver::{DevServer, Fault};
use logtide_tests::{
    entries::assert_stored_once,
    program,
    setup::{NEVER, client, memory_client, options},
};
use logtide_transport::{MemoryTransport, Reply};

#[test]
fn a_client_in_a_static_delivers_when_main_returns() {
    assert_delivers("exit::a_program_with_a_client_in_a_static", 50);
}

#[test]
fn a_leaked_client_delivers_when_main_returns() {
    assert_delivers("exit::a_program_that_leaks_its_client", 50);
}

#[test]
fn clients_deliver_after_process_exit() {
    assert_delivers("exit::a_program_that_exits", 100);
}

#[test]
fn a_forgotten_guard_delivers() {
    assert_delivers("exit::a_program_that_forgets_its_guard", 50);
}

#[test]
fn a_forked_child_delivers_its_own_at_its_exit() {
    assert_delivers("exit::a_program_that_forks", 100);
}

fn assert_delivers(program: &str, entries: u64) {
    let server = DevServer::start().expect("the server starts");
    program::run(&mut program::program(program, &server));
    assert_stored_once(&server, 0..entries);
}

/// Runs in a separate process.
#[test]
fn a_program_with_a_client_in_a_static() {
    static CLIENT: OnceLock<Client> = OnceLock::new();
    let Some(options) = program::options() else { return };
    log(CLIENT.get_or_init(|| client(options.flush_interval(NEVER))), 0..50);
}

/// Runs in a separate process.
#[test]
fn a_program_that_leaks_its_client() {
    let Some(options) = program::options() else { return };
    let client = client(options.flush_interval(NEVER));
    log(&client, 0..50);
    mem::forget(client);
}

/// Runs in a separate process. One of three clients is already closed.
#[test]
fn a_program_that_exits() {
    let Some(options) = program::options() else { return };
    let clients = [(); 3].map(|()| client(options.clone().flush_interval(NEVER)));
    log(&clients[0], 0..30);
    assert!(clients[0].close_blocking(NEVER).is_complete());
    log(&clients[1], 30..60);
    log(&clients[2], 60..100);
    process::exit(0);
}

/// Runs in a separate process.
#[test]
fn a_program_that_forgets_its_guard() {
    let Some(options) = program::options() else { return };
    let guard = logtide_client::init(options.flush_interval(NEVER)).expect("there is no other client");
    log(guard.client(), 0..50);
    mem::forget(guard);
}

/// Runs in a separate process. The parent delivers what is pending at the fork.
#[test]
fn a_program_that_forks() {
    let Some(options) = program::options() else { return };
    let client = client(options.flush_interval(NEVER));
    log(&client, 0..50);
    #[cfg(target_os = "linux")]
    match fork::fork().expect("the fork succeeds") {
        fork::Fork::Child => {
            log(&client, 50..100);
            process::exit(0);
        }
        fork::Fork::Parent(child) => assert_eq!(fork::waitpid(child).expect("the child ends"), 0),
    }
    process::exit(0);
}

/// The time limit of `close` for each client of the program below.
const SHUTDOWN: Duration = Duration::from_secs(3);

#[test]
fn clients_that_cannot_deliver_share_the_time_they_hold_the_exit() {
    let server = DevServer::start().expect("the server starts");
    server.chaos(Fault::Hang).always();
    let start = Instant::now();
    program::run(&mut program::program("exit::a_program_that_cannot_deliver", &server));
    let took = start.elapsed();
    assert!((SHUTDOWN..2 * SHUTDOWN).contains(&took), "{took:?}");
}

/// Runs in a separate process. Clients that were dropped or have nothing pending cause no delay.
#[test]
fn a_program_that_cannot_deliver() {
    let Some(real) = program::options() else { return };
    for client in [(); 3].map(|()| client(real.clone().shutdown_timeout(SHUTDOWN))) {
        log(&client, 0..1);
        mem::forget(client);
    }
    let hangs = MemoryTransport::new();
    hangs.push(Reply::hang());
    let dropped = memory_client(&hangs, options("http://localhost").shutdown_timeout(Duration::ZERO));
    log(&dropped, 0..1);
    drop(dropped);
    mem::forget(client(real.shutdown_timeout(NEVER)));
}

fn log(client: &Client, ids: std::ops::Range<u64>) {
    for id in ids {
        client.info("svc", "hello", [("id", id)]);
    }
}

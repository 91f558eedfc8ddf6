//! Entries that outlive their process.

use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use logtide_client::{Client, ClientOptions, Durability};
use logtide_tests::{
    entries,
    setup::{TIMEOUT, options, wait_until},
};
use logtide_transport::{ErrorKind, Exchange, MemoryTransport, Request, Transport, TransportError};

/// A server that can be switched off.
#[derive(Clone, Debug, Default)]
struct Switch {
    is_up: Arc<AtomicBool>,
    server: MemoryTransport,
}

impl Transport for Switch {
    fn exchange(&self, request: Request) -> Exchange {
        if self.is_up.load(Ordering::SeqCst) {
            return self.server.exchange(request);
        }
        Box::pin(async { Err(TransportError::new(ErrorKind::Connect, "the server is away")) })
    }
}

impl Switch {
    fn up() -> Self {
        let switch = Self::default();
        switch.set(true);
        switch
    }

    fn set(&self, is_up: bool) {
        self.is_up.store(is_up, Ordering::SeqCst);
    }

    fn ids(&self) -> Vec<u64> {
        let requests = self.server.requests();
        let logs = requests.iter().flat_map(|request| entries::of_body(&request.body));
        entries::ids(&logs.collect::<Vec<_>>())
    }
}

/// A directory that is removed after the test.
struct Dir(PathBuf);

impl Dir {
    fn new(name: &str) -> Self {
        let dir = std::env::temp_dir().join(format!("logtide-spool-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        Self(dir)
    }

    fn options(&self) -> ClientOptions {
        options("http://localhost").spool(&self.0)
    }

    fn files(&self) -> usize {
        let folders = std::fs::read_dir(&self.0).into_iter().flatten().flatten();
        let files =
            folders.flat_map(|folder| std::fs::read_dir(folder.path()).into_iter().flatten().flatten());
        files.filter(|file| file.path().extension().is_some_and(|extension| extension == "spool")).count()
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn client(switch: &Switch, options: ClientOptions) -> Client {
    Client::with_transport(options, Arc::new(switch.clone())).expect("the options work")
}

fn log(client: &Client, ids: std::ops::Range<u64>) {
    for id in ids {
        client.info("svc", "spooled", [("id", id)]);
    }
}

#[test]
fn what_one_client_leaves_the_next_delivers() {
    let (dir, switch) = (Dir::new("restart"), Switch::default());
    let first = client(&switch, dir.options());
    log(&first, 0..2_500);
    let began = Instant::now();
    let report = first.close_blocking(TIMEOUT);
    assert_eq!((report.delivered, report.lost, report.pending, report.spooled), (0, 0, 0, 2_500));
    assert!(began.elapsed() < TIMEOUT / 2, "it ends when all is in files");
    let metrics = first.metrics();
    assert_eq!((metrics.logged, metrics.spooled, metrics.pending), (2_500, 2_500, 0));
    assert!(dir.files() > 0);

    switch.set(true);
    let next = client(&switch, dir.options());
    let report = next.close_blocking(TIMEOUT);
    assert!(report.is_complete(), "{report}");
    assert_eq!(switch.ids(), (0..2_500).collect::<Vec<_>>());
    assert_eq!((next.metrics().recovered.delivered, next.metrics().logged, dir.files()), (2_500, 0, 0));
}

#[test]
fn a_synced_entry_is_in_a_file_when_its_call_returns() {
    let (dir, switch) = (Dir::new("always"), Switch::default());
    let client = client(&switch, dir.options().durability(Durability::Always));
    for id in 0..20 {
        log(&client, id..id + 1);
        let metrics = client.metrics();
        assert_eq!((metrics.spooled, metrics.pending), (id + 1, 0), "{metrics}");
    }
    std::thread::scope(|scope| {
        for thread in 1..9 {
            let client = &client;
            scope.spawn(move || log(client, thread * 100..thread * 100 + 20));
        }
    });
    assert_eq!(client.metrics().spooled, 180);
    switch.set(true);
    client.flush_blocking(TIMEOUT);
    wait_until("everything is delivered", || client.metrics().logs_sent == 180);
    client.close_blocking(TIMEOUT);
    assert_eq!((dir.files(), switch.ids().into_iter().collect::<BTreeSet<_>>().len()), (0, 180));
}

#[test]
fn two_clients_on_one_directory_have_folders_of_their_own() {
    let (dir, switch) = (Dir::new("two"), Switch::default());
    let clients = [0, 1].map(|_| client(&switch, dir.options().durability(Durability::Always)));
    log(&clients[0], 0..10);
    log(&clients[1], 10..20);
    for client in &clients {
        assert_eq!(client.close_blocking(TIMEOUT).spooled, 10);
    }
    assert!(dir.0.join("1").is_dir() && dir.0.join("2").is_dir());
    switch.set(true);
    let report = client(&switch, dir.options()).close_blocking(TIMEOUT);
    assert!(report.is_complete());
    assert_eq!((switch.ids().into_iter().collect::<BTreeSet<_>>().len(), dir.files()), (20, 0));
}

#[test]
fn a_burst_beyond_the_buffer_is_not_lost() {
    let (dir, switch) = (Dir::new("burst"), Switch::up());
    let client = client(&switch, dir.options().max_buffer_size(1_000));
    log(&client, 0..30_000);
    let report = client.close_blocking(TIMEOUT);
    assert_eq!((report.lost, report.delivered + report.spooled), (0, 30_000), "{report}");
}

#[test]
fn a_directory_that_cannot_be_used_keeps_entries_in_memory() {
    let (dir, switch) = (Dir::new("unusable"), Switch::up());
    std::fs::write(&dir.0, "a file").expect("it can be written");
    let client = client(&switch, dir.options().durability(Durability::Always));
    log(&client, 0..10);
    let report = client.close_blocking(TIMEOUT);
    assert_eq!((report.delivered, report.lost), (10, 0));
    assert!(client.metrics().last_error.is_some_and(|error| error.contains("spool")));
    std::fs::remove_file(&dir.0).expect("it is there");
}

#[test]
fn entries_that_wait_are_written_after_a_while() {
    let (dir, switch) = (Dir::new("every"), Switch::up());
    let client = client(&switch, dir.options().durability(Durability::Every(Duration::from_millis(5))));
    log(&client, 0..10);
    wait_until("they are written", || client.metrics().spooled == 10);
    assert_eq!(dir.files(), 1);
    assert!(client.close_blocking(TIMEOUT).is_complete());
    assert_eq!((dir.files(), switch.ids().len()), (0, 10));
}

#[test]
fn without_a_spool_nothing_is_left_for_the_next_client() {
    let switch = Switch::default();
    let first = client(&switch, options("http://localhost"));
    log(&first, 0..10);
    assert_eq!(first.close_blocking(Duration::from_millis(10)).lost, 10);
    switch.set(true);
    assert!(client(&switch, options("http://localhost")).close_blocking(TIMEOUT).is_complete());
    assert!(switch.ids().is_empty());
}

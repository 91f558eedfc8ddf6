//! `logtide dev` as a user runs it.
#![cfg(unix)]

use std::{
    env, fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

const DEADLINE: Duration = Duration::from_secs(20);

/// A running server, which is stopped when it is dropped.
struct Server {
    process: Child,
    address: SocketAddr,
    /// The output until the server was ready.
    greeting: String,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let mut process = logtide(arguments).spawn().expect("the command starts");
        let mut out = BufReader::new(process.stdout.take().expect("a pipe"));
        let mut greeting = String::new();
        while !greeting.contains("Store  ") {
            assert_ne!(out.read_line(&mut greeting).expect("text"), 0, "it ended: {greeting}");
        }
        let page = greeting.lines().find_map(|line| line.strip_prefix("Page   http://")).expect("an address");
        let address = page.trim_end_matches('/').parse().expect("an address");
        Self { process, address, greeting }
    }

    fn dsn(&self) -> &str {
        self.greeting.lines().find_map(|line| line.strip_prefix("DSN    ")).expect("a DSN")
    }

    fn key(&self) -> &str {
        self.greeting.lines().find_map(|line| line.strip_prefix("Key    ")).expect("a key")
    }

    /// Sends entries and returns the status of the response, or 0 if the connection breaks.
    fn send(&self, count: usize) -> u16 {
        let entry = r#"{"service":"s","level":"info","message":"m","time":"2026-01-01T00:00:00Z"}"#;
        let body = format!(r#"{{"logs":[{}]}}"#, vec![entry; count].join(","));
        let head = format!(
            "POST /api/v1/ingest HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
            self.key(),
            body.len()
        );
        status(self.address, &format!("{head}Connection: close\r\n\r\n{body}"))
    }

    fn get(&self, path: &str) -> u16 {
        let key = self.key();
        let head = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {key}\r\n");
        status(self.address, &format!("{head}Connection: close\r\n\r\n"))
    }

    /// Sends a signal, and returns the exit code and standard error.
    fn end(mut self, signal: &str) -> (Option<i32>, String) {
        let pid = self.process.id().to_string();
        let sent = Command::new("sh").args(["-c", "kill -s \"$0\" \"$1\"", signal, &pid]).status();
        assert!(sent.expect("a shell").success());
        let mut said = String::new();
        self.process.stderr.take().expect("a pipe").read_to_string(&mut said).expect("text");
        (self.process.wait().expect("an exit code").code(), said)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended = self.process.kill();
        let _reaped = self.process.wait();
    }
}

fn logtide(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_logtide"));
    for name in ["LOGTIDE_DSN", "LOGTIDE_API_URL", "LOGTIDE_API_KEY"] {
        command.env_remove(name);
    }
    command.arg("dev").args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs a command that ends by itself.
fn run(arguments: &[&str]) -> (Option<i32>, String) {
    let Output { status, stderr, .. } = logtide(arguments).output().expect("the command starts");
    (status.code(), String::from_utf8(stderr).expect("text"))
}

fn status(address: SocketAddr, request: &str) -> u16 {
    let mut stream = TcpStream::connect(address).expect("the server listens");
    stream.set_read_timeout(Some(DEADLINE)).expect("a timeout can be set");
    stream.write_all(request.as_bytes()).expect("the request is sent");
    let mut line = String::new();
    let _reset = BufReader::new(stream).read_line(&mut line);
    line.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

#[test]
fn it_says_how_to_reach_it_and_what_it_stored() {
    let server = Server::start(&["--port", "0"]);
    assert!(server.address.ip().is_loopback());
    assert_eq!(server.dsn(), format!("http://{}@{}", server.key(), server.address));
    assert!(server.key().starts_with("lp_"), "{}", server.greeting);
    assert_eq!([server.send(3), server.get("/"), server.get("/api/v1/logs")], [200; 3]);
    let (code, said) = server.end("INT");
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("stored 3 entries and 0 spans in memory"), "{said}");
}

#[test]
fn a_file_keeps_entries_between_runs_with_a_key_of_ones_own() {
    let file = env::temp_dir().join(format!("logtide-dev-{}.db", std::process::id()));
    let arguments = ["--port", "0", "--db", file.to_str().expect("a path"), "--key", "lp_own"];
    let first = Server::start(&arguments);
    assert_eq!((first.key(), first.send(2)), ("lp_own", 200));
    assert!(first.dsn().starts_with("http://lp_own@127.0.0.1:"), "{}", first.dsn());
    assert!(first.end("TERM").1.contains("stored 2 entries"));
    let second = Server::start(&arguments);
    assert!(second.greeting.contains("(2 entries)"), "{}", second.greeting);
    assert_eq!(second.send(1), 200);
    assert!(second.end("INT").1.contains("stored 1 entry and"), "entries of earlier runs are not counted");
    for ending in ["", "-wal", "-shm"] {
        let _absent = fs::remove_file(format!("{}{ending}", file.display()));
    }
}

#[test]
fn failures_happen_as_often_and_where_they_are_asked_for() {
    let server =
        Server::start(&["--port", "0", "--chaos", "503 2 times", "--chaos", "reset 1 time on reads"]);
    assert_eq!(server.get("/api/v1/logs"), 0);
    assert_eq!(server.get("/api/v1/logs"), 200);
    assert_eq!([(); 3].map(|()| server.send(1)), [503, 503, 200]);
    assert!(server.end("INT").1.contains("stored 1 entry"));
}

#[test]
fn what_cannot_be_done_is_said_in_a_sentence() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let folder = env::temp_dir();
    let folder = folder.to_str().expect("a path");
    let missing = format!("{folder}/no/such/folder/file.db");
    for (arguments, code, hint) in [
        (&["--port", port.as_str()][..], 3, "choose another with --port"),
        (&["--port", "0", "--db", folder], 2, "is a folder"),
        (&["--port", "0", "--db", &missing], 3, "cannot open"),
        (&["--port", "0", "--key", "ä b"], 2, "letters, digits"),
        (&["--port", "0", "--chaos", "melt"], 2, "unknown failure 'melt'"),
        (&["--port", "70000"], 2, "--port"),
    ] {
        let (ended, said) = run(arguments);
        assert_eq!(ended, Some(code), "{arguments:?}: {said}");
        assert!(said.contains(hint), "{arguments:?}: {said}");
        assert!(!said.contains("panicked"), "{said}");
    }
}

#[test]
fn nobody_has_to_read_what_it_prints() {
    let mut server = Server::start(&["--port", "0"]);
    drop(server.process.stderr.take());
    assert_eq!(server.send(1), 200);
    let pid = server.process.id().to_string();
    let sent = Command::new("sh").args(["-c", "kill -s INT \"$0\"", &pid]).status();
    assert!(sent.expect("a shell").success());
    assert_eq!(server.process.wait().expect("an exit code").code(), Some(0));
}

#[test]
fn the_help_has_the_failures_and_examples() {
    let output = logtide(&["--help"]).output().expect("the command starts");
    let help = String::from_utf8(output.stdout).expect("text");
    for part in ["--chaos '503 for 30s'", "lost-answer", "--open", "Examples:", "on reads"] {
        assert!(help.contains(part), "{part}: {help}");
    }
}

//! A server with entries, and the command with its own environment.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Command, Output, Stdio},
    time::Duration,
};

use logtide_devserver::DevServer;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::running::Running;

/// The time limit for what a test waits for.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);

/// The command, with nothing of the environment of the test.
pub(crate) struct Logtide {
    command: Command,
    home: TempDir,
}

/// The output and exit code of a command.
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Logtide {
    /// Creates a command with these arguments, separated by spaces, and without a server.
    pub(crate) fn new(arguments: &str) -> Self {
        let home = tempfile::tempdir().expect("there is a place for temporary files");
        let mut command = Command::new(env!("CARGO_BIN_EXE_logtide"));
        command.args(arguments.split_whitespace()).env_clear();
        command.env("HOME", home.path()).env("TZ", "<+01>-1").env("COLUMNS", "100");
        command.env("PATH", "/usr/local/bin:/usr/bin:/bin");
        Self { command, home }
    }

    /// Creates a command with a server and its key.
    pub(crate) fn with(server: &DevServer, arguments: &str) -> Self {
        Self::at(server.url(), server.api_key(), arguments)
    }

    pub(crate) fn at(url: &str, key: &str, arguments: &str) -> Self {
        Self::new(arguments).env("LOGTIDE_API_URL", url).env("LOGTIDE_API_KEY", key)
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<Path>) -> Self {
        self.command.env(name, value.as_ref());
        self
    }

    pub(crate) fn arg(mut self, argument: &str) -> Self {
        self.command.arg(argument);
        self
    }

    /// Runs the command until it ends.
    pub(crate) fn run(self) -> Done {
        self.start().end()
    }

    /// Runs the command, and fails unless it succeeds with nothing on standard error.
    pub(crate) fn output(self) -> String {
        let done = self.run();
        assert_eq!((done.code, &*done.stderr), (0, ""), "{}", done.stdout);
        done.stdout
    }

    pub(crate) fn start(mut self) -> Running {
        self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Running::start(self.command, self.home)
    }

    /// Returns the parts, for tests that redirect the output.
    #[cfg(unix)]
    pub(crate) fn into_parts(self) -> (Command, TempDir) {
        (self.command, self.home)
    }
}

impl From<Output> for Done {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the output is UTF-8");
        Self {
            code: output.status.code().expect("no signal ends the command"),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

/// Starts a server with entries, `(time, level, service, message, metadata)`.
pub(crate) fn server_with(entries: &[Value]) -> DevServer {
    let server = DevServer::start().expect("the server starts");
    ingest(&server, entries);
    server
}

/// Returns an entry of service `api` on 22 November 2026, at this time in UTC.
pub(crate) fn entry(time: &str, level: &str, message: &str, metadata: Value) -> Value {
    json!({"time": format!("2026-11-22T{time}Z"), "service": "api", "level": level, "message": message, "metadata": metadata})
}

/// Stores entries.
pub(crate) fn ingest(server: &DevServer, entries: &[Value]) {
    for batch in entries.chunks(1_000) {
        let body = json!({ "logs": batch }).to_string();
        let mut stream = TcpStream::connect(server.address()).expect("the server listens");
        stream.set_read_timeout(Some(DEADLINE)).expect("a timeout can be set");
        let head = format!(
            "POST /api/v1/ingest HTTP/1.1\r\nHost: test\r\nX-API-Key: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            server.api_key(),
            body.len()
        );
        stream.write_all(&[head.as_bytes(), body.as_bytes()].concat()).expect("the server reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the server answers");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}

/// The day of all these entries.
pub(crate) const DAY: &str = "--since 2026-11-22T00:00:00Z --to 2026-11-23T00:00:00Z";

//! `logtide dev`: a local server with a page.

mod chaos;
mod database;
mod summary;

use std::{
    io::{self, Write as _},
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    process::ExitCode,
};

use clap::Args;
use logtide_devserver::{DevServer, KeyKind};

use self::{chaos::Disturbance, summary::Summary};
use crate::failure::Failure;

/// Runs a local server for development, with a page to search and follow entries.
///
/// The server behaves like a LogTide server, and listens on this machine only. It prints
/// its address, its key and a DSN for programs; open the address in a browser to see entries and traces.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES, after_long_help = LONG_HELP)]
pub(crate) struct Dev {
    /// Port of 127.0.0.1 to listen on; 0 selects a free one.
    #[arg(long, default_value_t = 8080, value_name = "PORT")]
    port: u16,

    /// File to store entries in, created if missing; without it, entries are in memory and lost when the server ends.
    #[arg(long, value_name = "FILE")]
    db: Option<PathBuf>,

    /// API key for programs; by default a random one for this run.
    #[arg(long, env = "LOGTIDE_API_KEY", hide_env_values = true, value_name = "KEY")]
    key: Option<String>,

    /// Failure to simulate, such as '503 for 30s'; can be repeated.
    #[arg(long, value_name = "FAILURE", value_parser = chaos::parse)]
    chaos: Vec<Disturbance>,

    /// Opens the page in the browser.
    #[arg(long)]
    open: bool,
}

const EXAMPLES: &str = "\
Examples:
  logtide dev --open
  logtide dev --port 9000 --db logs.db --key lp_local
  logtide dev --chaos '503 for 30s' --chaos '5% reset'

Run `logtide dev --help` for the failures that --chaos takes.";

const LONG_HELP: &str = "\
Failures:
  STATUS        answer with this status, such as 503; 429 says to retry after 1 second
  hang          never answer
  reset         reset the connection, store nothing
  lost-answer   store the entries, then reset the connection
  quota         answer 429 as a used-up monthly quota does, without Retry-After
  slow TIME     answer later, by such as 250ms or 2s

  Each may have:
  20%                before it: at random, to this share of requests
  3 times            to the next requests, as many as this
  for TIME           for this long, such as 500ms, 30s, 5m or 1h; then requests succeed again
  after TIME         not before this long after the start
  on reads           to reads instead of sends; or `on logs`, `on spans`, `on all`

Examples:
  logtide dev --open
  logtide dev --port 9000 --db logs.db --key lp_local
  logtide dev --chaos '503 for 30s'
  logtide dev --chaos '429 3 times' --chaos '20% reset after 1m' --chaos 'slow 2s on reads'
  logtide dev --chaos 'hang for 10s after 5s'

  In another terminal, with the DSN that was printed:
  export LOGTIDE_DSN=http://lp_…@127.0.0.1:8080
  my-app | logtide send --service my-app";

impl Dev {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure::new(Failure::ACCESS, error))?;
        // Listens for signals before it prints the address, so that no signal after that is missed.
        let interrupted = {
            let _inside = runtime.enter();
            interruption().map_err(|error| Failure::new(Failure::ACCESS, error))?
        };
        let server = self.start()?;
        let summary = Summary::begin(&server);
        // The reader of the address may have exited: the server runs anyway.
        let _gone = self.greet(&server);
        if self.open
            && let Err(error) = open::that_detached(page(&server))
        {
            print_line(&format!("cannot open a browser: {error}"));
        }
        runtime.block_on(interrupted);
        summary.report(server, self.db.as_deref());
        Ok(ExitCode::SUCCESS)
    }

    fn start(&self) -> Result<DevServer, Failure> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let mut builder =
            DevServer::builder().address(address).database(database::choose(self.db.as_deref())?);
        if let Some(key) = &self.key {
            if !database::is_key(key) {
                let sentence =
                    "the key may have letters, digits, `-`, `_`, `.` and `~`, so that it can be in a DSN";
                return Err(Failure::new(Failure::USAGE, sentence));
            }
            builder = builder.api_key(key, KeyKind::Full);
        }
        let server = builder.start().map_err(|error| database::failure(&error, self))?;
        for disturbance in &self.chaos {
            disturbance.install(&server);
        }
        Ok(server)
    }

    /// Prints the server's address, and how programs reach it.
    fn greet(&self, server: &DevServer) -> io::Result<()> {
        let mut out = io::stdout().lock();
        let dsn = dsn(server);
        writeln!(out, "Page   {}", page(server))?;
        writeln!(out, "Key    {}", server.api_key())?;
        writeln!(out, "DSN    {dsn}")?;
        match &self.db {
            Some(file) => writeln!(out, "Store  {} ({} entries)", file.display(), server.stored_count())?,
            None => writeln!(out, "Store  memory, until this command ends (keep it with --db FILE)")?,
        }
        for disturbance in &self.chaos {
            writeln!(out, "Chaos  {disturbance}")?;
        }
        out.flush()?;
        print_line("Press Ctrl+C to end.");
        Ok(())
    }
}

fn page(server: &DevServer) -> String {
    format!("{}/", server.url())
}

/// Returns address and key as one value, for `LOGTIDE_DSN`.
fn dsn(server: &DevServer) -> String {
    format!("http://{}@{}", server.api_key(), server.address())
}

fn print_line(sentence: &str) {
    // Standard error may be closed.
    let _gone = writeln!(io::stderr(), "{sentence}");
}

/// Returns a future that completes on SIGINT or SIGTERM, or on Ctrl+C on Windows.
#[cfg(unix)]
fn interruption() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn interruption() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ended = tokio::signal::ctrl_c().await;
    })
}

//! `logtide send`.

mod counts;
mod files;
mod follow;
mod format;
mod joiner;
mod lines;
mod meta;
mod options;
mod outage;
mod parsed;
mod position_tracker;
mod reporter;
mod session;
mod sink;
mod state;
mod stdin;
mod stop;
mod summary;

use logtide_client::integration::Integration;
use std::{
    io::{self, IsTerminal as _},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use clap::{Args, builder::RangedU64ValueParser};
use logtide::{Level, Metadata, Pairs};
use logtide_core::{Head, Id};

use self::{
    counts::Counts,
    follow::Positions,
    format::{Format, Zone},
    meta::Meta,
    outage::Outage,
    position_tracker::PositionTracker,
    reporter::Reporter,
    session::Session,
    sink::{Input, Sink},
    stop::Stop,
};
use crate::{
    connection::{self, Connection},
    failure::Failure,
};

/// The default service of entries.
const SERVICE: &str = "cli";

const EXAMPLES: &str = "\
Examples:
  logtide send \"deploy done\" --service ci --meta version=1.2.3
  my-app 2>&1 | logtide send --service my-app --tee
  logtide send --follow '/var/log/app/*.log'
  logtide send --file old.log --zone local

Lines of JSON and logfmt are parsed: level, message, time, trace and span are found under their usual names,
and everything else becomes metadata. Other lines are sent unchanged, with the level and time that they start
with. The lines of a stack trace become one entry.

When the server is slow or unreachable, reading pauses and nothing is lost. SIGINT and SIGTERM deliver what
was read, within --shutdown-timeout; a second one ends the command at once. Secrets in metadata, such as
password=, are not sent unless --no-redaction is given.

Exit codes: 0 everything is delivered, or kept in the spool; 1 something is not; 2 the command line is
invalid; 3 the server rejects the key; 4 the server cannot be reached; 130 ended by a second signal.";

/// Sends entries: from arguments, standard input or files.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Send {
    /// The message of one entry; without it and without files, standard input is read.
    message: Option<String>,

    /// Service of the entries. Default: the service in the line, the name of the file, or `cli`.
    #[arg(short, long, env = "LOGTIDE_SERVICE", value_name = "NAME")]
    service: Option<String>,

    /// Level of entries without one: debug, info, warn, error or critical.
    #[arg(short, long, default_value = "info", value_name = "LEVEL", value_parser = level)]
    level: Level,

    /// Metadata of every entry; can be repeated.
    #[arg(short, long, value_name = "KEY=VALUE")]
    meta: Vec<Meta>,

    /// Trace of the entry in the arguments.
    #[arg(long, value_name = "ID", requires = "message")]
    trace_id: Option<String>,

    /// Span of the entry in the arguments.
    #[arg(long, value_name = "ID", requires = "message")]
    span_id: Option<String>,

    /// Files to read once, from start to end.
    #[arg(long, num_args = 1.., value_name = "FILE", conflicts_with_all = ["message", "follow"], help_heading = "Input")]
    file: Vec<PathBuf>,

    /// Files to follow, across rotation; quoted patterns such as '/var/log/*.log' also find new files.
    #[arg(long, num_args = 1.., value_name = "FILE", conflicts_with = "message", help_heading = "Input")]
    follow: Vec<PathBuf>,

    /// File that records how far the followed files were sent. Default: in the user's state folder.
    #[arg(long, value_name = "FILE", requires = "follow", help_heading = "Input")]
    state: Option<PathBuf>,

    /// Skip what followed files contain at the first start.
    #[arg(long, requires = "follow", help_heading = "Input")]
    from_end: bool,

    /// Format of the lines.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", help_heading = "Input")]
    format: Format,

    /// Zone of times without one: local, utc or an offset such as +02:00. Without this option such times are ignored.
    #[arg(long, value_name = "ZONE", help_heading = "Input")]
    zone: Option<Zone>,

    /// Make every line an entry, including the lines of stack traces.
    #[arg(long, help_heading = "Input")]
    no_join: bool,

    /// Maximum length of a line in bytes, 1,024 to 1,048,576; longer lines are cut.
    #[arg(long, default_value_t = 256 * 1024, value_name = "BYTES", value_parser = RangedU64ValueParser::<usize>::new().range(1_024..=1_048_576), help_heading = "Input")]
    max_line: usize,

    /// Copy standard input to standard output.
    #[arg(long, conflicts_with_all = ["message", "file", "follow"], help_heading = "Input")]
    tee: bool,

    /// Folder that keeps undelivered entries, also after this command ends. A crash loses at most the last second.
    #[arg(long, value_name = "DIR", help_heading = "Delivery")]
    spool: Option<PathBuf>,

    /// Seconds to deliver the rest after SIGINT or SIGTERM.
    #[arg(long, default_value = "10", value_name = "SECONDS", value_parser = seconds, help_heading = "Delivery")]
    shutdown_timeout: Duration,

    /// Seconds to wait for an unreachable server at the end of the input. Default: 10 for one entry and with a spool, else 60.
    #[arg(long, value_name = "SECONDS", value_parser = seconds, help_heading = "Delivery")]
    give_up_after: Option<Duration>,

    /// Send metadata whose key names a secret unchanged.
    #[arg(long, help_heading = "Delivery")]
    no_redaction: bool,

    /// Print only why something was not delivered.
    #[arg(short, long)]
    quiet: bool,
}

impl Send {
    pub(crate) fn run(self, connection: &Connection) -> Result<ExitCode, Failure> {
        let reads_stdin = self.message.is_none() && self.file.is_empty() && self.follow.is_empty();
        if reads_stdin && io::stdin().is_terminal() {
            let sentence =
                "there is nothing to send: give a message, pipe something in, or use --file or --follow";
            return Err(Failure::new(Failure::USAGE, sentence));
        }
        let files = files::open(&self.file)?;
        let session = self.session(connection)?;
        let Self { message, trace_id, span_id, follow, tee, from_end, .. } = self;
        if let Some(message) = message {
            return session.run(move |sink, _| {
                let mut head = Head::new(sink.level, sink.service.as_deref().unwrap_or(SERVICE));
                head.ids.trace_id = trace_id.as_deref().map(Id::Text);
                head.ids.span_id = span_id.as_deref().map(Id::Text);
                Integration::of(&sink.client).submit(&head, &message, ());
                Ok(true)
            });
        }
        if !files.is_empty() {
            return session.run(move |sink, stop| files::read(sink, files, stop).map_err(cannot_read));
        }
        if let Some(positions) = session.positions.clone() {
            let reporter = session.reporter.clone();
            return session.run(move |sink, stop| {
                follow::follow(sink, &reporter, &positions, &follow, from_end, stop);
                Ok(true)
            });
        }
        session.run(move |sink, stop| {
            let mut input = Input::new(sink, SERVICE.to_owned(), 0, 0);
            stdin::read(&mut input, stop, tee).map(|()| true).map_err(cannot_read)
        })
    }

    fn session(&self, connection: &Connection) -> Result<Session, Failure> {
        let is_single = self.message.is_some();
        let reporter = Arc::new(Reporter::new(self.quiet, self.tee));
        let outage = Arc::new(Outage::new(reporter.clone(), !is_single));
        let metadata = Metadata::from_fields(Pairs(self.meta.iter().map(|meta| (&meta.key, &meta.value))));
        let base = connection.options()?;
        let options = options::options(
            base,
            outage.clone(),
            metadata,
            self.spool.as_deref(),
            self.max_line,
            !self.no_redaction,
        );
        let client = connection::client(options)?;
        let positions = if self.follow.is_empty() {
            None
        } else {
            let path =
                state::path(self.state.clone(), &self.follow, Integration::of(&client).endpoint().url())?;
            Some(Arc::new(Positions::open(path)?))
        };
        let stop = Stop::install().map_err(|error| Failure::new(Failure::PARTIAL, error))?;
        let sink = Sink {
            client,
            counts: Counts::default(),
            tracker: positions.is_some().then(PositionTracker::default),
            format: self.format,
            zone: self.zone.unwrap_or_default(),
            level: self.level,
            service: self.service.clone(),
            joins: !self.no_join,
            max_line: self.max_line,
        };
        let is_short = is_single || self.spool.is_some();
        let give_up_after = if is_short { Duration::from_secs(10) } else { Duration::from_secs(60) };
        Ok(Session {
            sink: Arc::new(sink),
            stop: Arc::new(stop),
            reporter,
            outage,
            positions,
            has_spool: self.spool.is_some(),
            started: Instant::now(),
            shutdown_timeout: self.shutdown_timeout,
            give_up_after: self.give_up_after.unwrap_or(give_up_after),
            tells_success: !is_single || io::stderr().is_terminal(),
        })
    }
}

fn cannot_read(error: io::Error) -> String {
    format!("cannot read the input: {error}")
}

fn level(text: &str) -> Result<Level, &'static str> {
    format::level_of_word(text).ok_or("use debug, info, warn, error or critical")
}

fn seconds(text: &str) -> Result<Duration, &'static str> {
    let number = text.strip_suffix('s').unwrap_or(text).parse().ok();
    let duration = number.and_then(|number| Duration::try_from_secs_f64(number).ok());
    duration
        .filter(|duration| *duration <= Duration::from_secs(86_400))
        .ok_or("use a number of seconds, at most 86400")
}

//! `logtide tail`.

mod connectivity;
mod gap;

use std::{process::ExitCode, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use clap::Args;
use logtide::{LogStream, StreamError, StreamOptions};
use tokio::time::{Instant, interval_at};

use self::connectivity::Connectivity;
use crate::{
    connection::Connection,
    failure::{Failure, say},
    filters::Filters,
    output::{Mark, Output, OutputOptions},
    stop::StopSignal,
    terminal::Terminal,
    times,
};

/// How often to check that the output still has a reader while there is nothing to write.
const READER_CHECK: Duration = Duration::from_secs(1);

const EXAMPLES: &str = "\
Examples:
  logtide tail                                     everything, as it is logged
  logtide tail --service api --level warn          warnings and above of one service
  logtide tail --since 10m --metadata tenant=acme  the last ten minutes, then live
  logtide tail --trace 4bf92f3577b34da6a3ce929d0e0e4736
  logtide tail --output json | jq .message

Every entry is shown once, including those logged while the server was unreachable.
Ctrl-C ends the command with code 0.";

/// Shows entries as they are logged.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{}", times::TIMES))]
pub(crate) struct Tail {
    #[command(flatten)]
    filters: Filters,

    /// Starts with the entries since this time, such as `10m` or `today`
    #[arg(long, value_name = "TIME", value_parser = times::parse, help_heading = "Time")]
    since: Option<DateTime<Utc>>,

    /// How late an entry may arrive at the server and still be shown, at most 24h
    #[arg(long, value_name = "DURATION", value_parser = times::parse_duration, default_value = "30s", help_heading = "Time")]
    lookback: Duration,

    /// Shows the server's stream directly: sooner, but entries can be missing in bursts and outages
    #[arg(long, conflicts_with_all = ["since", "lookback"], help_heading = "Time")]
    plain: bool,

    #[command(flatten)]
    output: OutputOptions,
}

impl Tail {
    pub(crate) fn run(self, connection: &Connection, terminal: Terminal) -> Result<ExitCode, Failure> {
        let client = connection.client()?;
        let output = Output::new(self.output, terminal);
        let signal = StopSignal::listen()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        let connectivity = Arc::new(Connectivity::default());
        let stream = client.stream(self.options(&connectivity));
        runtime.block_on(follow(stream, &self.filters, output, &connectivity, signal))?;
        Ok(ExitCode::SUCCESS)
    }

    fn options(&self, connectivity: &Arc<Connectivity>) -> StreamOptions {
        let connectivity = connectivity.clone();
        let mut options =
            self.filters.stream(StreamOptions::new()).on_event(move |event| connectivity.record(event));
        if !self.plain {
            options = options.complete(self.lookback);
        }
        match self.since {
            Some(time) => options.from_time(time),
            None => options,
        }
    }
}

/// Writes entries until a signal arrives, the output has no reader, or the stream ends.
async fn follow(
    mut stream: LogStream,
    filters: &Filters,
    mut output: Output,
    connectivity: &Connectivity,
    mut signal: StopSignal,
) -> Result<(), Failure> {
    let mut reader_check = interval_at(Instant::now() + READER_CHECK, READER_CHECK);
    let mut is_flushed = true;
    loop {
        let item = tokio::select! {
            biased;
            () = signal.requested() => break,
            item = stream.next() => item,
            // Flushes only if no further entry is ready.
            () = std::future::ready(()), if !is_flushed => {
                output.flush()?;
                is_flushed = true;
                continue;
            }
            _ = reader_check.tick() => {
                output.check_reader()?;
                continue;
            }
        };
        match item {
            Some(Ok(record)) => {
                connectivity.entry_read();
                if filters.matches(&record) {
                    output.entry(&record, Mark::None)?;
                    is_flushed = false;
                }
            }
            Some(Err(StreamError::Gap(gap))) => {
                output.flush()?;
                say(gap::sentence(&gap));
            }
            Some(Err(StreamError::Unreachable(cause))) if connectivity.was_connected() => {
                connectivity.failed(&cause);
            }
            Some(Err(error)) => {
                output.flush()?;
                return Err(error.into());
            }
            None => break,
        }
    }
    output.flush()
}

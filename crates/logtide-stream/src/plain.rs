//! Plain mode: entries are handed out as the server streams them.

mod burst;

use std::time::Duration;

use logtide_query::LogRecord;
use tokio::time::{Instant, timeout_at};

use self::burst::Burst;
use crate::{
    Gap, GapCause, StreamError, StreamEvent, StreamOptions,
    event_source::{EventSource, Signal},
    sink::{Closed, Sink},
};

/// How long entries wait for the heartbeat that ends their burst. A burst comes newest first and is sorted as a whole.
const MAX_WAIT: Duration = Duration::from_millis(250);

/// Hands out the streamed entries, until a final error.
pub(crate) struct Plain {
    source: EventSource,
    options: StreamOptions,
    sink: Sink,
    burst: Burst,
    hand_out_at: Option<Instant>,
    has_connected: bool,
    interruption: Option<Interruption>,
    /// The consumer knows that the server cannot be reached.
    has_reported: bool,
}

/// A time without a connection.
#[derive(Clone, Copy, Debug)]
struct Interruption {
    /// The time of the last entry before which nothing is missing, in milliseconds since 1970.
    from: Option<i64>,
}

impl Plain {
    pub(crate) fn new(source: EventSource, options: StreamOptions, sink: Sink) -> Self {
        Self {
            source,
            options,
            sink,
            burst: Burst::default(),
            hand_out_at: None,
            has_connected: false,
            interruption: None,
            has_reported: false,
        }
    }

    /// Runs until a final error, which it returns.
    ///
    /// # Errors
    ///
    /// The consumer is gone.
    pub(crate) async fn run(mut self) -> Result<StreamError, Closed> {
        loop {
            let signal = match self.hand_out_at {
                Some(at) => timeout_at(at, self.source.next()).await,
                None => Ok(self.source.next().await),
            };
            match signal {
                Err(_) => self.hand_out().await?,
                Ok(Ok(signal)) => self.handle(signal).await?,
                Ok(Err(error)) => {
                    self.hand_out().await?;
                    return Ok(error);
                }
            }
        }
    }

    async fn handle(&mut self, signal: Signal) -> Result<(), Closed> {
        match signal {
            Signal::Connected(time) => {
                self.options.emit(StreamEvent::Connected);
                self.has_connected = true;
                if let Some(Interruption { from }) = self.interruption.take() {
                    self.report(Gap::new(GapCause::Interruption, from, time)).await?;
                }
            }
            Signal::Log(json) => match LogRecord::from_json(&json) {
                Ok(record) => {
                    self.burst.add(record, |record| self.options.matches(record));
                    self.hand_out_at.get_or_insert_with(|| Instant::now() + MAX_WAIT);
                }
                Err(_) => self.report_unreadable().await?,
            },
            Signal::Heartbeat => {
                if let Some(gap) = self.burst.end() {
                    self.report(gap).await?;
                }
                self.hand_out().await?;
            }
            Signal::Unreadable => self.report_unreadable().await?,
            Signal::Disconnected { cause, retry_in } => {
                self.hand_out().await?;
                // A burst comes newest first, so the oldest entries of an unfinished one are missing.
                let from = self.burst.newest();
                self.burst.end();
                self.options.emit(StreamEvent::Disconnected { cause: &cause, retry_in });
                if self.has_connected {
                    self.interruption.get_or_insert(Interruption { from });
                } else if !std::mem::replace(&mut self.has_reported, true) {
                    self.sink.send(Err(StreamError::Unreachable(cause))).await?;
                }
            }
        }
        Ok(())
    }

    async fn report_unreadable(&mut self) -> Result<(), Closed> {
        self.report(Gap::new(GapCause::Unreadable, self.burst.newest(), None)).await
    }

    async fn hand_out(&mut self) -> Result<(), Closed> {
        self.hand_out_at = None;
        self.sink.send_all(self.burst.take()).await
    }

    async fn report(&mut self, gap: Gap) -> Result<(), Closed> {
        self.sink.send(Err(gap.into())).await
    }
}

#[cfg(test)]
mod tests;

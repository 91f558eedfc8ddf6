//! The stream as the server gives it.

mod burst;

use std::time::Duration;

use logtide_query::LogRecord;
use tokio::time::{Instant, timeout_at};

use self::burst::Burst;
use crate::{
    Gap, GapCause, StreamError, StreamEvent, StreamOptions,
    link::{Link, Signal},
    outlet::{Closed, Outlet},
};

/// How long entries wait for the heartbeat that ends what the server says at once. They come newest first, and are put
/// in order.
const PATIENCE: Duration = Duration::from_millis(250);

/// Hands out what comes over the link, until there is a final error.
pub(crate) struct Plain {
    link: Link,
    options: StreamOptions,
    outlet: Outlet,
    burst: Burst,
    hand_out_at: Option<Instant>,
    connected: bool,
    interruption: Option<Interruption>,
    warned: bool,
}

/// A time without a connection.
#[derive(Clone, Copy, Debug)]
struct Interruption {
    /// Time of the last entry that was surely sent with all before it, in milliseconds since 1970.
    from: Option<i64>,
}

impl Plain {
    pub(crate) fn new(link: Link, options: StreamOptions, outlet: Outlet) -> Self {
        Self {
            link,
            options,
            outlet,
            burst: Burst::default(),
            hand_out_at: None,
            connected: false,
            interruption: None,
            warned: false,
        }
    }

    /// # Errors
    ///
    /// Nobody takes the entries any more.
    pub(crate) async fn run(mut self) -> Result<StreamError, Closed> {
        loop {
            let signal = match self.hand_out_at {
                Some(at) => timeout_at(at, self.link.next()).await,
                None => Ok(self.link.next().await),
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
                self.options.tell(StreamEvent::Connected);
                self.connected = true;
                if let Some(Interruption { from }) = self.interruption.take() {
                    self.notice(Gap::new(GapCause::Interruption, from, time)).await?;
                }
            }
            Signal::Log(json) => match LogRecord::from_json(&json) {
                Ok(record) => {
                    self.burst.add(record, |record| self.options.wants(record));
                    self.hand_out_at.get_or_insert_with(|| Instant::now() + PATIENCE);
                }
                Err(_) => self.unreadable().await?,
            },
            Signal::Heartbeat => {
                if let Some(gap) = self.burst.end() {
                    self.notice(gap).await?;
                }
                self.hand_out().await?;
            }
            Signal::Unreadable => self.unreadable().await?,
            Signal::Lost { cause, retry_in } => {
                self.hand_out().await?;
                // The newest come first: of what the server was about to say the oldest are missing.
                let from = self.burst.newest();
                self.burst.end();
                self.options.tell(StreamEvent::Disconnected { cause: &cause, retry_in });
                if self.connected {
                    self.interruption.get_or_insert(Interruption { from });
                }
                if !self.connected && !std::mem::replace(&mut self.warned, true) {
                    self.outlet.send(Err(StreamError::Unreachable(cause))).await?;
                }
            }
        }
        Ok(())
    }

    async fn unreadable(&mut self) -> Result<(), Closed> {
        self.notice(Gap::new(GapCause::Unreadable, self.burst.newest(), None)).await
    }

    async fn hand_out(&mut self) -> Result<(), Closed> {
        self.hand_out_at = None;
        self.outlet.send_all(self.burst.take()).await
    }

    async fn notice(&mut self, gap: Gap) -> Result<(), Closed> {
        self.outlet.send(Err(gap.into())).await
    }
}

#[cfg(test)]
mod tests;

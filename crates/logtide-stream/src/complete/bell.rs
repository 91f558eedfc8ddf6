//! The stream as a sign that there is something to read.

use tokio::sync::watch;

use crate::{
    StreamError, StreamEvent, StreamOptions,
    clock::ServerClock,
    link::{Link, Signal},
    outlet::{Closed, Outlet},
};

/// What the bell has told so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rung {
    /// How often there was something new.
    pub(super) news: u64,
    /// How many connections there were.
    pub(super) connections: u64,
    /// The server's clock, if it told it.
    pub(super) clock: Option<ServerClock>,
}

pub(super) fn new() -> (watch::Sender<Rung>, watch::Receiver<Rung>) {
    watch::channel(Rung::default())
}

/// Rings the bell for what comes over the link.
pub(super) struct Ringer {
    link: Link,
    bell: watch::Sender<Rung>,
    options: StreamOptions,
    outlet: Outlet,
    warned: bool,
}

impl Ringer {
    pub(super) fn new(link: Link, bell: watch::Sender<Rung>, options: StreamOptions, outlet: Outlet) -> Self {
        Self { link, bell, options, outlet, warned: false }
    }

    /// # Errors
    ///
    /// Nobody takes the entries any more.
    pub(super) async fn run(mut self) -> Result<StreamError, Closed> {
        loop {
            match self.link.next().await {
                Ok(Signal::Connected(time)) => {
                    self.warned = true;
                    self.options.tell(StreamEvent::Connected);
                    self.bell.send_modify(|rung| {
                        rung.connections += 1;
                        rung.clock = time.map(ServerClock::told).or(rung.clock);
                    });
                }
                Ok(Signal::Log(_) | Signal::Unreadable) => self.bell.send_modify(|rung| rung.news += 1),
                Ok(Signal::Heartbeat) => {}
                Ok(Signal::Lost { cause, retry_in }) => {
                    self.options.tell(StreamEvent::Disconnected { cause: &cause, retry_in });
                    if !std::mem::replace(&mut self.warned, true) {
                        self.outlet.send(Err(StreamError::Unreachable(cause))).await?;
                    }
                }
                Err(error) => return Ok(error),
            }
        }
    }
}

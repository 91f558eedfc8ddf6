//! The stream as a sign that there is something to read.

use std::{sync::Arc, time::Duration};

use tokio::sync::{Notify, watch};

use crate::{
    StreamError, StreamEvent, StreamOptions,
    clock::ServerClock,
    link::{Link, Signal},
    outlet::{Closed, Outlet},
    race::race,
};

/// How long the server's greeting may be on its way.
const GREETING: Duration = Duration::from_secs(5);

/// What the bell has told so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rung {
    /// How often there was something new.
    pub(super) news: u64,
    /// How many connections there were.
    pub(super) connections: u64,
    /// The server's clock, if it told it.
    pub(super) clock: Option<ServerClock>,
    /// How often the clock turned out to have been set back.
    pub(super) set_back: u64,
}

/// Whoever hears the bell may doubt what it told of the server's clock: then there is a new connection, which tells it anew.
pub(super) type Doubt = Arc<Notify>;

pub(super) fn new() -> (watch::Sender<Rung>, watch::Receiver<Rung>) {
    watch::channel(Rung::default())
}

/// Rings the bell for what comes over the link.
pub(super) struct Ringer {
    link: Link,
    bell: watch::Sender<Rung>,
    doubt: Doubt,
    options: StreamOptions,
    outlet: Outlet,
    warned: bool,
}

impl Ringer {
    pub(super) fn new(
        link: Link,
        bell: watch::Sender<Rung>,
        doubt: Doubt,
        options: StreamOptions,
        outlet: Outlet,
    ) -> Self {
        Self { link, bell, doubt, options, outlet, warned: false }
    }

    /// # Errors
    ///
    /// Nobody takes the entries any more.
    pub(super) async fn run(mut self) -> Result<StreamError, Closed> {
        loop {
            let doubted = async {
                self.doubt.notified().await;
                None
            };
            let Some(signal) = race(doubted, async { Some(self.link.next().await) }).await else {
                self.link.renew();
                continue;
            };
            match signal {
                Ok(Signal::Connected(time)) => {
                    self.warned = true;
                    self.options.tell(StreamEvent::Connected);
                    self.bell.send_modify(|rung| {
                        rung.connections += 1;
                        let told = time.map(|time| ServerClock::told(time, GREETING));
                        if let (Some(before), Some(now)) = (rung.clock, told)
                            && now.now_at_most() < before.now()
                        {
                            rung.set_back += 1;
                        }
                        rung.clock = told.or(rung.clock);
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

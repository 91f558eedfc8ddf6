//! The stream as a wake-up signal.

use std::{sync::Arc, time::Duration};

use tokio::sync::{Notify, watch};

use crate::{
    StreamError, StreamEvent, StreamOptions,
    clock::ServerClock,
    event_source::{EventSource, Signal},
    race::race,
    sink::{Closed, Sink},
};

/// The longest time that the server's first event can take to arrive, for the upper bound of its clock.
const MAX_CONNECTED_DELAY: Duration = Duration::from_secs(5);

/// What the stream has reported so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct StreamStatus {
    /// How often it reported a new entry.
    pub(super) updates: u64,
    /// How many connections were established.
    pub(super) connections: u64,
    /// The server's clock, if the server sent its time.
    pub(super) clock: Option<ServerClock>,
    /// How often the clock was found to be set back.
    pub(super) set_back: u64,
}

/// Requests a new connection because the server's clock may have been set: the first event of a connection carries its time.
pub(super) type ClockSuspicion = Arc<Notify>;

/// Creates the channel on which the notifier publishes the status.
pub(super) fn channel() -> (watch::Sender<StreamStatus>, watch::Receiver<StreamStatus>) {
    watch::channel(StreamStatus::default())
}

/// Keeps the connection to the stream and publishes its status.
pub(super) struct Notifier {
    source: EventSource,
    status: watch::Sender<StreamStatus>,
    suspicion: ClockSuspicion,
    options: StreamOptions,
    sink: Sink,
    /// The consumer knows whether the server can be reached.
    has_reported: bool,
}

impl Notifier {
    pub(super) fn new(
        source: EventSource,
        status: watch::Sender<StreamStatus>,
        suspicion: ClockSuspicion,
        options: StreamOptions,
        sink: Sink,
    ) -> Self {
        Self { source, status, suspicion, options, sink, has_reported: false }
    }

    /// Runs until a final error, which it returns.
    ///
    /// # Errors
    ///
    /// The consumer is gone.
    pub(super) async fn run(mut self) -> Result<StreamError, Closed> {
        loop {
            let suspected = async {
                self.suspicion.notified().await;
                None
            };
            let Some(signal) = race(suspected, async { Some(self.source.next().await) }).await else {
                self.source.reconnect();
                continue;
            };
            match signal {
                Ok(Signal::Connected(time)) => {
                    self.has_reported = true;
                    self.options.emit(StreamEvent::Connected);
                    self.status.send_modify(|status| status.connected(time));
                }
                Ok(Signal::Log(_) | Signal::Unreadable) => {
                    self.status.send_modify(|status| status.updates += 1);
                }
                Ok(Signal::Heartbeat) => {}
                Ok(Signal::Disconnected { cause, retry_in }) => {
                    self.options.emit(StreamEvent::Disconnected { cause: &cause, retry_in });
                    if !std::mem::replace(&mut self.has_reported, true) {
                        self.sink.send(Err(StreamError::Unreachable(cause))).await?;
                    }
                }
                Err(error) => return Ok(error),
            }
        }
    }
}

impl StreamStatus {
    /// Counts a connection that began at this time of the server, in milliseconds since 1970.
    fn connected(&mut self, time: Option<i64>) {
        self.connections += 1;
        let clock = time.map(|time| ServerClock::observed(time, MAX_CONNECTED_DELAY));
        if let (Some(before), Some(now)) = (self.clock, clock)
            && now.now_at_most() < before.now()
        {
            self.set_back += 1;
        }
        self.clock = clock.or(self.clock);
    }
}

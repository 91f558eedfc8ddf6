//! The connection to the server's stream, again and again.

mod opening;
mod patience;

use std::{collections::VecDeque, pin::Pin, sync::Arc, time::Duration};

use logtide_query::QueryError;
use logtide_transport::{Body, ErrorKind, Request, Transport, TransportError};
use tokio::time::{Instant, sleep_until, timeout_at};

use self::{
    opening::{Failure, open},
    patience::Patience,
};
use crate::{Decoder, Frame, StreamError, StreamOptions, message::Message};

/// A time that can be added to any other.
const LONGEST_SILENCE: Duration = Duration::from_secs(365 * 24 * 3_600);

/// Keeps a connection to the stream, and says what comes over it.
pub(crate) struct Link {
    transport: Arc<dyn Transport>,
    request: Request,
    heartbeat_timeout: Duration,
    patience: Patience,
    state: State,
    /// There was a connection, so that there is a LogTide server.
    has_stood: bool,
    signals: VecDeque<Signal>,
}

/// What happens on the connection.
#[derive(Debug)]
pub(crate) enum Signal {
    /// The server has begun to stream; with its time in milliseconds since 1970 if it told it.
    Connected(Option<i64>),
    /// An entry as JSON.
    Log(Box<str>),
    /// The end of what the server had to say for now.
    Heartbeat,
    /// An event that was too long, or cannot be read.
    Unreadable,
    /// There is no connection now. It is made anew after this time.
    Lost { cause: QueryError, retry_in: Duration },
}

enum State {
    Waiting(Instant),
    Opening(Pin<Box<dyn Future<Output = Result<Body, Failure>> + Send>>),
    Open(Connection),
}

struct Connection {
    body: Body,
    decoder: Decoder,
    /// When the server was heard last.
    heard: Instant,
}

impl Link {
    /// Follows the stream that a request asks for. Its timeout covers the head of each answer.
    pub(crate) fn new(transport: Arc<dyn Transport>, request: Request, options: &StreamOptions) -> Self {
        Self {
            transport,
            request,
            heartbeat_timeout: options.heartbeat_timeout.min(LONGEST_SILENCE),
            patience: Patience::new(options.reconnect_delay, options.max_reconnect_delay),
            state: State::Waiting(Instant::now()),
            has_stood: false,
            signals: VecDeque::new(),
        }
    }

    /// Waits for the next thing that happens. A wait that is given up loses nothing.
    ///
    /// # Errors
    ///
    /// A final one: trying again would give the same.
    pub(crate) async fn next(&mut self) -> Result<Signal, StreamError> {
        loop {
            if let Some(signal) = self.signals.pop_front() {
                return Ok(signal);
            }
            match &mut self.state {
                State::Waiting(until) => {
                    sleep_until(*until).await;
                    self.request.refresh();
                    self.state = State::Opening(Box::pin(open(self.transport.clone(), self.request.clone())));
                }
                State::Opening(opening) => match opening.await {
                    Ok(body) => {
                        self.patience.succeeded();
                        self.has_stood = true;
                        let decoder = Decoder::new(Decoder::MAX_EVENT_BYTES);
                        self.state = State::Open(Connection { body, decoder, heard: Instant::now() });
                    }
                    Err(Failure::Foreign(cause)) if self.has_stood => return Ok(self.lose(cause)),
                    Err(Failure::Passing(cause)) => return Ok(self.lose(cause)),
                    Err(Failure::Final(error) | Failure::Foreign(error)) => {
                        return Err(StreamError::Refused(error));
                    }
                },
                State::Open(connection) => {
                    let silent_at = connection.heard + self.heartbeat_timeout;
                    let lost = match timeout_at(silent_at, connection.body.chunk()).await {
                        Ok(Some(Ok(bytes))) => {
                            connection.heard = Instant::now();
                            connection.decoder.decode(&bytes, |frame| self.signals.extend(signal(frame)));
                            continue;
                        }
                        Ok(Some(Err(error))) => error,
                        Ok(None) => TransportError::new(ErrorKind::Io, "the server ended the stream"),
                        Err(_) => {
                            let silence = format!("no heartbeat for {:?}", self.heartbeat_timeout);
                            TransportError::new(ErrorKind::Timeout, silence)
                        }
                    };
                    return Ok(self.lose(lost.into()));
                }
            }
        }
    }

    /// Gives the connection up that stands, for a new one.
    pub(crate) fn renew(&mut self) {
        if matches!(self.state, State::Open(_)) {
            self.state = State::Waiting(Instant::now() + self.patience.delay());
        }
    }

    fn lose(&mut self, cause: QueryError) -> Signal {
        let retry_in = self.patience.delay().max(cause.retry_after().unwrap_or_default());
        self.state = State::Waiting(Instant::now() + retry_in);
        Signal::Lost { cause, retry_in }
    }
}

fn signal(frame: Frame<'_>) -> Option<Signal> {
    match frame {
        Frame::Comment(_) => Some(Signal::Heartbeat),
        // The server sends no retry times, and delays are the program's choice.
        Frame::Retry(_) => None,
        Frame::Oversized { .. } => Some(Signal::Unreadable),
        Frame::Event(event) => match Message::read(event.data) {
            Ok(Message::Connected(time)) => Some(Signal::Connected(time)),
            Ok(Message::Log(json)) => Some(Signal::Log(json)),
            Ok(Message::Other) => None,
            Err(_) => Some(Signal::Unreadable),
        },
    }
}

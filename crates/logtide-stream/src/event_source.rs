//! The connection to the server's event stream, which is re-established when it breaks.

mod connect;

use std::{collections::VecDeque, pin::Pin, sync::Arc, time::Duration};

use logtide_query::QueryError;
use logtide_transport::{Body, ErrorKind, Request, Transport, TransportError};
use tokio::time::{Instant, sleep_until, timeout_at};

use self::connect::{ConnectError, connect};
use crate::{Decoder, Frame, StreamError, StreamOptions, backoff::ReconnectBackoff, message::Message};

/// The upper bound of the heartbeat timeout: it can be added to any instant.
const MAX_SILENCE: Duration = Duration::from_secs(365 * 24 * 3_600);

/// Keeps a connection to the stream and gives what arrives.
pub(crate) struct EventSource {
    transport: Arc<dyn Transport>,
    request: Request,
    heartbeat_timeout: Duration,
    backoff: ReconnectBackoff,
    state: State,
    /// A connection was established before, so the address is that of a LogTide server.
    has_connected: bool,
    signals: VecDeque<Signal>,
}

/// What happens on the connection.
#[derive(Debug)]
pub(crate) enum Signal {
    /// The server has started to stream, at this time of its clock in milliseconds since 1970, if it sent the time.
    Connected(Option<i64>),
    /// An entry as JSON.
    Log(Box<str>),
    /// The server has sent everything that is new.
    Heartbeat,
    /// An event that was too long or could not be decoded.
    Unreadable,
    /// There is no connection. The next attempt follows after this time.
    Disconnected { cause: QueryError, retry_in: Duration },
}

enum State {
    Waiting(Instant),
    Connecting(Pin<Box<dyn Future<Output = Result<Body, ConnectError>> + Send>>),
    Open(Connection),
}

struct Connection {
    body: Body,
    decoder: Decoder,
    /// When bytes arrived last.
    last_received: Instant,
}

impl EventSource {
    /// Follows the stream that a request asks for. The timeout of the request applies to the head of each answer.
    pub(crate) fn new(transport: Arc<dyn Transport>, request: Request, options: &StreamOptions) -> Self {
        Self {
            transport,
            request,
            heartbeat_timeout: options.heartbeat_timeout.min(MAX_SILENCE),
            backoff: ReconnectBackoff::new(options.reconnect_delay, options.max_reconnect_delay),
            state: State::Waiting(Instant::now()),
            has_connected: false,
            signals: VecDeque::new(),
        }
    }

    /// Waits for the next signal. Cancel safe: no signal is lost when the future is dropped.
    ///
    /// # Errors
    ///
    /// A final error, which a new attempt would give again.
    pub(crate) async fn next(&mut self) -> Result<Signal, StreamError> {
        loop {
            if let Some(signal) = self.signals.pop_front() {
                return Ok(signal);
            }
            match &mut self.state {
                State::Waiting(until) => {
                    sleep_until(*until).await;
                    self.request.refresh();
                    let connecting = connect(self.transport.clone(), self.request.clone());
                    self.state = State::Connecting(Box::pin(connecting));
                }
                State::Connecting(connecting) => match connecting.await {
                    Ok(body) => {
                        self.backoff.connected();
                        self.has_connected = true;
                        let decoder = Decoder::new(Decoder::MAX_EVENT_BYTES);
                        self.state = State::Open(Connection { body, decoder, last_received: Instant::now() });
                    }
                    Err(ConnectError::NotLogTide(cause)) if self.has_connected => {
                        return Ok(self.disconnected(cause));
                    }
                    Err(ConnectError::Transient(cause)) => return Ok(self.disconnected(cause)),
                    Err(ConnectError::Permanent(error) | ConnectError::NotLogTide(error)) => {
                        return Err(StreamError::Refused(error));
                    }
                },
                State::Open(connection) => {
                    let deadline = connection.last_received + self.heartbeat_timeout;
                    let cause = match timeout_at(deadline, connection.body.chunk()).await {
                        Ok(Some(Ok(bytes))) => {
                            connection.last_received = Instant::now();
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
                    return Ok(self.disconnected(cause.into()));
                }
            }
        }
    }

    /// Closes an open connection and opens a new one.
    pub(crate) fn reconnect(&mut self) {
        if matches!(self.state, State::Open(_)) {
            self.state = State::Waiting(Instant::now() + self.backoff.delay());
        }
    }

    fn disconnected(&mut self, cause: QueryError) -> Signal {
        let retry_in = self.backoff.delay().max(cause.retry_after().unwrap_or_default());
        self.state = State::Waiting(Instant::now() + retry_in);
        Signal::Disconnected { cause, retry_in }
    }
}

fn signal(frame: Frame<'_>) -> Option<Signal> {
    match frame {
        Frame::Comment(_) => Some(Signal::Heartbeat),
        // The server sends no retry times, and the options decide the delays.
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

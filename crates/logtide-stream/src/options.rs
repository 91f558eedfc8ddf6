//! What to follow, and how.

use std::{fmt, sync::Arc, time::Duration};

use logtide_core::{Level, Timestamp};
use logtide_query::LogRecord;

use crate::{StreamError, StreamEvent};

const MAX_LOOKBACK: Duration = Duration::from_secs(24 * 3_600);
const DEFAULT_CATCH_UP: Duration = Duration::from_secs(3_600);
const DEFAULT_BUFFER: usize = 1_000;
const DEFAULT_HEARTBEAT_TIMEOUT: Duration = Duration::from_secs(15);
const DEFAULT_RECONNECT_DELAY: Duration = Duration::from_millis(500);
const DEFAULT_MAX_RECONNECT_DELAY: Duration = Duration::from_secs(30);

type OnEvent = Arc<dyn Fn(StreamEvent<'_>) + Send + Sync>;

/// What [`StreamClient::stream`](crate::StreamClient::stream) follows.
///
/// Values of one kind are alternatives; different kinds must all match.
///
/// ```
/// use std::time::Duration;
///
/// use logtide_core::Level;
/// use logtide_stream::StreamOptions;
///
/// let errors = StreamOptions::new().service("api").level(Level::Error).level(Level::Critical);
/// let everything = StreamOptions::new().complete(Duration::from_secs(30));
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct StreamOptions {
    pub(crate) services: Vec<String>,
    pub(crate) levels: Vec<Level>,
    pub(crate) lookback: Option<Duration>,
    pub(crate) from: Option<Timestamp>,
    pub(crate) max_catch_up: Duration,
    pub(crate) buffer: usize,
    pub(crate) heartbeat_timeout: Duration,
    pub(crate) reconnect_delay: Duration,
    pub(crate) max_reconnect_delay: Duration,
    pub(crate) on_event: Option<OnEvent>,
}

impl StreamOptions {
    /// Follows everything, as the server streams it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a service; several are alternatives.
    #[must_use]
    pub fn service(mut self, service: impl Into<String>) -> Self {
        self.services.push(service.into());
        self
    }

    /// Adds several services.
    #[must_use]
    pub fn services(mut self, services: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.services.extend(services.into_iter().map(Into::into));
        self
    }

    /// Adds a level; several are alternatives.
    #[must_use]
    pub fn level(mut self, level: Level) -> Self {
        self.levels.push(level);
        self
    }

    /// Adds several levels.
    #[must_use]
    pub fn levels(mut self, levels: impl IntoIterator<Item = Level>) -> Self {
        self.levels.extend(levels);
        self
    }

    /// Leaves nothing out: the stream only tells that there is something new, and the entries are read with queries.
    ///
    /// The server's stream alone gives at most 100 entries a second, nothing that was logged while there was no
    /// connection, and no entry that is older than one it has sent. In this mode each entry is handed out exactly once,
    /// all of them if they arrive at the server at most `lookback` after the time they carry. That time covers the flush
    /// interval and the retries of whoever logs, and how far clocks are apart; 30 s is a good start. What is handed out
    /// together is in the order of time; an entry that arrives late comes as soon as it is found, which takes at most
    /// about 5 s, or 30 s where there is very much to read.
    ///
    /// It begins with what carries the time of the call or a later one, by the server's clock; what carries an earlier time comes if it
    /// arrives after the first reading, which is made as soon as the server can be read.
    ///
    /// Every 5 s the whole window is read: a request for each 1,000 entries in it, of the server's 1,000 requests a minute.
    /// So let the window be as short as it may. The ids of its entries are kept to know them again, at most 200,000 of
    /// them, about 10 MB; beyond that a [`Gap`](crate::Gap) says that the window is shorter. Up to 5,000 entries are held to be put in
    /// order, or about 32 MiB of them as JSON. The range is from 0 to 24 hours.
    ///
    /// Of entries whose time is still to come, because a program's clock is ahead, 20,000 are handed out at once; more of them come
    /// when their time is there.
    #[must_use]
    pub fn complete(mut self, lookback: Duration) -> Self {
        self.lookback = Some(lookback);
        self
    }

    /// Begins with the stored entries from that time on, oldest first, and goes on live. For the
    /// [`complete`](Self::complete) mode, whose [`max_catch_up`](Self::max_catch_up) does not count before all that was stored at the
    /// call is handed out. Default: with what is logged after the call.
    #[must_use]
    pub fn from_time(mut self, time: impl Into<Timestamp>) -> Self {
        self.from = Some(time.into());
        self
    }

    /// Sets how far behind the [`complete`](Self::complete) mode may fall, after an interruption or because entries are
    /// not taken, at least 1 minute. What is older is skipped, and a [`Gap`](crate::Gap) says what. Default: 1 hour.
    ///
    /// Entries that wait to be taken wait at the server, not in memory.
    #[must_use]
    pub fn max_catch_up(mut self, time: Duration) -> Self {
        self.max_catch_up = time;
        self
    }

    /// Sets how many entries are fetched before they are taken, at least 1, whatever their size. Default: 1,000.
    #[must_use]
    pub fn buffer(mut self, entries: usize) -> Self {
        self.buffer = entries;
        self
    }

    /// Sets how long the stream may be silent before the connection counts as dead. Default: 15 s.
    ///
    /// The server sends a heartbeat every second, so that it has to be a few seconds at least.
    #[must_use]
    pub fn heartbeat_timeout(mut self, timeout: Duration) -> Self {
        self.heartbeat_timeout = timeout;
        self
    }

    /// Sets the delay before the connection is made anew, at least 10 ms. Default: 500 ms.
    ///
    /// It doubles with each attempt up to the [maximum](Self::max_reconnect_delay), with jitter, and is this again after
    /// a connection that lasted a minute.
    #[must_use]
    pub fn reconnect_delay(mut self, delay: Duration) -> Self {
        self.reconnect_delay = delay;
        self
    }

    /// Sets the longest delay before the connection is made anew, at most 60 s. Default: 30 s.
    #[must_use]
    pub fn max_reconnect_delay(mut self, delay: Duration) -> Self {
        self.max_reconnect_delay = delay;
        self
    }

    /// Has a function told what happens beside the entries, on the SDK's own thread: it must not block, and what it logs
    /// with the SDK is not sent.
    #[must_use]
    pub fn on_event(mut self, hook: impl Fn(StreamEvent<'_>) + Send + Sync + 'static) -> Self {
        self.on_event = Some(Arc::new(hook));
        self
    }

    pub(crate) fn check(&self) -> Result<(), StreamError> {
        match self.lookback {
            Some(lookback) if lookback > MAX_LOOKBACK => return Err(StreamError::Lookback(lookback)),
            None if self.from.is_some() => return Err(StreamError::FromTime),
            _ => {}
        }
        match self.buffer {
            0 => Err(StreamError::Buffer),
            _ => Ok(()),
        }
    }

    /// Whether an entry is of a service and level that is followed.
    pub(crate) fn wants(&self, record: &LogRecord) -> bool {
        let service = self.services.is_empty() || self.services.contains(&record.service);
        service && (self.levels.is_empty() || self.levels.contains(&record.level))
    }

    pub(crate) fn tell(&self, event: StreamEvent<'_>) {
        if let Some(hook) = &self.on_event {
            hook(event);
        }
    }
}

impl Default for StreamOptions {
    fn default() -> Self {
        Self {
            services: Vec::new(),
            levels: Vec::new(),
            lookback: None,
            from: None,
            max_catch_up: DEFAULT_CATCH_UP,
            buffer: DEFAULT_BUFFER,
            heartbeat_timeout: DEFAULT_HEARTBEAT_TIMEOUT,
            reconnect_delay: DEFAULT_RECONNECT_DELAY,
            max_reconnect_delay: DEFAULT_MAX_RECONNECT_DELAY,
            on_event: None,
        }
    }
}

impl fmt::Debug for StreamOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("StreamOptions")
            .field("services", &self.services)
            .field("levels", &self.levels)
            .field("lookback", &self.lookback)
            .field("from", &self.from)
            .field("max_catch_up", &self.max_catch_up)
            .field("buffer", &self.buffer)
            .field("heartbeat_timeout", &self.heartbeat_timeout)
            .field("reconnect_delay", &self.reconnect_delay)
            .field("max_reconnect_delay", &self.max_reconnect_delay)
            .finish_non_exhaustive()
    }
}

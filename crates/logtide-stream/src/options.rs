//! Options of a stream.

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

/// Selects what [`StreamClient::stream`](crate::StreamClient::stream) follows, and how.
///
/// An entry matches if it has one of the services and one of the levels. Without any service or level, all match.
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
    /// Creates options that follow every entry, as the server streams it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a service to follow.
    #[must_use]
    pub fn service(mut self, service: impl Into<String>) -> Self {
        self.services.push(service.into());
        self
    }

    /// Adds services to follow.
    #[must_use]
    pub fn services(mut self, services: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.services.extend(services.into_iter().map(Into::into));
        self
    }

    /// Adds a level to follow.
    #[must_use]
    pub fn level(mut self, level: Level) -> Self {
        self.levels.push(level);
        self
    }

    /// Adds levels to follow.
    #[must_use]
    pub fn levels(mut self, levels: impl IntoIterator<Item = Level>) -> Self {
        self.levels.extend(levels);
        self
    }

    /// Enables complete mode, which misses no entry: the stream is only a wake-up signal, and entries are fetched with
    /// queries.
    ///
    /// The server's stream alone sends at most 100 entries a second. It omits what was logged while there was no
    /// connection, and every entry that is older than one it has sent. Complete mode hands out each entry exactly once,
    /// provided that it arrives at the server within `lookback` of its timestamp. Choose a window that covers the flush
    /// interval and the retries of the programs that log, and the differences of their clocks. Start with 30 s; the range
    /// is 0 to 24 hours.
    ///
    /// Entries that are handed out together are in the order of their times. A late entry follows when it is found: within
    /// about 5 s, or 30 s when there is very much to read.
    ///
    /// The stream begins with entries whose time is that of the call or later, by the server's clock. An earlier entry is
    /// handed out if it arrives after the first query.
    ///
    /// Keep the window short: every 5 s it is read as a whole, with one request for each 1,000 entries. The server allows
    /// 1,000 requests a minute. The SDK keeps the ids of up to 200,000 entries in the window, about 10 MB. With more
    /// entries the window is shortened, which a [`Gap`](crate::Gap) reports. To sort entries, up to 5,000 are held in
    /// memory, or about 32 MiB of JSON.
    ///
    /// When a program's clock is ahead, its entries have a future time. Up to 20,000 of them are handed out at once, and
    /// further ones when their time comes.
    #[must_use]
    pub fn complete(mut self, lookback: Duration) -> Self {
        self.lookback = Some(lookback);
        self
    }

    /// Starts with the stored entries from a time on, oldest first, and continues live. Default: starts with new entries.
    ///
    /// Requires the [`complete`](Self::complete) mode. Its [`max_catch_up`](Self::max_catch_up) applies only after all entries
    /// that were stored at the time of the call have been handed out.
    #[must_use]
    pub fn from_time(mut self, time: impl Into<Timestamp>) -> Self {
        self.from = Some(time.into());
        self
    }

    /// Sets how far behind the [`complete`](Self::complete) mode may fall, after an interruption or because entries are
    /// taken slowly. Default: 1 hour. At least 1 minute.
    ///
    /// Older entries are skipped, and a [`Gap`](crate::Gap) reports them. Entries that are not taken yet stay on the server,
    /// not in memory.
    #[must_use]
    pub fn max_catch_up(mut self, time: Duration) -> Self {
        self.max_catch_up = time;
        self
    }

    /// Sets how many entries are buffered for the consumer, whatever their size. Default: 1,000. At least 1.
    #[must_use]
    pub fn buffer(mut self, entries: usize) -> Self {
        self.buffer = entries;
        self
    }

    /// Sets how long the server may be silent before the connection is closed and re-established. Default: 15 s.
    ///
    /// The server sends a heartbeat every second. Set a few seconds at least.
    #[must_use]
    pub fn heartbeat_timeout(mut self, timeout: Duration) -> Self {
        self.heartbeat_timeout = timeout;
        self
    }

    /// Sets the delay before the first attempt to reconnect. Default: 500 ms. At least 10 ms.
    ///
    /// It doubles with each attempt up to the [maximum](Self::max_reconnect_delay), with jitter. A connection that lasts a
    /// minute resets it.
    #[must_use]
    pub fn reconnect_delay(mut self, delay: Duration) -> Self {
        self.reconnect_delay = delay;
        self
    }

    /// Sets the longest delay between attempts to reconnect. Default: 30 s. At most 60 s.
    #[must_use]
    pub fn max_reconnect_delay(mut self, delay: Duration) -> Self {
        self.max_reconnect_delay = delay;
        self
    }

    /// Calls a function for each event of the stream, such as a lost connection.
    ///
    /// It runs on the SDK's own thread: it must not block, and what it logs through the SDK is not sent.
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

    /// Whether an entry has a service and a level that are followed.
    pub(crate) fn matches(&self, record: &LogRecord) -> bool {
        let service = self.services.is_empty() || self.services.contains(&record.service);
        service && (self.levels.is_empty() || self.levels.contains(&record.level))
    }

    pub(crate) fn emit(&self, event: StreamEvent<'_>) {
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

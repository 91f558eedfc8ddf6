//! What was logged with a captured client.

use std::{
    fmt::Write as _,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::{Pattern, entry};
use crate::{Client, LogEntry, MemoryTransport};

/// Longer than it takes to hand entries over in memory, on a busy machine too.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What was logged with a client, made by [`capture`](super::capture).
///
/// Every method waits until what was logged before has passed through the client. Entries are in the order of their log calls. Clones share
/// their entries, and keep the client open.
#[derive(Clone, Debug)]
pub struct Captured {
    client: Client,
    transport: MemoryTransport,
    /// How many entries were taken.
    taken: Arc<Mutex<usize>>,
}

impl Captured {
    pub(super) fn new(client: Client, transport: MemoryTransport) -> Self {
        Self { client, transport, taken: Arc::default() }
    }

    /// The entries that were logged so far, without those that were [taken](Self::take).
    ///
    /// # Panics
    ///
    /// Where they do not pass through the client within 30 s.
    #[must_use]
    #[track_caller]
    pub fn entries(&self) -> Vec<LogEntry> {
        self.read(|entries, taken| entries.skip(*taken).collect())
    }

    /// As [`entries`](Self::entries), and leaves them out from then on.
    ///
    /// ```
    /// let (client, captured) = logtide::testing::capture();
    /// client.info("shop", "set up", ());
    /// captured.take();
    /// client.info("shop", "order 42 placed", ());
    /// assert_eq!(captured.entries().len(), 1);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`entries`](Self::entries).
    #[track_caller]
    pub fn take(&self) -> Vec<LogEntry> {
        self.read(|entries, taken| {
            let entries: Vec<_> = entries.skip(*taken).collect();
            *taken += entries.len();
            entries
        })
    }

    /// Asserts that at least one entry is like this: a part of a message, a level, or a [`Pattern`].
    ///
    /// # Panics
    ///
    /// Where none is, with all entries.
    #[track_caller]
    pub fn assert_logged(&self, pattern: impl Into<Pattern>) {
        let (pattern, entries) = (pattern.into(), self.entries());
        if !entries.iter().any(|entry| pattern.matches(entry)) {
            panic!("no entry with {pattern}{}", Listed(&entries));
        }
    }

    /// Asserts that no entry is like this.
    ///
    /// # Panics
    ///
    /// Where one is, with all entries.
    #[track_caller]
    pub fn assert_not_logged(&self, pattern: impl Into<Pattern>) {
        let (pattern, entries) = (pattern.into(), self.entries());
        let found: Vec<_> = entries.iter().filter(|entry| pattern.matches(entry)).collect();
        if let Some(first) = found.first() {
            panic!("an entry with {pattern}: {:?}{}", first.message, Listed(&entries));
        }
    }

    /// Asserts that so many entries are like this.
    ///
    /// ```
    /// use logtide::{Level, testing};
    ///
    /// let (client, captured) = testing::capture();
    /// client.warn("shop", "slow", ());
    /// client.warn("shop", "slow again", ());
    /// captured.assert_count(2, Level::Warn);
    /// ```
    ///
    /// # Panics
    ///
    /// Where more or fewer are, with all entries.
    #[track_caller]
    pub fn assert_count(&self, count: usize, pattern: impl Into<Pattern>) {
        let (pattern, entries) = (pattern.into(), self.entries());
        let found = entries.iter().filter(|entry| pattern.matches(entry)).count();
        if found != count {
            panic!("{found} entries instead of {count} with {pattern}{}", Listed(&entries));
        }
    }

    /// Asserts that nothing was logged.
    ///
    /// # Panics
    ///
    /// Where something was, with all entries.
    #[track_caller]
    pub fn assert_empty(&self) {
        let entries = self.entries();
        if !entries.is_empty() {
            panic!("something was logged{}", Listed(&entries));
        }
    }

    /// Reads all entries, also those that were taken, and how many these are. Nobody else takes any meanwhile.
    #[track_caller]
    fn read<R>(&self, read: impl FnOnce(&mut dyn Iterator<Item = LogEntry>, &mut usize) -> R) -> R {
        let report = self.client.flush_blocking(TIMEOUT);
        assert!(report.pending == 0, "what was logged is held up: {report}");
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let requests = self.transport.requests();
        let mut entries =
            requests.iter().flat_map(|request| entry::of_request(request.uri.path(), &request.body));
        read(&mut entries, &mut taken)
    }
}

/// Entries, a line each.
struct Listed<'a>(&'a [LogEntry]);

impl std::fmt::Display for Listed<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            [] => return formatter.write_str("\nnothing was logged"),
            [_] => formatter.write_str("\n1 entry was logged:")?,
            entries => write!(formatter, "\n{} entries were logged:", entries.len())?,
        }
        for entry in self.0 {
            let mut line = format!("{:<8} {}  {}", entry.level.to_string(), entry.service, entry.message);
            let mut metadata = entry.metadata.clone();
            // Every entry has it, and it tells nothing.
            metadata.remove("sdk");
            if !metadata.is_empty() {
                // Writing to a string does not fail.
                let _ = write!(line, "  {}", serde_json::Value::Object(metadata.into_map()));
            }
            write!(formatter, "\n  {line}")?;
        }
        Ok(())
    }
}

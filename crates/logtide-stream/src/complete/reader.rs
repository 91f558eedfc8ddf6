//! Fetches entries with queries.

mod clock_monitor;
mod outage;
mod page_reader;
mod page_size;
mod schedule;

use std::time::Duration;

use logtide_query::{LogRecord, QueryError};
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout},
};

use self::{
    clock_monitor::ClockMonitor,
    outage::Outage,
    page_reader::{Depth, PageReader, Position, TooMany},
    schedule::{Scan, Schedule},
};
use super::{
    full_scan::{CLOCK_TOLERANCE, FullScan, ScanRange},
    log_source::LogSource,
    notifier::{ClockSuspicion, StreamStatus},
    seen::SeenEntries,
};
use crate::{
    Gap, GapCause, StreamError, StreamEvent, StreamOptions,
    clock::ServerClock,
    error::is_not_from_logtide,
    sink::{Closed, Sink},
};

/// How many ids are kept: about 10 MB.
const MAX_SEEN: usize = 200_000;

/// An upper bound, with a margin, of the time from the arrival of an entry until queries find it, in milliseconds.
const INDEXING_MARGIN: i64 = 2_000;

/// How long to wait for a connection before reading begins without one.
const FIRST_CONNECTION_TIMEOUT: Duration = Duration::from_secs(5);

/// The lower bound of `max_catch_up`: between full scans the stream is always a little behind.
const MIN_CATCH_UP: Duration = Duration::from_secs(60);

/// Fetches new entries and hands them out.
pub(super) struct Reader<S> {
    pages: PageReader<S>,
    status: watch::Receiver<StreamStatus>,
    clock_monitor: ClockMonitor,
    options: StreamOptions,
    sink: Sink,
    started: Instant,
    /// The longest time from an entry's timestamp until queries find the entry, in milliseconds.
    max_delay: i64,
    schedule: Schedule,
    outage: Outage,
}

/// What was handed out, and how far the reading has come.
struct Progress {
    seen: SeenEntries,
    /// The server's time when the last full scan started: everything that had arrived by then was seen.
    scanned_at: i64,
    /// A full scan that failed, and goes on where it failed.
    scan: Option<FullScan>,
    /// The server's time when the reading began.
    start: i64,
    /// Everything that was stored at the start has been handed out.
    is_caught_up: bool,
    /// How often the server's clock had been set back.
    set_back: u64,
}

/// Why reading stopped.
enum Stop {
    Failed(QueryError),
    Closed,
}

impl<S: LogSource> Reader<S> {
    pub(super) fn new(
        logs: S,
        status: watch::Receiver<StreamStatus>,
        suspicion: ClockSuspicion,
        options: StreamOptions,
        sink: Sink,
        started: Instant,
    ) -> Self {
        Self {
            pages: PageReader::new(logs),
            status,
            clock_monitor: ClockMonitor::new(suspicion),
            sink,
            started,
            max_delay: options.lookback.map_or(0, millis).saturating_add(INDEXING_MARGIN),
            schedule: Schedule::new(),
            outage: Outage::new(),
            options,
        }
    }

    /// Runs until a final error, which it returns.
    ///
    /// # Errors
    ///
    /// The consumer is gone.
    pub(super) async fn run(mut self) -> Result<StreamError, Closed> {
        // Queries may work without a connection to the stream.
        let connected = self.status.wait_for(|status| status.connections > 0);
        let _ = timeout(FIRST_CONNECTION_TIMEOUT, connected).await;
        let mut progress = loop {
            match self.begin().await {
                Ok(progress) => break progress,
                Err(Stop::Closed) => return Err(Closed),
                Err(Stop::Failed(error)) => {
                    if let Some(last) = self.fail(error).await? {
                        return Ok(last);
                    }
                }
            }
        };
        self.schedule.begin(*self.status.borrow_and_update());
        loop {
            let done = match self.schedule.next(&mut self.status).await {
                Scan::Full => self.full_scan(&mut progress).await,
                Scan::Quick => self.quick_scan(&mut progress).await,
            };
            match done {
                Ok(()) => self.outage.end(),
                Err(Stop::Closed) => return Err(Closed),
                Err(Stop::Failed(error)) => {
                    if let Some(last) = self.fail(error).await? {
                        return Ok(last);
                    }
                    // A quick scan would hand out the newest entries before older ones.
                    self.schedule.full_scan_soon();
                }
            }
        }
    }

    /// Decides where the stream begins, and marks the entries before it as seen.
    async fn begin(&mut self) -> Result<Progress, Stop> {
        if self.status.borrow().clock.is_none() {
            self.pages.read_clock().await?;
        }
        let start = self.clock().at(self.started);
        match self.options.from {
            Some(from) => {
                let from = from.as_micros().div_euclid(1_000);
                Ok(Progress::new(SeenEntries::new(MAX_SEEN, from), from, start))
            }
            None => self.begin_at(start).await,
        }
    }

    /// Begins at a time of the server, and marks what is stored before it as seen.
    async fn begin_at(&mut self, start: i64) -> Result<Progress, Stop> {
        let mut seen = SeenEntries::new(MAX_SEEN, start);
        seen.advance_to(start);
        self.mark_stored_as_seen(&mut seen, start.saturating_sub(self.max_delay)).await?;
        Ok(Progress::new(seen, start, start))
    }

    /// Marks all entries from a time up to the floor as seen, as far as ids can be kept.
    async fn mark_stored_as_seen(&mut self, seen: &mut SeenEntries, from: i64) -> Result<(), Stop> {
        let mut position = Position::between(from, seen.floor() - 1);
        seen.lower_floor(from);
        while let Some(page) = self.pages.next(&mut position).await? {
            for record in &page {
                seen.insert(record);
            }
            // Pages come newest first: the rest is older than any id that can be kept.
            if seen.floor() > from {
                self.report_shortened_lookback(from, seen.floor()).await?;
                break;
            }
        }
        Ok(())
    }

    /// Moves the reading back when the server's clock was set back: new entries have times that were read long ago.
    ///
    /// What was seen stays seen, even if its time is in the future.
    async fn handle_clock_set_back(&mut self, progress: &mut Progress) -> Result<(), Stop> {
        let StreamStatus { set_back, .. } = *self.status.borrow();
        if progress.set_back == set_back {
            return Ok(());
        }
        let now = self.clock().now();
        let from = now.saturating_sub(self.max_delay);
        if from < progress.seen.floor() {
            let mut seen = progress.seen.clone();
            self.mark_stored_as_seen(&mut seen, from).await?;
            progress.seen = seen;
        }
        let to = progress.scanned_at.max(now);
        (progress.scanned_at, progress.scan, progress.set_back) = (now, None, set_back);
        Ok(self.sink.send(Err(Gap::new(GapCause::Clock, Some(from), Some(to)).into())).await?)
    }

    /// Reads everything that can be new, oldest first.
    async fn full_scan(&mut self, progress: &mut Progress) -> Result<(), Stop> {
        self.clock_monitor.check(*self.status.borrow(), self.pages.clock());
        self.handle_clock_set_back(progress).await?;
        let now = self.clock().now();
        let start = self.window_start(progress);
        let mut scan = progress.scan.take().unwrap_or_else(|| FullScan::new(start, now, self.max_delay));
        let done = self.read(&mut scan, progress).await;
        if done.is_err() {
            progress.scan = Some(scan);
            return done;
        }
        progress.scanned_at = progress.scanned_at.max(scan.started_at().unwrap_or(now));
        progress.seen.forget_before(self.window_start(progress));
        let query_time = self.pages.take_query_time();
        if scan.next().is_some() {
            self.schedule.full_scan_soon();
        } else {
            self.caught_up(progress);
            self.schedule.full_scan_done(query_time);
        }
        Ok(())
    }

    fn caught_up(&self, progress: &mut Progress) {
        if !std::mem::replace(&mut progress.is_caught_up, true) {
            self.options.emit(StreamEvent::CaughtUp);
        }
    }

    /// Reads to the end of a full scan, or until the scan is overdue.
    async fn read(&mut self, scan: &mut FullScan, progress: &mut Progress) -> Result<(), Stop> {
        loop {
            let now = self.clock().now();
            if scan.is_overdue(now) {
                return Ok(());
            }
            scan.extend_to(now);
            progress.seen.advance_to(now.saturating_add(CLOCK_TOLERANCE));
            // At most once for each range, so that a slow consumer gets entries between the gaps.
            if progress.is_caught_up {
                self.skip_too_old(scan, progress).await?;
            }
            let Some(range) = scan.next() else { return Ok(()) };
            match range {
                ScanRange::Ordered { from, to } => {
                    match self.pages.collect(from, to, Depth::Full, &progress.seen).await? {
                        Ok(records) => self.hand_out(records, progress).await?,
                        Err(TooMany { oldest, newest }) => {
                            scan.too_many(oldest, newest);
                            continue;
                        }
                    }
                }
                ScanRange::Indivisible { from, to } => self.hand_out_pages(from, to, progress).await?,
                ScanRange::Future { from } => self.hand_out_future(from, progress).await?,
            }
            scan.done(range, now, self.clock().now());
            if scan.position() >= progress.start {
                self.caught_up(progress);
            }
            // Entries before the look-back window of this scan are never read again.
            let kept_from = scan.started_at().unwrap_or(now).saturating_sub(self.max_delay);
            progress.seen.forget_before(kept_from.min(scan.position()));
        }
    }

    /// Reads the newest entries, until a whole page was seen.
    async fn quick_scan(&mut self, progress: &mut Progress) -> Result<(), Stop> {
        let to = self.clock().now().saturating_add(CLOCK_TOLERANCE);
        progress.seen.advance_to(to);
        let from = self.window_start(progress);
        if from > to {
            return Ok(());
        }
        match self.pages.collect(from, to, Depth::UntilSeen, &progress.seen).await? {
            Ok(records) => self.hand_out(records, progress).await,
            // A full scan reads them in order and in several ranges.
            Err(TooMany { .. }) => self.full_scan(progress).await,
        }
    }

    /// Skips what is further behind than `max_catch_up`, and reports it as a gap.
    async fn skip_too_old(&self, scan: &mut FullScan, progress: &mut Progress) -> Result<(), Stop> {
        let max_behind = millis(self.options.max_catch_up.max(MIN_CATCH_UP)).saturating_add(self.max_delay);
        let limit = self.clock().now().saturating_sub(max_behind);
        if scan.position() >= limit {
            return Ok(());
        }
        let gap = Gap::new(GapCause::CatchUp, Some(scan.position()), Some(limit));
        scan.skip_to(limit);
        progress.seen.forget_before(limit);
        Ok(self.sink.send(Err(gap.into())).await?)
    }

    async fn hand_out_pages(&mut self, from: i64, to: i64, progress: &mut Progress) -> Result<(), Stop> {
        let mut position = Position::between(from, to);
        while let Some(page) = self.pages.next(&mut position).await? {
            self.hand_out(page, progress).await?;
        }
        Ok(())
    }

    /// Hands out entries with a future time, as far as their ids can be kept. The others follow when their time comes.
    async fn hand_out_future(&mut self, from: i64, progress: &mut Progress) -> Result<(), Stop> {
        let mut position = Position::between(from, i64::MAX);
        while !progress.seen.is_future_full()
            && let Some(page) = self.pages.next(&mut position).await?
        {
            self.hand_out(page, progress).await?;
        }
        Ok(())
    }

    /// Hands out the entries that were not seen, oldest first. The records come newest first.
    async fn hand_out(&mut self, records: Vec<LogRecord>, progress: &mut Progress) -> Result<(), Stop> {
        let seen = &mut progress.seen;
        let floor = seen.floor();
        let new: Vec<_> = records.into_iter().filter(|record| seen.insert(record)).collect();
        if seen.floor() > floor {
            self.report_shortened_lookback(floor, seen.floor()).await?;
        }
        Ok(self.sink.send_all(new.into_iter().rev()).await?)
    }

    /// Reports that ids had to be forgotten, so that the look-back window begins at `to` instead of `from`.
    async fn report_shortened_lookback(&self, from: i64, to: i64) -> Result<(), Closed> {
        let length = self.clock().now().saturating_sub(to).max(0).unsigned_abs();
        self.options.emit(StreamEvent::LookbackShortened { to: Duration::from_millis(length) });
        self.sink.send(Err(Gap::new(GapCause::Lookback, Some(from), Some(to)).into())).await
    }

    /// Where the next full scan begins: no entry that is still to arrive has an earlier time.
    fn window_start(&self, progress: &Progress) -> i64 {
        progress.seen.floor().max(progress.scanned_at.saturating_sub(self.max_delay))
    }

    fn clock(&self) -> ServerClock {
        let server = self.status.borrow().clock.or_else(|| self.pages.clock());
        server.unwrap_or_else(ServerClock::local)
    }

    /// Waits before the next attempt. Returns the error if it is final.
    async fn fail(&mut self, error: QueryError) -> Result<Option<StreamError>, Closed> {
        // Of a long scan, only the last page failed.
        if self.pages.take_success() {
            self.outage.end();
        }
        // A proxy may answer for a server that is away. If there never was one, the address is wrong.
        if !(error.is_retryable() || (is_not_from_logtide(&error) && self.pages.has_read())) {
            return Ok(Some(StreamError::Refused(error)));
        }
        let asked = error.retry_after();
        let retry_in = self.outage.delay().max(asked.unwrap_or_default());
        self.options.emit(StreamEvent::QueryFailed { cause: &error, retry_in });
        if self.outage.should_report() {
            self.sink.send(Err(StreamError::Unreachable(error))).await?;
        }
        if asked.is_some() {
            sleep(retry_in).await;
        } else {
            let connections = self.status.borrow().connections;
            // A new connection shows that the server is back.
            let back = self.status.wait_for(|status| status.connections > connections);
            let _ = timeout(retry_in, back).await;
        }
        Ok(None)
    }
}

impl Progress {
    fn new(seen: SeenEntries, scanned_at: i64, start: i64) -> Self {
        Self { seen, scanned_at, scan: None, start, is_caught_up: false, set_back: 0 }
    }
}

fn millis(duration: Duration) -> i64 {
    // The bound is later than any clock shows, and leaves room for additions.
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX).min(i64::MAX / 8)
}

impl From<QueryError> for Stop {
    fn from(error: QueryError) -> Self {
        Self::Failed(error)
    }
}

impl From<Closed> for Stop {
    fn from(Closed: Closed) -> Self {
        Self::Closed
    }
}

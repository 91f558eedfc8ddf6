//! Reading the book.

mod doubts;
mod outage;
mod paging;
mod room;
mod schedule;

use std::time::Duration;

use logtide_query::{LogRecord, QueryError};
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout},
};

use self::{
    doubts::Doubts,
    outage::Outage,
    paging::{Cut, Depth, Paging, Place},
    schedule::{Schedule, Work},
};
use super::{
    bell::{Doubt, Rung},
    known::Known,
    pages::Pages,
    sweep::{AHEAD, Stretch, Sweep},
};
use crate::{
    Gap, GapCause, StreamError, StreamEvent, StreamOptions,
    clock::ServerClock,
    foreign::is_foreign,
    outlet::{Closed, Outlet},
};

/// Ids that are kept: about 10 MB.
const MAX_KNOWN: usize = 200_000;

/// How long an entry may take from the server's receipt until queries find it, and then some, in milliseconds.
const MARGIN: i64 = 2_000;

/// How long to wait for a connection before reading begins without one.
const FIRST_CONTACT: Duration = Duration::from_secs(5);

/// The least that the stream may fall behind: between sweeps it is behind as a matter of course.
const MIN_CATCH_UP: Duration = Duration::from_secs(60);

/// Reads what is new, and hands it out.
pub(super) struct Reader<P> {
    paging: Paging<P>,
    rung: watch::Receiver<Rung>,
    doubts: Doubts,
    options: StreamOptions,
    outlet: Outlet,
    started: Instant,
    /// How long entries may be on their way until queries find them, in milliseconds.
    reach: i64,
    schedule: Schedule,
    outage: Outage,
}

/// What was handed out, and how far the reading has come.
struct Progress {
    known: Known,
    /// The server's time when the last whole sweep began: whatever had come by then is known.
    swept: i64,
    /// The sweep under way, which goes on where it failed.
    sweep: Option<Sweep>,
    /// The server's time when the reading began.
    start: i64,
    /// Whether all that was stored at the start has been handed out.
    caught_up: bool,
    /// How often the server's clock had been set back.
    set_back: u64,
}

/// Why reading stopped.
enum Stop {
    Failed(QueryError),
    Closed,
}

impl<P: Pages> Reader<P> {
    pub(super) fn new(
        pages: P,
        rung: watch::Receiver<Rung>,
        doubt: Doubt,
        options: StreamOptions,
        outlet: Outlet,
        started: Instant,
    ) -> Self {
        Self {
            paging: Paging::new(pages),
            rung,
            doubts: Doubts::new(doubt),
            outlet,
            started,
            reach: options.lookback.map_or(0, millis).saturating_add(MARGIN),
            schedule: Schedule::new(),
            outage: Outage::new(),
            options,
        }
    }

    /// # Errors
    ///
    /// Nobody takes the entries any more.
    pub(super) async fn run(mut self) -> Result<StreamError, Closed> {
        // Queries may work though there is no connection.
        let _ = timeout(FIRST_CONTACT, self.rung.wait_for(|rung| rung.connections > 0)).await;
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
        self.schedule.begin(*self.rung.borrow_and_update());
        loop {
            let done = match self.schedule.next(&mut self.rung).await {
                Work::Sweep => self.sweep(&mut progress).await,
                Work::Glance => self.glance(&mut progress).await,
            };
            match done {
                Ok(()) => self.outage.end(),
                Err(Stop::Closed) => return Err(Closed),
                Err(Stop::Failed(error)) => {
                    if let Some(last) = self.fail(error).await? {
                        return Ok(last);
                    }
                    // A glance hands out the newest, which has to wait for what is older.
                    self.schedule.sweep_soon();
                }
            }
        }
    }

    /// Decides where the stream begins, and takes note of what is stored and not to be handed out.
    async fn begin(&mut self) -> Result<Progress, Stop> {
        if self.rung.borrow().clock.is_none() {
            self.paging.ask_the_time().await?;
        }
        let start = self.clock().at(self.started);
        match self.options.from {
            Some(from) => {
                let from = from.as_micros().div_euclid(1_000);
                Ok(Progress::new(Known::new(MAX_KNOWN, from), from, start))
            }
            None => self.begin_at(start).await,
        }
    }

    /// Begins at a time of the server, with what is stored before it as old.
    async fn begin_at(&mut self, start: i64) -> Result<Progress, Stop> {
        let mut known = Known::new(MAX_KNOWN, start);
        known.set_horizon(start);
        self.know_what_is_stored(&mut known, start.saturating_sub(self.reach)).await?;
        Ok(Progress::new(known, start, start))
    }

    /// Takes note of all that is stored from a time on and older than what is known, as far as it can be kept.
    async fn know_what_is_stored(&mut self, known: &mut Known, from: i64) -> Result<(), Stop> {
        let mut place = Place::between(from, known.floor() - 1);
        known.lower_floor(from);
        while let Some(page) = self.paging.next(&mut place).await? {
            for record in &page {
                known.insert(record);
            }
            // Pages come newest first: what is left is older than all that can be kept.
            if known.floor() > from {
                self.tell_lookback(from, known.floor()).await?;
                break;
            }
        }
        Ok(())
    }

    /// Begins anew where the server's clock was set back: what is logged now carries times that were read long ago. What is known
    /// stays known, also where it is to come now.
    async fn follow_the_clock(&mut self, progress: &mut Progress) -> Result<(), Stop> {
        let Rung { set_back, .. } = *self.rung.borrow();
        if progress.set_back == set_back {
            return Ok(());
        }
        let now = self.clock().now();
        let from = now.saturating_sub(self.reach);
        if from < progress.known.floor() {
            let mut known = progress.known.clone();
            self.know_what_is_stored(&mut known, from).await?;
            progress.known = known;
        }
        let to = progress.swept.max(now);
        (progress.swept, progress.sweep, progress.set_back) = (now, None, set_back);
        Ok(self.outlet.send(Err(Gap::new(GapCause::Clock, Some(from), Some(to)).into())).await?)
    }

    /// Reads all that can be new, oldest first.
    async fn sweep(&mut self, progress: &mut Progress) -> Result<(), Stop> {
        self.doubts.look(*self.rung.borrow(), self.paging.clock());
        self.follow_the_clock(progress).await?;
        let now = self.clock().now();
        let mut sweep =
            progress.sweep.take().unwrap_or_else(|| Sweep::new(self.window_start(progress), now, self.reach));
        let done = self.read(&mut sweep, progress).await;
        if done.is_err() {
            progress.sweep = Some(sweep);
            return done;
        }
        progress.swept = progress.swept.max(sweep.began().unwrap_or(now));
        progress.known.forget_before(self.window_start(progress));
        let busy = self.paging.take_busy();
        if sweep.next().is_some() {
            self.schedule.sweep_soon();
        } else {
            self.catch_up(progress);
            self.schedule.swept(busy);
        }
        Ok(())
    }

    fn catch_up(&self, progress: &mut Progress) {
        if !std::mem::replace(&mut progress.caught_up, true) {
            self.options.tell(StreamEvent::CaughtUp);
        }
    }

    /// Reads to the end of a sweep, or until it is overdue.
    async fn read(&mut self, sweep: &mut Sweep, progress: &mut Progress) -> Result<(), Stop> {
        loop {
            let now = self.clock().now();
            if sweep.is_overdue(now) {
                return Ok(());
            }
            sweep.go_on(now);
            progress.known.set_horizon(now.saturating_add(AHEAD));
            // Once for each stretch: who takes slowly gets entries between the gaps.
            if progress.caught_up {
                self.skip_what_is_too_old(sweep, progress).await?;
            }
            let Some(stretch) = sweep.next() else { return Ok(()) };
            match stretch {
                Stretch::Ordered { from, to } => {
                    match self.paging.collect(from, to, Depth::Whole, &progress.known).await? {
                        Ok(records) => self.hand_out(records, progress).await?,
                        Err(Cut { oldest, newest }) => {
                            sweep.too_many(oldest, newest);
                            continue;
                        }
                    }
                }
                Stretch::Moment { from, to } => self.hand_out_pages(from, to, progress).await?,
                Stretch::Future { from } => self.hand_out_future(from, progress).await?,
            }
            sweep.done(stretch, now, self.clock().now());
            if sweep.position() >= progress.start {
                self.catch_up(progress);
            }
            // What lies before the look-back window of this sweep is never read again.
            let kept_from = sweep.began().unwrap_or(now).saturating_sub(self.reach);
            progress.known.forget_before(kept_from.min(sweep.position()));
        }
    }

    /// Reads the newest, until a whole page is known.
    async fn glance(&mut self, progress: &mut Progress) -> Result<(), Stop> {
        let to = self.clock().now().saturating_add(AHEAD);
        progress.known.set_horizon(to);
        let from = self.window_start(progress);
        if from > to {
            return Ok(());
        }
        match self.paging.collect(from, to, Depth::ToKnown, &progress.known).await? {
            Ok(records) => self.hand_out(records, progress).await,
            // A sweep reads it in order, and in pieces.
            Err(Cut { .. }) => self.sweep(progress).await,
        }
    }

    /// Leaves out what is further behind than the stream may fall.
    async fn skip_what_is_too_old(&self, sweep: &mut Sweep, progress: &mut Progress) -> Result<(), Stop> {
        let behind = millis(self.options.max_catch_up.max(MIN_CATCH_UP)).saturating_add(self.reach);
        let limit = self.clock().now().saturating_sub(behind);
        if sweep.position() >= limit {
            return Ok(());
        }
        let gap = Gap::new(GapCause::CatchUp, Some(sweep.position()), Some(limit));
        sweep.skip_to(limit);
        progress.known.forget_before(limit);
        Ok(self.outlet.send(Err(gap.into())).await?)
    }

    async fn hand_out_pages(&mut self, from: i64, to: i64, progress: &mut Progress) -> Result<(), Stop> {
        let mut place = Place::between(from, to);
        while let Some(page) = self.paging.next(&mut place).await? {
            self.hand_out(page, progress).await?;
        }
        Ok(())
    }

    /// Hands out what is ahead of its time, as far as that can be known again. The rest comes when its time is there.
    async fn hand_out_future(&mut self, from: i64, progress: &mut Progress) -> Result<(), Stop> {
        let mut place = Place::between(from, i64::MAX);
        while !progress.known.is_full_ahead()
            && let Some(page) = self.paging.next(&mut place).await?
        {
            self.hand_out(page, progress).await?;
        }
        Ok(())
    }

    /// Hands out what is not known yet, in order: the records come newest first.
    async fn hand_out(&mut self, records: Vec<LogRecord>, progress: &mut Progress) -> Result<(), Stop> {
        let known = &mut progress.known;
        let floor = known.floor();
        let new: Vec<_> = records.into_iter().filter(|record| known.insert(record)).collect();
        if known.floor() > floor {
            self.tell_lookback(floor, known.floor()).await?;
        }
        Ok(self.outlet.send_all(new.into_iter().rev()).await?)
    }

    /// Ids had to be forgotten: the window begins at `to`, where `from` was asked for.
    async fn tell_lookback(&self, from: i64, to: i64) -> Result<(), Closed> {
        let reach = self.clock().now().saturating_sub(to).max(0).unsigned_abs();
        self.options.tell(StreamEvent::LookbackShortened { to: Duration::from_millis(reach) });
        self.outlet.send(Err(Gap::new(GapCause::Lookback, Some(from), Some(to)).into())).await
    }

    /// Where the next sweep begins: nothing that is still to come carries an earlier time.
    fn window_start(&self, progress: &Progress) -> i64 {
        progress.known.floor().max(progress.swept.saturating_sub(self.reach))
    }

    fn clock(&self) -> ServerClock {
        let told = self.rung.borrow().clock.or_else(|| self.paging.clock());
        told.unwrap_or_else(ServerClock::local)
    }

    /// Waits before the next attempt; gives the error back if there must be none.
    async fn fail(&mut self, error: QueryError) -> Result<Option<StreamError>, Closed> {
        // Of a long reading only the last page failed.
        if self.paging.take_success() {
            self.outage.end();
        }
        // A proxy may answer for a server that is away. One that was never there is at another address.
        if !(error.is_retryable() || (is_foreign(&error) && self.paging.has_read())) {
            return Ok(Some(StreamError::Refused(error)));
        }
        let asked = error.retry_after();
        let retry_in = self.outage.delay().max(asked.unwrap_or_default());
        self.options.tell(StreamEvent::QueryFailed { cause: &error, retry_in });
        if self.outage.is_to_be_told() {
            self.outlet.send(Err(StreamError::Unreachable(error))).await?;
        }
        if asked.is_some() {
            sleep(retry_in).await;
        } else {
            let connections = self.rung.borrow().connections;
            // A new connection is a sign that the server is back.
            let back = self.rung.wait_for(|rung| rung.connections > connections);
            let _ = timeout(retry_in, back).await;
        }
        Ok(None)
    }
}

impl Progress {
    fn new(known: Known, swept: i64, start: i64) -> Self {
        Self { known, swept, sweep: None, start, caught_up: false, set_back: 0 }
    }
}

fn millis(duration: Duration) -> i64 {
    // A time that no clock shows, and to which another one can be added.
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

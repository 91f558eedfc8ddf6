//! One run of the command, from the first entry to the final message.

use std::{
    process::ExitCode,
    sync::{Arc, atomic::Ordering::Relaxed, mpsc},
    thread,
    time::{Duration, Instant},
};

use logtide::{ClientMetrics, Recovered};

use super::{
    follow::Positions,
    outage::Outage,
    reporter::Reporter,
    sink::Sink,
    stop::Stop,
    summary::{Entries, Grouped, Summary},
};
use crate::failure::Failure;

/// The interval for progress and for checking signals.
const TICK: Duration = Duration::from_millis(100);

/// The interval for writing the state file.
const SAVE_INTERVAL: Duration = Duration::from_secs(1);

/// The time that delivery always has at the end.
const MIN_DELIVERY: Duration = Duration::from_millis(100);

/// How long to wait for more files in the spool after the last one was found.
const SPOOL_SEARCH: Duration = Duration::from_millis(500);

/// How long to wait for the reading thread when nothing blocks it.
const READER_TIMEOUT: Duration = Duration::from_secs(2);

/// Sends what one thread reads, shows progress, and delivers the rest at the end.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) sink: Arc<Sink>,
    pub(super) stop: Arc<Stop>,
    pub(super) reporter: Arc<Reporter>,
    pub(super) outage: Arc<Outage>,
    pub(super) positions: Option<Arc<Positions>>,
    pub(super) has_spool: bool,
    pub(super) started: Instant,
    /// How long delivery may take after a signal.
    pub(super) shutdown_timeout: Duration,
    /// How long the server may accept nothing at the end of the input.
    pub(super) give_up_after: Duration,
    /// Whether success is reported.
    pub(super) tells_success: bool,
}

/// The result of reading: whether everything was read, or why it could not be.
pub(super) type Read = Result<bool, String>;

impl Session {
    /// Runs the reading function, delivers, and reports what was delivered.
    pub(super) fn run(
        self,
        read: impl FnOnce(&Sink, &Stop) -> Read + Send + 'static,
    ) -> Result<ExitCode, Failure> {
        let (sender, ended) = mpsc::sync_channel(1);
        let (sink, stop) = (self.sink.clone(), self.stop.clone());
        let reader = thread::Builder::new().name("logtide-read".to_owned());
        reader
            .spawn(move || {
                let _ = sender.send(read(&sink, &stop));
            })
            .map_err(|error| Failure::new(Failure::PARTIAL, error))?;
        let (mut outcome, deadline) = self.wait(&ended);
        if outcome.is_some() {
            self.deliver();
        }
        let deadline = deadline.or_else(|| self.is_ended().then(|| Instant::now() + self.shutdown_timeout));
        let left = deadline.map_or(self.shutdown_timeout, |deadline| {
            deadline.saturating_duration_since(Instant::now()).max(MIN_DELIVERY)
        });
        // Waiting does not help if the server rejects the key.
        let left = if self.outage.denied().is_some() { MIN_DELIVERY } else { left };
        self.sink.client.close_blocking(left);
        if outcome.is_none() {
            // From here on the client rejects entries, so that only the input can block the thread.
            outcome = ended.recv_timeout(READER_TIMEOUT).ok();
        }
        self.save();
        self.reporter.clear();
        self.conclude(outcome.unwrap_or(Ok(false)))
    }

    /// Waits for the end of reading. After a signal it waits half of the time limit, and returns the deadline.
    fn wait(&self, ended: &mpsc::Receiver<Read>) -> (Option<Read>, Option<Instant>) {
        let mut deadline = None;
        let mut saved = Instant::now();
        loop {
            match ended.recv_timeout(TICK) {
                Ok(outcome) => return (Some(outcome), deadline),
                Err(mpsc::RecvTimeoutError::Disconnected) => {
                    return (Some(Err("the reader thread panicked".to_owned())), deadline);
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {}
            }
            self.show();
            if saved.elapsed() >= SAVE_INTERVAL {
                saved = Instant::now();
                self.save();
            }
            let is_denied = self.outage.denied().is_some();
            if is_denied && !self.stop.is_asked() {
                self.stop.ask();
            }
            if self.is_ended() {
                let deadline = *deadline.get_or_insert_with(|| Instant::now() + self.shutdown_timeout);
                let left = deadline.saturating_duration_since(Instant::now());
                // A thread that waits for room would wait in vain where the key is refused.
                if is_denied || left <= self.shutdown_timeout / 2 {
                    return (None, Some(deadline));
                }
            }
        }
    }

    /// Waits until everything is delivered, a signal arrives, or the server has accepted nothing for too long.
    fn deliver(&self) {
        let client = &self.sink.client;
        let (mut settled, mut moved) = (0, Instant::now());
        while !self.is_ended() && self.outage.denied().is_none() {
            client.flush_blocking(TICK);
            self.show();
            self.save();
            let metrics = client.metrics();
            let is_away = self.outage.detail().is_some();
            // Files of the spool, including those of an earlier run, are sent while the server accepts anything.
            if metrics.pending == 0
                && (is_away || (metrics.spooled == 0 && self.has_recovered(&metrics, moved)))
            {
                return;
            }
            let now_settled = metrics.logs_sent
                + metrics.logs_dropped
                + metrics.recovered.delivered
                + metrics.recovered.read;
            if now_settled != settled {
                (settled, moved) = (now_settled, Instant::now());
            } else if moved.elapsed() >= self.give_up_after {
                return;
            }
            // A flush returns at once while the circuit breaker is open, and when only files are left.
            thread::sleep(TICK / 4);
        }
    }

    /// Whether nothing more is found in the spool. The worker takes some time to find the files of a process that has died.
    fn has_recovered(&self, metrics: &ClientMetrics, moved: Instant) -> bool {
        let Recovered { read, delivered, dropped, .. } = metrics.recovered;
        !self.has_spool || (read <= delivered + dropped && moved.elapsed() >= SPOOL_SEARCH)
    }

    fn is_ended(&self) -> bool {
        self.stop.is_asked()
    }

    fn show(&self) {
        if !self.reporter.has_progress() {
            return;
        }
        let metrics = self.sink.client.metrics();
        let seconds = self.started.elapsed().as_secs_f64();
        let rate = (metrics.logs_sent as f64 / seconds.max(0.1)) as u64;
        let sent = Entries(metrics.logs_sent);
        let waiting = metrics.pending;
        let spooled = if metrics.spooled > 0 {
            format!(", {} in the spool", Grouped(metrics.spooled))
        } else {
            String::new()
        };
        match self.outage.detail() {
            Some(detail) => {
                let detail: String =
                    detail.chars().filter(|character| !character.is_control()).take(60).collect();
                self.reporter
                    .show(format_args!("{sent} sent, {} waiting{spooled}: {detail}", Grouped(waiting)));
            }
            None => self.reporter.show(format_args!(
                "{sent} sent, {} waiting{spooled}, {}/s",
                Grouped(waiting),
                Grouped(rate)
            )),
        }
    }

    fn save(&self) {
        let (Some(tracker), Some(positions)) = (&self.sink.tracker, &self.positions) else { return };
        if let Err(error) = positions.save(&tracker.settle(&self.sink.client.metrics())) {
            self.reporter.say(format_args!("cannot write the state file: {error}"));
        }
    }

    /// Reports what was delivered and what was not.
    fn conclude(&self, read: Read) -> Result<ExitCode, Failure> {
        let metrics = self.sink.client.metrics();
        let summary = Summary {
            metrics: &metrics,
            counts: &self.sink.counts,
            elapsed: self.started.elapsed(),
            max_line: self.sink.max_line,
        };
        let undelivered = summary.undelivered();
        if let Some(detail) = self.outage.denied() {
            let sentence = format!("the server rejects the key ({detail}); {summary}");
            return Err(Failure::new(Failure::ACCESS, sentence));
        }
        if summary.is_without_an_answer() {
            let detail = self.outage.detail().or_else(|| metrics.last_error.clone());
            let detail = detail.unwrap_or_else(|| "no answer in time".to_owned());
            let sentence = format!("the server cannot be reached ({detail}); {summary}");
            return Err(Failure::new(Failure::UNREACHABLE, sentence));
        }
        if undelivered > 0 {
            return Err(Failure::new(Failure::PARTIAL, summary));
        }
        match read {
            Err(error) => Err(Failure::new(Failure::PARTIAL, format_args!("{error}; {summary}"))),
            Ok(false) => {
                let bytes = Grouped(self.sink.counts.bytes.load(Relaxed));
                Err(Failure::new(Failure::PARTIAL, format_args!("stopped after {bytes} bytes; {summary}")))
            }
            Ok(true) => {
                if self.tells_success {
                    self.reporter.say(summary);
                }
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

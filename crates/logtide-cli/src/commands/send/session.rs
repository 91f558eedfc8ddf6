//! From the first entry to the last word.

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
    sink::Sink,
    stop::Stop,
    summary::{Entries, Grouped, Summary},
    talk::Talk,
};
use crate::failure::Failure;

/// How often progress is shown and signals are looked for.
const TICK: Duration = Duration::from_millis(100);

/// How often the state file is written.
const SAVES: Duration = Duration::from_secs(1);

/// How long delivery may take at the end in any case.
const LEAST: Duration = Duration::from_millis(100);

/// How long files in the spool are looked for after the last that was found.
const SPOOL_SEARCH: Duration = Duration::from_millis(500);

/// How long a thread that reads is waited for once nothing holds it up.
const GRACE: Duration = Duration::from_secs(2);

/// Sends what one thread reads, while this one shows progress, and delivers the rest at the end.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) sink: Arc<Sink>,
    pub(super) stop: Arc<Stop>,
    pub(super) talk: Arc<Talk>,
    pub(super) outage: Arc<Outage>,
    pub(super) positions: Option<Arc<Positions>>,
    pub(super) has_spool: bool,
    pub(super) started: Instant,
    /// How long delivery may take after a signal.
    pub(super) shutdown_timeout: Duration,
    /// How long a server may take nothing at the end of the input.
    pub(super) give_up_after: Duration,
    /// Whether success is worth a word.
    pub(super) tells_success: bool,
}

/// How the reading ended: whether everything was read, or why it could not be.
pub(super) type Read = Result<bool, String>;

impl Session {
    /// Runs the function that reads, delivers, and says what was delivered.
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
            deadline.saturating_duration_since(Instant::now()).max(LEAST)
        });
        // A key that is refused is not taken a moment later.
        let left = if self.outage.denied().is_some() { LEAST } else { left };
        self.sink.client.close_blocking(left);
        if outcome.is_none() {
            // Entries that are refused from now on are counted, so that nothing holds the thread up but its input.
            outcome = ended.recv_timeout(GRACE).ok();
        }
        self.save();
        self.talk.clear();
        self.conclude(outcome.unwrap_or(Ok(false)))
    }

    /// Waits for the end of the reading. A signal leaves half of its time for that, and gives when that is over.
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
            if saved.elapsed() >= SAVES {
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

    /// Waits until everything is delivered, a signal comes, or the server has taken nothing for too long.
    fn deliver(&self) {
        let client = &self.sink.client;
        let (mut settled, mut moved) = (0, Instant::now());
        while !self.is_ended() && self.outage.denied().is_none() {
            client.flush_blocking(TICK);
            self.show();
            self.save();
            let metrics = client.metrics();
            let is_away = self.outage.detail().is_some();
            // What is in files, also those of an earlier run, is sent for as long as the server takes anything.
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
            // While the circuit breaker is open a flush is over at once, and so it is where files are all that is left.
            thread::sleep(TICK / 4);
        }
    }

    /// Whether nothing more is found in the spool. A worker needs a moment for the files of a process that has died.
    fn has_recovered(&self, metrics: &ClientMetrics, moved: Instant) -> bool {
        let Recovered { read, delivered, dropped, .. } = metrics.recovered;
        !self.has_spool || (read <= delivered + dropped && moved.elapsed() >= SPOOL_SEARCH)
    }

    fn is_ended(&self) -> bool {
        self.stop.is_asked()
    }

    fn show(&self) {
        if !self.talk.has_progress() {
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
                self.talk.show(format_args!("{sent} sent, {} waiting{spooled}: {detail}", Grouped(waiting)));
            }
            None => self.talk.show(format_args!(
                "{sent} sent, {} waiting{spooled}, {}/s",
                Grouped(waiting),
                Grouped(rate)
            )),
        }
    }

    fn save(&self) {
        let (Some(tracker), Some(positions)) = (&self.sink.tracker, &self.positions) else { return };
        if let Err(error) = positions.save(&tracker.settle(&self.sink.client.metrics())) {
            self.talk.say(format_args!("cannot write the state file: {error}"));
        }
    }

    /// Says what was delivered and what was not.
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
                    self.talk.say(summary);
                }
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

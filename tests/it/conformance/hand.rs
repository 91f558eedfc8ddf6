//! A pipeline driven by hand, under a clock that the test moves.

use std::time::Duration;

use logtide_core::{
    GiveUp, Json, Level, LogEntry, Outcome, Pipeline, PipelineOptions, RecordWriter, Tick, Timestamp,
};
use serde_json::Value;

pub(super) const SECOND: Duration = Duration::from_secs(1);

pub(super) struct Hand {
    pub(super) pipeline: Pipeline,
    pub(super) now: Tick,
    /// The time and the entries of each request.
    pub(super) requests: Vec<(Tick, Vec<u32>)>,
    logged: u32,
}

/// The status and `Retry-After` of a response.
pub(super) type Answer = (u16, Option<&'static str>);

impl Hand {
    /// Creates a pipeline with `GiveUp::AfterRetries`, like other SDKs.
    pub(super) fn new(change: impl FnOnce(&mut PipelineOptions)) -> Self {
        let mut options = PipelineOptions::default();
        options.give_up = GiveUp::AfterRetries;
        change(&mut options);
        Self {
            pipeline: Pipeline::new(options, Json::default()),
            now: Tick::ZERO,
            requests: Vec::new(),
            logged: 0,
        }
    }

    /// Logs entries with ascending numbers from 0.
    pub(super) fn log(&mut self, entries: u32) {
        let mut writer = RecordWriter::default();
        for number in self.logged..self.logged + entries {
            let entry = LogEntry::new(Level::Info, "svc", number.to_string());
            let record = entry.record(&mut writer, Timestamp::from_micros(0));
            let _ = self.pipeline.push(record, self.now);
        }
        self.logged += entries;
    }

    /// Sends what is due, each request answered at once. After the given responses come those with 200.
    pub(super) fn send(&mut self, answers: &mut Vec<Answer>) {
        while let Some(transmit) = self.pipeline.poll_transmit(self.now) {
            self.requests.push((self.now, entries(&transmit.body)));
            let (status, retry_after) = if answers.is_empty() { (200, None) } else { answers.remove(0) };
            // 06 Nov 1994 08:49:37 GMT, the date of the examples in RFC 9110.
            let wall = Timestamp::from_micros(784_111_777_000_000);
            let outcome = Outcome::of_answer(status, retry_after, b"{}", wall);
            self.pipeline.handle_outcome(transmit.id, outcome, self.now);
            while self.pipeline.poll_event().is_some() {}
        }
    }

    /// Lets time pass, and sends what becomes due.
    pub(super) fn run(&mut self, time: Duration, answers: impl Into<Vec<Answer>>) {
        let (end, mut answers) = (self.now.after(time), answers.into());
        self.send(&mut answers);
        while let Some((at, _)) = self.pipeline.poll_timeout().filter(|(at, _)| *at <= end) {
            self.now = at;
            self.pipeline.handle_timeout(at);
            self.send(&mut answers);
        }
        self.now = end;
    }

    /// Flushes with this time limit, and lets the time pass.
    pub(super) fn flush(&mut self, time: Duration, answers: impl Into<Vec<Answer>>) {
        let _ = self.pipeline.flush(self.now.after(time), self.now);
        self.run(time, answers);
    }

    /// Returns the times between the requests.
    pub(super) fn gaps(&self) -> Vec<Duration> {
        self.requests.windows(2).map(|pair| pair[1].0.since(pair[0].0)).collect()
    }
}

/// Returns the numbers of the entries of a body.
fn entries(body: &[u8]) -> Vec<u32> {
    let body: Value = serde_json::from_slice(body).expect("a body is JSON");
    let entries = body["logs"].as_array().expect("a body has entries");
    let number = |entry: &Value| entry["message"].as_str().and_then(|message| message.parse().ok());
    entries.iter().map(|entry| number(entry).expect("the message is a number")).collect()
}

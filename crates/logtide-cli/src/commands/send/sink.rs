//! Passing lines to the client.

use logtide_client::integration::Integration;
use std::{borrow::Cow, sync::atomic::Ordering::Relaxed, time::Instant};

use logtide::{Client, Fields, Level};
use logtide_core::{Head, Id, IntoMetadata};

use super::{
    counts::Counts,
    format::{self, Format, Zone},
    joiner::{Joined, Joiner},
    lines::{Line, Lines},
    parsed::Parsed,
    position_tracker::{PositionTracker, Source},
};

/// Receives parsed lines, and fills in what they do not contain.
#[derive(Debug)]
pub(super) struct Sink {
    pub(super) client: Client,
    pub(super) counts: Counts,
    pub(super) tracker: Option<PositionTracker>,
    pub(super) format: Format,
    pub(super) zone: Zone,
    pub(super) level: Level,
    /// The service from the command line, which applies to all lines.
    pub(super) service: Option<String>,
    pub(super) joins: bool,
    /// The limit for a line, and for joined lines, in bytes.
    pub(super) max_line: usize,
}

/// The lines of one input.
#[derive(Debug)]
pub(super) struct Input<'s> {
    sink: &'s Sink,
    /// The service for lines that name none.
    service: String,
    source: Source,
    lines: Lines,
    joiner: Joiner,
    position: u64,
}

impl<'s> Input<'s> {
    /// Creates an input of this service that starts at a position.
    pub(super) fn new(sink: &'s Sink, service: String, source: Source, position: u64) -> Self {
        let (lines, joiner) = (Lines::new(sink.max_line), Joiner::new(sink.max_line));
        Self { sink, service, source, lines, joiner, position }
    }

    /// The position after the bytes that it has received.
    pub(super) const fn position(&self) -> u64 {
        self.position
    }

    /// When to [pass on](Self::pass_on_held) the text that it holds.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.joiner.deadline()
    }

    /// Receives bytes, and passes on the entries in them. Waits while the client's buffer is full.
    pub(super) fn feed(&mut self, bytes: &[u8], now: Instant) {
        let position = self.position;
        self.position += bytes.len() as u64;
        self.sink.counts.bytes.fetch_add(bytes.len() as u64, Relaxed);
        let mut lines = std::mem::replace(&mut self.lines, Lines::new(0));
        lines.feed(bytes, position, |line| self.take(line, now));
        self.lines = lines;
    }

    /// Passes on the held text if no further line has come in time.
    pub(super) fn pass_on_due(&mut self, now: Instant) {
        if self.deadline().is_some_and(|deadline| deadline <= now) {
            self.pass_on_held();
        }
    }

    /// Passes on the held text.
    pub(super) fn pass_on_held(&mut self) {
        if !self.joiner.is_empty() {
            self.submit_joined(self.joiner.joined());
            self.joiner.clear();
        }
    }

    /// Passes on everything that is left, including an incomplete line.
    pub(super) fn finish(&mut self, now: Instant) {
        let mut lines = std::mem::replace(&mut self.lines, Lines::new(0));
        lines.finish(self.position, |line| self.take(line, now));
        self.lines = lines;
        self.pass_on_held();
    }

    fn take(&mut self, line: Line<'_>, now: Instant) {
        let counts = &self.sink.counts;
        counts.lines.fetch_add(1, Relaxed);
        let text = String::from_utf8_lossy(line.bytes);
        // A truncated line may end in the middle of a character.
        if matches!(text, Cow::Owned(_))
            && std::str::from_utf8(line.bytes)
                .is_err_and(|error| !line.is_cut() || error.error_len().is_some())
        {
            counts.not_utf8.fetch_add(1, Relaxed);
        }
        let begins_file = line.end.saturating_sub(line.length) <= 2;
        let text = if begins_file { text.strip_prefix('\u{feff}').unwrap_or(&text) } else { &*text };
        let left_out = line.length - line.bytes.len() as u64;
        if left_out == 0
            && let Some(parsed) = self.sink.format.structured(text, self.sink.zone)
        {
            self.pass_on_held();
            return self.submit(&parsed, text, 0, line.end);
        }
        if self.sink.joins {
            self.join(text, left_out, line.end, now);
        } else if !text.trim().is_empty() {
            self.submit(&format::plain(text, self.sink.zone), text, left_out, line.end);
        }
    }

    fn join(&mut self, line: &str, left_out: u64, end: u64, now: Instant) {
        if self.joiner.continues(line) {
            return self.joiner.add(line, left_out, false, end, now);
        }
        self.pass_on_held();
        if !line.trim().is_empty() {
            let is_error = format::plain(line, Zone::Unknown).level >= Some(Level::Error);
            self.joiner.add(line, left_out, is_error, end, now);
        }
    }

    fn submit_joined(&self, joined: Joined<'_>) {
        let Joined { text, left_out, lines, end } = joined;
        if lines > 1 {
            self.sink.counts.joined.fetch_add(lines as u64 - 1, Relaxed);
            // An object over several lines.
            if left_out == 0
                && let Some(parsed) = self.sink.format.structured(text, self.sink.zone)
            {
                return self.submit(&parsed, text, 0, end);
            }
        }
        self.submit(&format::plain(text, self.sink.zone), text, left_out, end);
    }

    fn submit(&self, parsed: &Parsed<'_>, text: &str, left_out: u64, end: u64) {
        let sink = self.sink;
        let service = sink.service.as_deref().or(parsed.service.as_deref()).unwrap_or(&self.service);
        let mut head = Head::new(parsed.level.unwrap_or(sink.level), service);
        head.time = parsed.time;
        head.ids.trace_id = parsed.trace_id.as_deref().map(Id::Text);
        head.ids.span_id = parsed.span_id.as_deref().map(Id::Text);
        head.ids.session_id = parsed.session_id.as_deref();
        if left_out > 0 {
            sink.counts.cut.fetch_add(1, Relaxed);
        }
        if let Some(tracker) = &sink.tracker {
            tracker.submitted(self.source, end);
        }
        Integration::of(&sink.client).submit_with(&head, |fields| {
            fields.message(parsed.message.as_deref().unwrap_or(text));
            // Keeps the service of the line as metadata if the one of the command line replaces it.
            let service = parsed
                .service
                .as_deref()
                .filter(|service| sink.service.as_deref().is_some_and(|own| own != *service));
            fields.metadata(Rest {
                parsed,
                service,
                original: (left_out > 0).then_some(text.len() as u64 + left_out),
            });
        });
    }
}

/// The metadata of an entry.
struct Rest<'a> {
    parsed: &'a Parsed<'a>,
    service: Option<&'a str>,
    original: Option<u64>,
}

impl IntoMetadata for Rest<'_> {
    fn write_to(self, fields: &mut Fields<'_>) {
        for (key, value) in &self.parsed.fields {
            fields.field(key, value);
        }
        if let Some(service) = self.service {
            fields.field("service", service);
        }
        if let Some(original) = self.original {
            fields.field("_truncated", &true);
            fields.field("_original_size", &original);
        }
    }
}

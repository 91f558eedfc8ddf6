//! A wire that is easy to read.

use crate::{Outcome, Record, ServerAnswer, Timestamp, Wire};

/// Sends the messages alone, which are numbers: `{"logs":[1,22]}`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers {
    /// Bytes that a number has at least.
    pub(super) width: usize,
    /// A number that has more bytes than its record, and how many.
    pub(super) large: Option<(&'static str, usize)>,
    pub(super) max_entries: usize,
    pub(super) max_body_bytes: usize,
    /// Whether a body has a few bytes in the end, however large it was.
    pub(super) is_compressed: bool,
}

pub(super) const START: &str = "{\"logs\":[";
pub(super) const END: &str = "]}";

impl Default for Numbers {
    fn default() -> Self {
        Self {
            width: 1,
            large: None,
            max_entries: 1_000,
            max_body_bytes: 50 * 1024 * 1024,
            is_compressed: false,
        }
    }
}

impl Wire for Numbers {
    fn name(&self) -> &'static str {
        "numbers"
    }

    fn path(&self) -> &'static str {
        "/numbers"
    }

    fn content_type(&self) -> &'static str {
        "text/numbers"
    }

    fn max_entries(&self) -> usize {
        self.max_entries
    }

    fn max_body_bytes(&self) -> usize {
        self.max_body_bytes
    }

    fn begin(&mut self, body: &mut Vec<u8>) {
        body.extend_from_slice(START.as_bytes());
    }

    fn separate(&self, body: &mut Vec<u8>) {
        if body.len() > START.len() {
            body.push(b',');
        }
    }

    fn render(&mut self, record: Record<'_>, body: &mut Vec<u8>) {
        let number = record.message().expect("each entry has a number");
        let width = self.large.filter(|(large, _)| *large == number).map_or(self.width, |(_, width)| width);
        body.extend_from_slice(format!("{number:0>width$}").as_bytes());
    }

    fn end_bytes(&self) -> usize {
        END.len()
    }

    fn end(&mut self, body: &mut Vec<u8>) {
        body.extend_from_slice(END.as_bytes());
        if self.is_compressed {
            body.truncate(20);
        }
    }

    fn outcome(&self, answer: ServerAnswer<'_>, retry_after_header: Option<&str>, now: Timestamp) -> Outcome {
        answer.outcome(retry_after_header, now)
    }
}

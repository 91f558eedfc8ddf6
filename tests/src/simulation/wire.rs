//! A wire that sends the messages, enlarged as the plan says.

use std::sync::{Arc, Mutex};

use logtide_core::{Outcome, Record, ServerAnswer, Timestamp, Wire};

use super::entry::Make;

#[derive(Debug)]
pub(super) struct Texts {
    make: Make,
    max_body_bytes: usize,
    too_large: Arc<Mutex<Vec<u64>>>,
}

impl Texts {
    pub(super) const MAX_ENTRIES: usize = 1_000;
    const START: &str = "{\"logs\":[";
    const END: &str = "]}";

    pub(super) fn new(make: Make, max_body_bytes: usize) -> Self {
        Self { make, max_body_bytes, too_large: Arc::default() }
    }

    /// Returns the entries that were too large for any body.
    pub(super) fn too_large(&self) -> Arc<Mutex<Vec<u64>>> {
        Arc::clone(&self.too_large)
    }

    /// Returns the size of a body with only that entry.
    pub(super) fn body_bytes(make: Make, id: u64) -> usize {
        Self::START.len() + make.entry(id).len() + Self::END.len()
    }
}

impl Wire for Texts {
    fn name(&self) -> &'static str {
        "texts"
    }

    fn path(&self) -> &'static str {
        "/"
    }

    fn content_type(&self) -> &'static str {
        "text/plain"
    }

    fn max_entries(&self) -> usize {
        Self::MAX_ENTRIES
    }

    fn max_body_bytes(&self) -> usize {
        self.max_body_bytes
    }

    fn begin(&mut self, body: &mut Vec<u8>) {
        body.extend_from_slice(Self::START.as_bytes());
    }

    fn separate(&self, body: &mut Vec<u8>) {
        if body.len() > Self::START.len() {
            body.push(b',');
        }
    }

    fn render(&mut self, record: Record<'_>, out: &mut Vec<u8>) {
        self.make.swell(record.message().expect("each entry has a message"), out);
    }

    fn write(&mut self, record: Record<'_>, body: &mut Vec<u8>) {
        let message = record.message().expect("each entry has a message");
        let is_first = body.len() == Self::START.len();
        self.separate(body);
        self.render(record, body);
        if is_first && body.len() + self.end_bytes() > self.max_body_bytes {
            self.too_large.lock().expect("no thread panics").push(Make::id(message));
        }
    }

    fn end_bytes(&self) -> usize {
        Self::END.len()
    }

    fn end(&mut self, body: &mut Vec<u8>) {
        body.extend_from_slice(Self::END.as_bytes());
    }

    fn outcome(&self, answer: ServerAnswer<'_>, retry_after_header: Option<&str>, now: Timestamp) -> Outcome {
        answer.outcome(retry_after_header, now)
    }
}

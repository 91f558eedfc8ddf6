//! Spans on their way to the worker.

use std::borrow::Cow;

use logtide_core::{
    Content, Head, Id, Level, Record, RecordWriter, SpanData, SpanFields, SpanTimes, limits::cut_bytes,
};

use crate::{ActiveSpan, Client, client::now_nanos, nesting::Nested, sync::Driver};

/// A span that has ended, for what connects a framework to the SDK, as `logtide-tracing` does.
#[derive(Clone, Copy, Debug)]
pub struct EndedSpan<'a> {
    /// What it is called.
    pub name: &'a str,
    /// Its service; empty for the default one.
    pub service: &'a str,
    /// Its ids, and whether its trace is sampled.
    pub active: &'a ActiveSpan,
    /// When it started, and its kind. Unless it says otherwise, it ends now. Parent and flags of the trace are those of `active`.
    pub times: SpanTimes,
    /// Its attributes. They know the call site where it was made.
    pub fields: &'a SpanFields,
    /// Events, links and status.
    pub data: &'a SpanData,
    /// Whether module, file and line of its call site are among the attributes.
    pub origin: bool,
}

/// Bytes of a name, and of a service, that are kept.
const MAX_NAME_BYTES: usize = 1_024;

impl Client {
    /// Leaves a span that has ended for the worker, if its trace is sampled.
    ///
    /// A trace id that is not of the W3C form becomes an id that is [made of it](logtide_core::OwnedId::to_w3c), and stays as the attribute
    /// `trace_id`. Of a span that is larger than an entry may be, events and links are left out, and then attributes.
    pub fn submit_span(&self, span: &EndedSpan<'_>) {
        if !span.active.is_sampled() || Driver::is_driver_thread() {
            return;
        }
        let Some(handle) = self.handle().spans() else { return };
        let Some(_nested) = Nested::begin() else {
            return handle.refuse_nested();
        };
        let delivery = handle.delivery();
        if handle.refuses(delivery) {
            return;
        }
        let (content, mut writer) = (handle.content(), RecordWriter::default());
        let most = content.max_entry_bytes();
        let record = span.write(content, &mut writer);
        if record.len() <= most {
            return handle.offer(delivery, record, None);
        }
        let data = span.data.without_details();
        let mut smaller = EndedSpan { data: &data, ..*span };
        let none = SpanFields::default();
        if smaller.write(content, &mut writer).len() > most {
            smaller.fields = &none;
        }
        handle.offer(delivery, smaller.write(content, &mut writer), None);
    }
}

impl EndedSpan<'_> {
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

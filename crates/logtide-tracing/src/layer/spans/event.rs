//! Events of spans.

use logtide_client::integration::now_nanos;
use logtide_core::{Content, Fields, IntoMetadata, SpanFields as Written, limits::cut_bytes};
use tracing_core::{Event, Level};

use crate::{callsite::Callsite, log_record, recorder::Recorder};

/// The longest name of an event, in bytes: the same limit as for the name of a span.
const MAX_NAME_BYTES: usize = 1_024;

/// The name of an event with an error, from OpenTelemetry's semantic conventions.
const EXCEPTION: &str = "exception";

/// An event of a span.
pub(super) struct SpanEvent {
    pub(super) nanos: u64,
    pub(super) name: String,
    pub(super) fields: Written,
}

impl SpanEvent {
    pub(super) fn write(event: &Event<'_>, callsite: Callsite, content: &Content) -> Self {
        let nanos = now_nanos();
        let mut fields = Written::new(callsite.registered, content, Attributes { event, callsite });
        let message = fields.take_message().filter(|message| !message.is_empty());
        let is_error = fields.error_message().is_some();
        let is_long = message.as_ref().is_some_and(|message| message.len() > MAX_NAME_BYTES);
        if let Some(message) = message.as_deref().filter(|_| is_error || is_long) {
            fields = fields.updated(&Written::new(None, content, [("message", message)]));
        }
        let name = match message {
            _ if is_error => EXCEPTION.to_owned(),
            Some(message) => cut(message),
            None => event.metadata().name().to_owned(),
        };
        Self { nanos, name, fields }
    }

    /// Describes why the span failed: the event's message, or the message of its error.
    pub(super) fn what_failed(&self) -> String {
        let message = match &self.name {
            name if name != EXCEPTION => Some(name.as_str()),
            _ => self.fields.text("message").or_else(|| self.fields.error_message()),
        };
        cut(message.unwrap_or_default().to_owned())
    }
}

fn cut(text: String) -> String {
    let mut text = text;
    text.truncate(cut_bytes(&text, MAX_NAME_BYTES).len());
    text
}

#[derive(Clone, Copy)]
struct Attributes<'a> {
    event: &'a Event<'a>,
    callsite: Callsite,
}

impl IntoMetadata for Attributes<'_> {
    fn write_to(self, fields: &mut Fields<'_>) {
        let Self { event, callsite } = self;
        let metadata = event.metadata();
        let log_record = callsite.is_log_record().then_some((event, false));
        event.record(&mut Recorder::of_event(fields, callsite, None, log_record));
        fields.field("level", level(*metadata.level()));
        if callsite.is_log_record() {
            log_record::with_metadata(event, |record| fields.field("target", record.target()));
        } else {
            fields.field("target", metadata.target());
        }
    }
}

const fn level(level: Level) -> &'static str {
    match level {
        Level::ERROR => "ERROR",
        Level::WARN => "WARN",
        Level::INFO => "INFO",
        Level::DEBUG => "DEBUG",
        Level::TRACE => "TRACE",
    }
}

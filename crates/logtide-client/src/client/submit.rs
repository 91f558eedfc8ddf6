//! From a log call to the buffer.

use std::{cell::Cell, fmt::Display, panic::Location};

use logtide_core::{
    CallSite, DropReason, Fields, Frame, Head, Id, IntoMetadata, Item, Key, Level, Record, RecordWriter,
    SampleRate, TraceId, bridge::Origin,
};

use super::{Client, now_nanos};
use crate::{context, integration::ActiveSpan, nesting::Nested, random, stacktrace::Stack, sync::Driver};

/// A writer whose buffer grew beyond this size for one large entry is not reused.
const KEPT_BYTES: usize = 64 * 1024;

/// The most bytes of field names to keep for a call site.
const MAX_NAMES_BYTES: usize = 512;

/// The [note](CallSite::notes) of call sites under which the location of a log call is stored.
const DIRECT: u64 = 1;

/// Writes an entry. Called once.
pub(super) type Write<'w> = &'w mut dyn FnMut(&mut Fields<'_>);

thread_local! {
    /// The thread's own writer. A message or metadata that logs while it is formatted finds another one.
    static WRITER: Cell<RecordWriter> = Cell::default();
}

impl Client {
    /// Logs an entry from a location in the program. The static data of the location is registered with its first
    /// entry.
    #[inline]
    pub(crate) fn log_call(
        &self,
        location: &'static Location<'static>,
        level: Level,
        service: &str,
        message: impl Display,
        metadata: impl IntoMetadata,
    ) {
        let mut metadata = Some(metadata);
        let mut write = |fields: &mut Fields<'_>| {
            fields.message_arguments(format_args!("{message}"));
            if let Some(metadata) = metadata.take() {
                fields.metadata(metadata);
            }
        };
        self.log_from(location, level, service, &mut write);
    }

    fn log_from(&self, location: &'static Location<'static>, level: Level, service: &str, write: Write<'_>) {
        let address = std::ptr::from_ref(location).addr();
        let mut head = Head::new(level, service);
        head.call_site = CallSite::find(address, |call_site| call_site.notes() == DIRECT);
        if head.call_site.is_some() {
            self.submit_entry(&head, None, None, write);
        } else {
            let frame = Frame::from(location);
            head.location = Some(&frame);
            self.submit_entry(&head, None, Some(location), write);
        }
    }

    /// Logs an entry that `write` produces. An entry of a panic has the panic's stack.
    #[inline]
    pub(crate) fn submit_once(
        &self,
        head: &Head<'_>,
        stack: Option<Stack>,
        write: impl FnOnce(&mut Fields<'_>),
    ) {
        let mut write = Some(write);
        let mut write = |fields: &mut Fields<'_>| {
            if let Some(write) = write.take() {
                write(fields);
            }
        };
        self.submit_entry(head, stack, None, &mut write);
    }

    /// Logs an entry that `write` produces. Scope, ids, time and buffer are the same for every kind of log call.
    ///
    /// A new call site gets its names from the first entry. An entry of a panic has the panic's stack.
    pub(crate) fn submit_entry(
        &self,
        head: &Head<'_>,
        stack: Option<Stack>,
        new_site: Option<&'static Location<'static>>,
        write: Write<'_>,
    ) {
        // Entries that the SDK and its libraries log while sending would cause further requests without end.
        if Driver::is_driver_thread() {
            return;
        }
        // Before any allocation, since an allocator may log. In a forked child the delivery itself is allocated.
        let Some(_nested) = Nested::begin() else {
            return self.handle.refuse_nested();
        };
        let delivery = self.handle.delivery();
        if self.handle.refuses(delivery) {
            return;
        }
        let options = self.handle.options();
        let (scope, fallback, span) =
            (self.scope_of_entry(), self.handle.fallback_trace().get(), ActiveSpan::current());
        let (nanos, mut ids) = (now_nanos(), head.ids);
        if let Some(span) = &span {
            span.fill(&mut ids);
        }
        if let Some(scope) = &scope {
            scope.fill(&mut ids);
        }
        if ids.trace_id.is_none_or(|id| id.is_empty()) {
            ids.trace_id = match &fallback {
                Some(id) => Some(Id::Text(id)),
                None if options.auto_trace_id => Some(context::new_trace_id().into()),
                None => None,
            };
        }
        let mut identity = None;
        if !self.handle.takes_all_unchanged() {
            if let Some(hook) = &options.before_send {
                let mut head = *head;
                (head.nanos, head.ids, head.content) = (nanos, ids, self.handle.content());
                identity = delivery.identities.next(nanos);
                return self.submit_through(hook, &head, identity, scope.as_ref(), stack, write);
            }
            if !self.keeps(ids.trace_id) {
                return;
            }
            identity = delivery.identities.next(nanos);
        }
        let mut writer = WRITER.try_with(Cell::take).unwrap_or_default();
        let mut fields = writer.begin_with(head, nanos, &ids, self.handle.content(), identity.as_ref());
        write(&mut fields);
        if let Some(scope) = &scope {
            fields.scope(scope);
        }
        let stack = if fields.has_error() { stack.or_else(|| self.stack_of_error()) } else { None };
        let record = fields.finish();
        if let Some(location) = new_site {
            register(location, record);
        }
        self.handle.offer(delivery, record, stack);
        if writer.capacity() <= KEPT_BYTES {
            // The thread-local value is gone while the thread ends.
            let _ = WRITER.try_with(|kept| kept.set(writer));
        }
    }

    /// Whether the sample rate keeps an entry of that trace. Counts the entry otherwise.
    #[inline]
    pub(super) fn keeps(&self, trace_id: Option<Id<'_, TraceId>>) -> bool {
        let rate = SampleRate::new(self.handle.options().sample_rate);
        rate.keeps_all() || self.keeps_at(rate, trace_id)
    }

    fn keeps_at(&self, rate: SampleRate, trace_id: Option<Id<'_, TraceId>>) -> bool {
        let keeps = {
            let mut digits = [0; TraceId::DIGITS];
            let trace_id = trace_id.as_ref().map(|id| match id {
                Id::Text(text) => text,
                Id::W3c(id) => id.write(&mut digits),
            });
            rate.keeps(trace_id, random::f64())
        };
        if !keeps {
            self.handle.intake().refuse(DropReason::Sampled);
        }
        keeps
    }

    /// The stack of the log call if it logs an error and the application asked for frames.
    pub(super) fn stack_of_error(&self) -> Option<Stack> {
        if self.handle.options().attach_stacktrace { Stack::of_error() } else { None }
    }
}

/// Registers the location of a log call with the field names of its first entry.
#[cold]
fn register(location: &'static Location<'static>, record: Record<'_>) {
    let mut bytes = 0;
    let names: Vec<String> = record
        .items()
        .map_while(|item| match item {
            Item::Field(Key::Text(name), _) => Some(name),
            _ => None,
        })
        .take_while(|name| {
            bytes += name.len();
            bytes <= MAX_NAMES_BYTES
        })
        .map(str::to_owned)
        .collect();
    let mut origin = Origin::default();
    (origin.file, origin.line) = (Some(location.file()), Some(location.line()));
    let call_site = CallSite::new(origin, names.into_iter().map(Into::into));
    let service = record.service().filter(|service| service.len() <= MAX_NAMES_BYTES).map(str::to_owned);
    let call_site = service.into_iter().fold(call_site, CallSite::service);
    let address = std::ptr::from_ref(location).addr();
    let _ = call_site.column(location.column()).with_notes(DIRECT).register(address);
}

#[cfg(test)]
mod tests;

//! The application's last word on an entry.

use logtide_core::{DropReason, Head, Identity, LogEntry, RecordWriter, Scope};

use super::{Client, handle::write_final, is_logging_panic, submit::Write};
use crate::{
    hook::{self, Verdict},
    options::BeforeSend,
    stacktrace::Stack,
};

impl Client {
    /// Gives the application's hook the entry as it would be sent, and sends what it returns as it is, within the size of an entry.
    #[cold]
    pub(super) fn submit_through(
        &self,
        hook: &BeforeSend,
        head: &Head<'_>,
        identity: Option<Identity>,
        scope: Option<&Scope>,
        stack: Option<Stack>,
        write: Write<'_>,
    ) {
        let mut writer = RecordWriter::default();
        let mut fields = writer.begin_with(head, head.nanos, &head.ids, head.content, identity.as_ref());
        write(&mut fields);
        if let Some(scope) = scope {
            fields.scope(scope);
        }
        let stack = if fields.has_error() { stack.or_else(|| self.stack_of_error()) } else { None };
        let record = fields.finish();
        // What the hook logs itself would pass through it without end, and a panic of it would end a process that panics already.
        let passes = hook::is_running(hook) || is_logging_panic();
        if !passes {
            // The hook sees the frames, and nothing is added behind it.
            match hook::call(hook, self.handle.render_with(record, stack.as_ref())) {
                Verdict::Send(entry) => return self.submit_final(head, &entry),
                Verdict::Drop => return self.handle.intake().refuse(DropReason::Filtered),
                Verdict::Panicked => self.handle.tell_hook_panic(),
            }
        }
        if self.keeps(head.ids.trace_id) {
            self.handle.offer(self.handle.delivery(), record, stack);
        }
    }

    /// Sends an entry as it is.
    fn submit_final(&self, call: &Head<'_>, entry: &LogEntry) {
        let mut head = entry.head();
        if !self.keeps(head.ids.trace_id) {
            return;
        }
        (head.nanos, head.location) = (call.nanos, call.location);
        let mut writer = RecordWriter::default();
        self.handle.offer(self.handle.delivery(), write_final(&mut writer, &head, entry), None);
    }
}

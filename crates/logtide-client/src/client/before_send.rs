//! Runs the `before_send` hook on an entry.

use logtide_core::{DropReason, Head, Identity, LogEntry, RecordWriter, Scope};

use super::{Client, handle::write_final, is_logging_panic, submit::Write};
use crate::{
    hook::{self, HookResult},
    options::BeforeSend,
    stacktrace::Stack,
};

impl Client {
    /// Passes the entry to the hook as it would be sent. What the hook returns is sent unchanged, truncated to the size
    /// limit.
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
        // Entries that the hook logs would pass through it without end. While a panic is logged, a panic of the hook
        // would abort the process.
        let passes = hook::is_running(hook) || is_logging_panic();
        if !passes {
            // The hook sees the frames, and nothing is added after it.
            match hook::call(hook, self.handle.render_with(record, stack.as_ref())) {
                HookResult::Send(entry) => return self.submit_final(head, &entry),
                HookResult::Drop => return self.handle.intake().refuse(DropReason::Filtered),
                HookResult::Panicked => self.handle.report_hook_panic(),
            }
        }
        if self.keeps(head.ids.trace_id) {
            self.handle.offer(self.handle.delivery(), record, stack);
        }
    }

    /// Sends an entry unchanged.
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

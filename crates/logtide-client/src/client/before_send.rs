//! The application's last word on an entry.

use std::fmt::Display;

use logtide_core::{BaseMetadata, DropReason, Head, IntoMetadata, LogEntry};

use super::{Client, Now, is_logging_panic};
use crate::{
    hook::{self, Verdict},
    options::BeforeSend,
    scratch,
    stacktrace::Stack,
};

impl Client {
    /// Gives the application's hook the entry as it would be sent, and sends what it returns as it is, within the size of an entry.
    pub(super) fn submit_through(
        &self,
        hook: &BeforeSend,
        now: Now,
        head: &Head<'_>,
        stack: Option<Stack>,
        message: impl Display,
        metadata: impl IntoMetadata,
    ) {
        let (mut encoded, mut stack) =
            scratch::encode(head, message, metadata, self.handle.base(), |encoder| {
                (encoder.encoded().to_vec(), self.stack(stack, encoder.has_error()))
            });
        // What the hook logs itself would pass through it without end, and a panic of it would end a process that panics already.
        let passes = hook::is_running() || is_logging_panic();
        let entry = if passes {
            None
        } else {
            // The hook sees the frames, and nothing is added behind it.
            if let Some(stack) = stack.take() {
                stack.resolve();
                encoded = stack.attach(&encoded, self.handle.content()).unwrap_or(encoded);
            }
            LogEntry::from_encoded(head, &encoded)
        };
        match entry.map(|entry| hook::call(hook, entry)) {
            Some(Verdict::Send(entry)) => {
                if self.keeps(entry.trace_id.as_deref()) {
                    let mut head = entry.head(now.time, head.location);
                    head.content = self.handle.final_content();
                    let base = BaseMetadata::empty();
                    scratch::encode(&head, &entry.message, &entry.metadata, &base, |encoder| {
                        self.hand_over(now, encoder.encoded(), None);
                    });
                }
                return;
            }
            Some(Verdict::Drop) => return self.handle.intake().refuse(DropReason::Filtered),
            Some(Verdict::Panicked) => self.handle.tell_hook_panic(),
            None => {}
        }
        if self.keeps(head.trace_id) {
            self.hand_over(now, &encoded, stack);
        }
    }
}

//! An entry between the log call and the pipeline.

use crate::stacktrace::Stack;

/// An encoded entry. Most are bytes alone; one with an error may bring the stack of its call, whose frames the worker attaches.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    /// When it was logged, in nanoseconds since 1970.
    pub(crate) time: u64,
    /// Its encoded form.
    pub(crate) bytes: &'a [u8],
    /// The stack of the log call.
    pub(crate) backtrace: Option<Stack>,
}

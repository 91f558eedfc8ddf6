//! Backtraces: captured by the log call, symbolised by the worker.

use std::{
    backtrace::{Backtrace, BacktraceStatus},
    fmt::Write as _,
};

use logtide_core::{Content, Stacktrace};

/// The stack of the calling thread, if it is asked for: by `always`, or by `RUST_BACKTRACE` and `RUST_LIB_BACKTRACE`.
///
/// It holds addresses. Names are looked up where it is displayed, which takes a hundred times as long and reads files.
#[cold]
pub(crate) fn capture(always: bool) -> Option<Backtrace> {
    let backtrace = if always { Backtrace::force_capture() } else { Backtrace::capture() };
    (backtrace.status() == BacktraceStatus::Captured).then_some(backtrace)
}

/// The entry with the frames of its backtrace, or `None` where there are none to attach.
#[cold]
pub(crate) fn attach(backtrace: &Backtrace, entry: &[u8], content: &Content) -> Option<Vec<u8>> {
    let mut text = String::new();
    // A Display that fails leaves what it wrote until then.
    let _ = write!(text, "{backtrace}");
    Stacktrace::parse(&text).attach(entry, content)
}

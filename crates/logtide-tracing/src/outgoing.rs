//! The data of a span until it is sent.

mod pieces;

use std::sync::{
    OnceLock,
    atomic::{AtomicU64, Ordering},
};

use logtide_client::integration::{ActiveSpan, now_nanos};
use logtide_core::{SpanData, SpanId, SpanTimes};

pub(crate) use self::pieces::Piece;
use self::pieces::Pieces;

/// The data of a span that is sent when it closes, except for its fields. Allocates only when something happens in the span.
#[derive(Debug)]
pub(crate) struct Outgoing {
    start: u64,
    /// When a thread last exited it; 0 before that.
    left: AtomicU64,
    /// Known as soon as the span's ids are used.
    fate: OnceLock<(SpanId, Fate)>,
    pieces: Pieces,
}

/// Whether and by whom a span is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// This layer sends it.
    Sent,
    /// It is left out with its whole trace.
    Unsampled,
    /// OpenTelemetry sends it.
    Foreign,
}

impl Outgoing {
    /// Creates the data of a span that started at `start`, in nanoseconds since 1970.
    pub(crate) const fn new(start: u64) -> Self {
        Self { start, left: AtomicU64::new(0), fate: OnceLock::new(), pieces: Pieces::new() }
    }

    /// Decides whether the span is sent. Called when its ids are first used.
    pub(crate) fn settle(&self, ids: &ActiveSpan, is_foreign: bool) {
        if self.fate.get().is_none() {
            let _ = self.fate.set((ids.span_id(), Fate::of(ids, is_foreign)));
        }
    }

    /// Returns the span's id and whether it is sent, or `None` before its ids are used.
    pub(crate) fn fate(&self) -> Option<(SpanId, Fate)> {
        self.fate.get().copied()
    }

    /// Records that a thread exits the span at this moment.
    pub(crate) fn leave(&self) {
        if self.fate().is_some_and(|(_, fate)| fate == Fate::Sent) {
            self.left.fetch_max(now_nanos(), Ordering::Relaxed);
        }
    }

    /// Adds an event or a link.
    pub(crate) fn add(&self, piece: Piece) {
        self.pieces.add(piece);
    }

    /// Counts an event that is left out.
    pub(crate) fn miss_event(&self) {
        self.pieces.miss_event();
    }

    /// Whether it is known to have failed.
    pub(crate) fn has_failed(&self) -> bool {
        self.pieces.has_failed()
    }

    /// Marks the span as failed. Only the first reason counts.
    pub(crate) fn fail(&self, why: String) {
        self.pieces.fail(why);
    }

    /// Ends the span, and returns its times, its events and links, and why it failed.
    pub(crate) fn finish(&self) -> (SpanTimes, SpanData, Option<String>) {
        let mut times = SpanTimes::new(self.start);
        let left = self.left.load(Ordering::Relaxed);
        times.end = (left != 0).then_some(left);
        let (data, failure) = self.pieces.take(&mut times);
        (times, data, failure)
    }
}

impl Fate {
    pub(crate) fn of(ids: &ActiveSpan, is_foreign: bool) -> Self {
        match ids.is_sampled() {
            _ if is_foreign => Self::Foreign,
            true => Self::Sent,
            false => Self::Unsampled,
        }
    }
}

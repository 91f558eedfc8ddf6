//! What is kept of a span until it is sent.

mod pieces;

use std::sync::{
    OnceLock,
    atomic::{AtomicU64, Ordering},
};

use logtide_client::integration::{ActiveSpan, now_nanos};
use logtide_core::{SpanData, SpanId, SpanTimes};

pub(crate) use self::pieces::Piece;
use self::pieces::Pieces;

/// What is kept of a span that is sent when it has ended, beside its fields. Nothing is allocated before something happens in it.
#[derive(Debug)]
pub(crate) struct Outgoing {
    start: u64,
    /// When a thread left it last; 0 before that.
    left: AtomicU64,
    /// Known once its ids are used.
    fate: OnceLock<(SpanId, Fate)>,
    pieces: Pieces,
}

/// What becomes of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is sent.
    Sent,
    /// It is left out, with all of its trace.
    Unsampled,
    /// OpenTelemetry sends it.
    Foreign,
}

impl Outgoing {
    /// Of a span that started then, in nanoseconds since 1970.
    pub(crate) const fn new(start: u64) -> Self {
        Self { start, left: AtomicU64::new(0), fate: OnceLock::new(), pieces: Pieces::new() }
    }

    /// Notes what becomes of it, once its ids are used.
    pub(crate) fn settle(&self, ids: &ActiveSpan, is_foreign: bool) {
        if self.fate.get().is_none() {
            let _ = self.fate.set((ids.span_id(), Fate::of(ids, is_foreign)));
        }
    }

    /// The span's id, and what becomes of it; none before its ids are used.
    pub(crate) fn fate(&self) -> Option<(SpanId, Fate)> {
        self.fate.get().copied()
    }

    /// Notes that a thread leaves it now.
    pub(crate) fn leave(&self) {
        if self.fate().is_some_and(|(_, fate)| fate == Fate::Sent) {
            self.left.fetch_max(now_nanos(), Ordering::Relaxed);
        }
    }

    /// Adds something that happened in it.
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

    /// Says that it failed, and why. The first time counts.
    pub(crate) fn fail(&self, why: String) {
        self.pieces.fail(why);
    }

    /// Times and what happened in it, now that it has ended; and why it failed.
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

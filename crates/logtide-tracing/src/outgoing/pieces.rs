//! Events and links of a span.

use std::{
    iter, mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

use logtide_core::{SpanData, SpanFields, SpanId, SpanTimes, TraceId};

/// Events and links of a span, and why it failed.
///
/// Memory is allocated and freed outside the lock: an allocator may log, and so add an event.
#[derive(Debug)]
pub(super) struct Pieces(Mutex<Inner>);

#[derive(Debug)]
struct Inner {
    newest: Option<Box<Linked>>,
    failure: Option<String>,
    events: u32,
    links: u32,
    dropped_events: u32,
    dropped_links: u32,
}

/// An event or a link.
#[derive(Debug)]
pub(crate) enum Piece {
    /// An event.
    Event {
        /// The time in nanoseconds since 1970.
        nanos: u64,
        /// The name.
        name: String,
        /// The attributes.
        fields: SpanFields,
    },
    /// A link to another span that this one follows from.
    Link(TraceId, SpanId),
}

#[derive(Debug)]
struct Linked {
    piece: Piece,
    before: Option<Box<Self>>,
}

impl Pieces {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(Inner {
            newest: None,
            failure: None,
            events: 0,
            links: 0,
            dropped_events: 0,
            dropped_links: 0,
        }))
    }

    /// Adds a piece, or counts it if the limit for its kind is reached.
    pub(super) fn add(&self, piece: Piece) {
        let mut linked = Box::new(Linked { piece, before: None });
        let mut inner = self.lock();
        if inner.has_room(&linked.piece) {
            linked.before = inner.newest.take();
            inner.newest = Some(linked);
        } else {
            // Unlocks before the piece is freed.
            drop(inner);
        }
    }

    pub(super) fn miss_event(&self) {
        let mut inner = self.lock();
        inner.dropped_events = inner.dropped_events.saturating_add(1);
    }

    pub(super) fn has_failed(&self) -> bool {
        self.lock().failure.is_some()
    }

    /// Keeps the first reason.
    pub(super) fn fail(&self, why: String) {
        let mut inner = self.lock();
        if inner.failure.is_none() {
            inner.failure = Some(why);
        } else {
            // Unlocks before the text is freed.
            drop(inner);
        }
    }

    /// Takes all pieces in the order in which they were added, and sets the counts of dropped ones in `times`.
    pub(super) fn take(&self, times: &mut SpanTimes) -> (SpanData, Option<String>) {
        let (newest, failure) = {
            let mut inner = self.lock();
            (times.dropped_events, times.dropped_links) = (inner.dropped_events, inner.dropped_links);
            (inner.newest.take(), inner.failure.take())
        };
        let mut next = newest;
        let mut pieces: Vec<Piece> = iter::from_fn(|| {
            let Linked { piece, before } = *mem::take(&mut next)?;
            next = before;
            Some(piece)
        })
        .collect();
        let mut data = SpanData::default();
        while let Some(piece) = pieces.pop() {
            match piece {
                Piece::Event { nanos, name, fields } => data.event(nanos, &name, &fields),
                Piece::Link(trace_id, span_id) => data.link(trace_id, span_id, &SpanFields::default()),
            }
        }
        (data, failure)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn has_room(&mut self, piece: &Piece) -> bool {
        let (count, most, dropped) = match piece {
            Piece::Event { .. } => (&mut self.events, SpanData::MAX_EVENTS, &mut self.dropped_events),
            Piece::Link(..) => (&mut self.links, SpanData::MAX_LINKS, &mut self.dropped_links),
        };
        let has_room = *count < most;
        let counted = if has_room { count } else { dropped };
        *counted = counted.saturating_add(1);
        has_room
    }
}

//! Notes about panics.

use std::{
    any::{Any, TypeId},
    panic::PanicHookInfo,
    sync::{
        Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    thread::{self, ThreadId},
};

use logtide_core::{Frame, Panic};
use logtide_transport::PerProcess;

use super::Handle;
use crate::stacktrace::Stack;

/// Data about a panic that is available only while its hook runs, kept for the code that catches it.
#[derive(Debug)]
pub(crate) struct Note {
    payload: Payload,
    thread: ThreadId,
    thread_name: String,
    /// File, line and column.
    location: Option<(String, u32, u32)>,
    stack: Option<Stack>,
    /// The clients that have logged its exception.
    logged_by: Mutex<Vec<Weak<Handle>>>,
    /// The address of the caught payload; 0 until it is caught.
    caught_at: AtomicUsize,
}

/// Identifies a payload when it is caught.
#[derive(Debug, PartialEq, Eq)]
enum Payload {
    /// A heap-allocated text, which is unique to one panic.
    Text {
        address: usize,
        length: usize,
    },
    /// A static text. All panics of a call site share it, and the texts of the standard library are shared by all call
    /// sites.
    Literal {
        address: usize,
        length: usize,
    },
    Other(TypeId),
}

/// The number of notes to keep: as many threads can panic before the first panic is caught.
const KEPT: usize = 32;

/// The latest notes, and the index of the next one.
type Notes = ([Option<Arc<Note>>; KEPT], usize);

/// A child starts without notes: threads that it does not have may be using those of its parent.
static NOTES: LazyLock<PerProcess<Mutex<Notes>>> =
    LazyLock::new(|| PerProcess::new(Mutex::default(), |_| Mutex::default()));

/// Keeps a note for the code that catches the panic.
pub(super) fn keep(note: Note) {
    let note = Arc::new(note);
    let mut notes = lock();
    let (kept, next) = &mut *notes;
    let oldest = kept[*next].replace(note);
    *next = (*next + 1) % KEPT;
    drop(notes);
    drop(oldest);
}

/// The note of a caught panic, if there is one.
pub(crate) fn note_of(payload: &(dyn Any + Send)) -> Option<Arc<Note>> {
    let notes = lock();
    let note = notes.0[find(&notes, payload)?].clone()?;
    if size_of_val(payload) > 0 {
        note.caught_at.store(address_of(payload), Ordering::Relaxed);
    }
    Some(note)
}

/// Removes the note of a panic, if there is one. Otherwise a later panic that looks the same, but has no note, could be
/// mistaken for it.
pub(crate) fn forget(payload: &(dyn Any + Send)) {
    let mut notes = lock();
    let note = find(&notes, payload).and_then(|at| notes.0[at].take());
    drop(notes);
    drop(note);
}

/// The index of a payload's note: the latest of the calling thread, otherwise that of another thread if it is
/// unambiguous.
fn find((kept, next): &Notes, payload: &(dyn Any + Send)) -> Option<usize> {
    let (wanted, address, thread) = (Payload::of(payload), address_of(payload), thread::current().id());
    let latest_first = (1..=KEPT).map(|back| (next + KEPT - back) % KEPT);
    let (mut others, mut latest_other) = (0, None);
    for at in latest_first {
        let Some(note) = kept[at].as_ref().filter(|note| note.is_of(&wanted, address)) else { continue };
        if note.thread == thread {
            return Some(at);
        }
        others += 1;
        latest_other.get_or_insert(at);
    }
    latest_other.filter(|_| others == 1 || matches!(wanted, Payload::Text { .. }))
}

impl Note {
    pub(super) fn new(info: &PanicHookInfo<'_>) -> Self {
        let (location, thread) = (info.location(), thread::current());
        Self {
            payload: Payload::of(info.payload()),
            thread: thread.id(),
            thread_name: thread.name().unwrap_or("<unnamed>").to_owned(),
            location: location
                .map(|location| (location.file().to_owned(), location.line(), location.column())),
            stack: Stack::of_panic(),
            logged_by: Mutex::default(),
            caught_at: AtomicUsize::new(0),
        }
    }

    pub(super) fn thread(&self) -> &str {
        &self.thread_name
    }

    pub(crate) fn stack(&self) -> Option<Stack> {
        self.stack.clone()
    }

    /// Resolves the names of the stack on the calling thread.
    pub(super) fn resolve(&self) {
        if let Some(stack) = &self.stack {
            stack.resolve();
        }
    }

    /// The panic, with thread and location.
    pub(crate) fn panic<'a>(&'a self, message: &'a str) -> Panic<'a> {
        let panic = Panic::new(message).thread(&self.thread_name);
        let Some((file, line, column)) = &self.location else { return panic };
        let mut frame = Frame::default();
        (frame.file, frame.line, frame.column) = (Some(file.as_str()), Some(*line), Some(*column));
        panic.location(frame)
    }

    /// Whether the note may belong to the payload at that address. A payload that keeps unwinding stays at its address.
    fn is_of(&self, payload: &Payload, address: usize) -> bool {
        let caught_at = self.caught_at.load(Ordering::Relaxed);
        let is_at_address = caught_at == 0 || caught_at == address || matches!(payload, Payload::Text { .. });
        self.payload == *payload && is_at_address
    }

    /// Records that a client logs the exception. Returns false if it has already done so.
    pub(crate) fn mark_logged(&self, client: &Arc<Handle>) -> bool {
        let client = Arc::downgrade(client);
        let mut logged_by = self.logged_by.lock().unwrap_or_else(PoisonError::into_inner);
        let is_first = !logged_by.iter().any(|other| other.ptr_eq(&client));
        if is_first {
            logged_by.push(client);
        }
        is_first
    }
}

impl Payload {
    fn of(payload: &(dyn Any + Send)) -> Self {
        let parts = |text: &str| (text.as_ptr().addr(), text.len());
        if let Some((address, length)) = payload.downcast_ref::<String>().map(|text| parts(text)) {
            return Self::Text { address, length };
        }
        match payload.downcast_ref::<&str>().map(|text| parts(text)) {
            Some((address, length)) => Self::Literal { address, length },
            None => Self::Other(payload.type_id()),
        }
    }
}

fn address_of(payload: &(dyn Any + Send)) -> usize {
    std::ptr::from_ref(payload).addr()
}

fn lock() -> MutexGuard<'static, Notes> {
    NOTES.get().lock().unwrap_or_else(PoisonError::into_inner)
}

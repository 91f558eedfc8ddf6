//! What is known of a panic.

use std::{
    any::{Any, TypeId},
    panic::PanicHookInfo,
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak},
    thread::{self, ThreadId},
};

use logtide_core::{Frame, Panic};
use logtide_transport::PerProcess;

use super::Handle;
use crate::stacktrace::Stack;

/// What is known of a panic only while its hook runs, for those who catch it.
#[derive(Debug)]
pub(crate) struct Note {
    identity: Identity,
    message: String,
    thread: String,
    /// File, line and column.
    location: Option<(String, u32, u32)>,
    stack: Option<Stack>,
    /// The clients that wrote its exception.
    logged_by: Mutex<Vec<Weak<Handle>>>,
}

/// By what a payload is known again once it is caught, also by another thread. A payload that is a text keeps it where it is.
#[derive(Debug, PartialEq, Eq)]
enum Identity {
    Text { address: usize, length: usize },
    Other(TypeId, ThreadId),
}

/// Notes that are kept: as many as threads panic before the first of them is caught.
const KEPT: usize = 32;

/// The latest notes, and where the next one goes.
type Notes = ([Option<Arc<Note>>; KEPT], usize);

/// A child begins without notes: those of its parent may be in use by threads that it does not have.
static NOTES: LazyLock<PerProcess<Mutex<Notes>>> =
    LazyLock::new(|| PerProcess::new(Mutex::default(), |_| Mutex::default()));

/// Keeps a note for those who catch the panic.
pub(super) fn keep(note: Note) {
    let note = Arc::new(note);
    let mut notes = lock();
    let (kept, next) = &mut *notes;
    let oldest = kept[*next].replace(note);
    *next = (*next + 1) % KEPT;
    drop(notes);
    drop(oldest);
}

/// The note of a panic that was caught, if it was noted.
pub(crate) fn note_of(payload: &(dyn Any + Send)) -> Option<Arc<Note>> {
    let identity = Identity::of(payload);
    let notes = lock();
    let (kept, next) = &*notes;
    let latest_first = (1..=KEPT).filter_map(|back| kept[(next + KEPT - back) % KEPT].as_ref());
    latest_first.into_iter().find(|note| note.identity == identity).cloned()
}

impl Note {
    pub(super) fn new(info: &PanicHookInfo<'_>) -> Self {
        let location = info.location();
        Self {
            identity: Identity::of(info.payload()),
            message: Panic::message_of(info.payload()).to_owned(),
            thread: thread::current().name().unwrap_or("<unnamed>").to_owned(),
            location: location.map(|place| (place.file().to_owned(), place.line(), place.column())),
            stack: Stack::of_panic(),
            logged_by: Mutex::default(),
        }
    }

    pub(super) fn message(&self) -> &str {
        &self.message
    }

    pub(super) fn thread(&self) -> &str {
        &self.thread
    }

    pub(crate) fn stack(&self) -> Option<Stack> {
        self.stack.clone()
    }

    /// Looks the names of the stack up, on the calling thread.
    pub(super) fn resolve(&self) {
        if let Some(stack) = &self.stack {
            stack.resolve();
        }
    }

    /// The panic, with thread and place.
    pub(crate) fn panic<'a>(&'a self, message: &'a str) -> Panic<'a> {
        let panic = Panic::new(message).thread(&self.thread);
        let Some((file, line, column)) = &self.location else { return panic };
        let mut place = Frame::default();
        (place.file, place.line, place.column) = (Some(file.as_str()), Some(*line), Some(*column));
        panic.location(place)
    }

    /// Notes that a client writes the exception; false where it has written it already.
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

impl Identity {
    fn of(payload: &(dyn Any + Send)) -> Self {
        let text = payload.downcast_ref::<&str>().copied();
        match text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)) {
            Some(text) => Self::Text { address: text.as_ptr().addr(), length: text.len() },
            None => Self::Other(payload.type_id(), thread::current().id()),
        }
    }
}

fn lock() -> MutexGuard<'static, Notes> {
    NOTES.get().lock().unwrap_or_else(PoisonError::into_inner)
}

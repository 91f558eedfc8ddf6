//! What is known of all events of one place in the program.

use std::{
    cell::RefCell,
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
    ptr,
    rc::Rc,
};

use logtide_client::Client;
use logtide_core::{
    Key, Prepared,
    bridge::{Origin, Overrides},
};
use tracing_core::{Field, Metadata};

use crate::{log_record, message::MESSAGE};

/// Names and origin of an event, or names of a span, encoded once by each thread.
#[derive(Debug)]
pub(crate) struct Callsite {
    /// By the index of the field; none for the message, and for what is left out.
    keys: Vec<Option<Key>>,
    /// The index of the message.
    pub(crate) message: Option<usize>,
    /// It stands for events, not for a span.
    pub(crate) is_event: bool,
    /// Some fields may be no metadata.
    pub(crate) has_overrides: bool,
    /// It stands for the records of the `log` crate.
    pub(crate) is_log_record: bool,
    pub(crate) origin: Prepared,
}

/// What the encoding depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings<'a> {
    /// Tells layers apart.
    pub(crate) layer: u64,
    pub(crate) client: &'a Client,
    pub(crate) service_field: &'a str,
    pub(crate) location: bool,
}

/// Entries that a thread keeps: many more than most programs have, and an end for those that make layers again and again.
const KEPT: usize = 16 * 1024;

/// By layer and address: metadata is static, so no other takes its place.
type Callsites = HashMap<(u64, usize), Rc<Callsite>, BuildHasherDefault<Mixer>>;

thread_local! {
    static CALLSITES: RefCell<Callsites> = RefCell::default();
}

impl Callsite {
    /// The calling thread's own.
    pub(crate) fn of(metadata: &'static Metadata<'static>, settings: Settings<'_>) -> Rc<Self> {
        let id = (settings.layer, ptr::from_ref(metadata).addr());
        let cached = CALLSITES.try_with(|callsites| {
            let mut callsites = callsites.try_borrow_mut().ok()?;
            if callsites.len() >= KEPT {
                callsites.clear();
            }
            Some(callsites.entry(id).or_insert_with(|| Rc::new(Self::new(metadata, settings))).clone())
        });
        // The cache is gone while the thread ends.
        cached.ok().flatten().unwrap_or_else(|| Rc::new(Self::new(metadata, settings)))
    }

    /// The name under which a field is written, if it is.
    pub(crate) fn key(&self, field: &Field) -> Option<&Key> {
        self.keys.get(field.index())?.as_ref()
    }

    fn new(metadata: &Metadata<'_>, settings: Settings<'_>) -> Self {
        let is_log_record = log_record::is_one(metadata);
        let overrides = Overrides::new(settings.service_field);
        let message = if metadata.is_event() { metadata.fields().field(MESSAGE) } else { None }
            .map(|field| field.index());
        let key = |field: Field| {
            let name = field.name();
            let name = if is_log_record { log_record::key(name, settings.location)? } else { name };
            let name = name.strip_prefix("r#").unwrap_or(name);
            (Some(field.index()) != message).then(|| settings.client.prepare_key(name))
        };
        let mut origin = Origin::default();
        if metadata.is_event() && !is_log_record {
            origin.logger = Some(metadata.target());
            if settings.location {
                origin.module = metadata.module_path();
                (origin.file, origin.line) = (metadata.file(), metadata.line());
            }
        }
        Self {
            is_event: metadata.is_event(),
            keys: metadata.fields().iter().map(key).collect(),
            message,
            has_overrides: metadata.fields().iter().any(|field| overrides.knows(field.name())),
            is_log_record,
            origin: settings.client.prepare(origin),
        }
    }
}

/// Mixes the few bits in which addresses differ into all others.
#[derive(Debug, Default)]
struct Mixer(u64);

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64((*byte).into()));
    }

    fn write_u64(&mut self, number: u64) {
        // An odd number without a pattern: 2^64 divided by the golden ratio.
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }
}

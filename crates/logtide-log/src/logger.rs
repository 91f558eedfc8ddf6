//! The logger.

use std::borrow::Cow;

use log::{LevelFilter, Log, Metadata, Record};
use logtide_client::{Client, integration::Integration};
use logtide_core::{
    Head, Level,
    bridge::{Origin, Overrides},
};

use crate::{
    call_site,
    filter::Filter,
    key_values::{OfRecord, take},
};

/// Logs records through a client; see the [crate](crate) for what becomes of a record.
#[derive(Debug)]
#[must_use = "a logger does nothing until it is set"]
pub struct Logger {
    client: Client,
    service: String,
    filter: Filter,
    location: bool,
    override_prefix: Cow<'static, str>,
}

/// The logger cannot be set, because the program has one already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the program already has a logger: set this one first, and only once; if `tracing-log` of tracing-subscriber is enabled, records \
     already arrive through the layer of logtide-tracing"
)]
#[non_exhaustive]
pub struct InitError;

impl Logger {
    /// A logger that logs through a client.
    ///
    /// **Keep a handle of the client for as long as it should log: when the last one is dropped, the client is closed and nothing more is
    /// sent.** The logger does not keep it open.
    pub fn new(client: &Client) -> Self {
        Self {
            client: client.detached(),
            service: String::new(),
            filter: Filter::new(LevelFilter::Info),
            location: true,
            override_prefix: Overrides::PREFIX.into(),
        }
    }

    /// Sets the service of its entries. Default: the [client's](logtide_client::ClientOptions::service).
    pub fn service(mut self, name: impl Into<String>) -> Self {
        self.service = name.into();
        self
    }

    /// Sets the lowest level that is taken. Default [`LevelFilter::Info`].
    pub fn level(mut self, level: LevelFilter) -> Self {
        self.filter.set_default(level);
        self
    }

    /// Sets another level for a module and those in it, by the record's target. Of several modules that hold a target the innermost
    /// decides.
    pub fn module(mut self, name: impl Into<String>, level: LevelFilter) -> Self {
        self.filter.set_module(name.into(), level);
        self
    }

    /// Sets whether module, file and line of records are written. Default true.
    pub fn location(mut self, write: bool) -> Self {
        self.location = write;
        self
    }

    /// Sets what the keys begin with that say something about the entry itself: [`service`, `trace_id`, `session_id` and
    /// `critical`](crate#overrides). Default `logtide.`; empty for the plain names.
    pub fn override_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.override_prefix = prefix.into().into();
        self
    }

    /// Makes it the logger of the program, and lets `log` leave out what it does not take before it is formatted.
    ///
    /// # Errors
    ///
    /// The program has a logger already. That may be the one that `init` of `tracing-subscriber` sets with its default feature `tracing-log`:
    /// records of `log` are events then, the layer of `logtide-tracing` sends them, and this logger is not needed.
    pub fn init(self) -> Result<(), InitError> {
        let level = self.filter.max_level();
        log::set_boxed_logger(Box::new(self)).map_err(|_| InitError)?;
        log::set_max_level(level);
        Ok(())
    }
}

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        self.filter.takes(metadata)
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let overrides = take(&self.override_prefix, record);
        let mut head = Head::new(level_of(record.level()), &self.service);
        head.call_site = call_site::of(record);
        let frame = if head.call_site.is_none() { origin(record).frame() } else { None };
        head.location = frame.as_ref();
        overrides.apply(&mut head);
        Integration::of(&self.client).submit_with(&head, |fields| {
            fields.message(record.args());
            fields.metadata(OfRecord { record, overrides: &overrides });
            match head.call_site {
                Some(_) => fields.origin(self.location),
                None if self.location => fields.metadata(origin(record)),
                None => fields.metadata(origin(record).without_place()),
            }
        });
    }

    /// Delivers what was logged before, within the client's [`flush_timeout`](logtide_client::ClientOptions::flush_timeout).
    fn flush(&self) {
        self.client.flush_blocking(self.client.flush_timeout());
    }
}

/// Where a record comes from.
fn origin<'r>(record: &Record<'r>) -> Origin<'r> {
    let mut origin = Origin::default();
    (origin.logger, origin.module) = (Some(record.target()), record.module_path());
    (origin.file, origin.line) = (record.file(), record.line());
    origin
}

/// `trace` counts as debug, the lowest level of the server.
const fn level_of(level: log::Level) -> Level {
    match level {
        log::Level::Error => Level::Error,
        log::Level::Warn => Level::Warn,
        log::Level::Info => Level::Info,
        log::Level::Debug | log::Level::Trace => Level::Debug,
    }
}

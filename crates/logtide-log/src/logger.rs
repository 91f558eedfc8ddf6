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

/// Logs records through a client. The [crate documentation](crate) describes how records become entries.
#[derive(Debug)]
#[must_use = "a logger does nothing until it is set"]
pub struct Logger {
    client: Client,
    service: String,
    filter: Filter,
    location: bool,
    override_prefix: Cow<'static, str>,
}

/// The logger cannot be installed, because the program already has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the program already has a logger: set this one first, and only once; if `tracing-log` of tracing-subscriber is enabled, records \
     already arrive through the layer of logtide-tracing"
)]
#[non_exhaustive]
pub struct InitError;

impl Logger {
    /// Creates a logger that logs through a client.
    ///
    /// **Keep a handle of the client for as long as it should log.** When the last one is dropped, the client closes
    /// and sends nothing more. The logger does not keep the client open.
    pub fn new(client: &Client) -> Self {
        Self {
            client: client.detached(),
            service: String::new(),
            filter: Filter::new(LevelFilter::Info),
            location: true,
            override_prefix: Overrides::PREFIX.into(),
        }
    }

    /// Sets the service of the entries. Default: the [client's](logtide_client::ClientOptions::service).
    pub fn service(mut self, name: impl Into<String>) -> Self {
        self.service = name.into();
        self
    }

    /// Sets the lowest level to log. Default [`LevelFilter::Info`].
    pub fn level(mut self, level: LevelFilter) -> Self {
        self.filter.set_default(level);
        self
    }

    /// Sets another level for a module and its submodules, by the target of records. The innermost matching module
    /// applies.
    pub fn module(mut self, name: impl Into<String>, level: LevelFilter) -> Self {
        self.filter.set_module(name.into(), level);
        self
    }

    /// Sets whether to add module, file and line of records to the metadata. Default true.
    pub fn location(mut self, write: bool) -> Self {
        self.location = write;
        self
    }

    /// Sets the prefix of keys that override a part of the entry:
    /// [`service`, `trace_id`, `session_id` and `critical`](crate#overrides). Default `logtide.`; empty for the plain
    /// names.
    pub fn override_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.override_prefix = prefix.into().into();
        self
    }

    /// Installs the logger as the program's logger, and sets `log`'s maximum level, so that filtered records are not
    /// formatted.
    ///
    /// # Errors
    ///
    /// Returns an error if the program already has a logger. `init` of `tracing-subscriber` installs one with its
    /// default feature `tracing-log`. Records of `log` are then events, which the layer of `logtide-tracing` sends, and
    /// this logger is not needed.
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

    /// Delivers all entries logged before this call, within the client's
    /// [`flush_timeout`](logtide_client::ClientOptions::flush_timeout).
    fn flush(&self) {
        self.client.flush_blocking(self.client.flush_timeout());
    }
}

/// The module, file and line of a record.
fn origin<'r>(record: &Record<'r>) -> Origin<'r> {
    let mut origin = Origin::default();
    (origin.logger, origin.module) = (Some(record.target()), record.module_path());
    (origin.file, origin.line) = (record.file(), record.line());
    origin
}

/// `trace` becomes debug, the server's lowest level.
const fn level_of(level: log::Level) -> Level {
    match level {
        log::Level::Error => Level::Error,
        log::Level::Warn => Level::Warn,
        log::Level::Info => Level::Info,
        log::Level::Debug | log::Level::Trace => Level::Debug,
    }
}

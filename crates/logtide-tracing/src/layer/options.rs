//! The settings of a layer.

use std::sync::Arc;

use logtide_core::Level;
use tracing_core::{LevelFilter, Metadata, Subscriber};
use tracing_subscriber::{filter::Filtered, layer::Filter, registry::LookupSpan};

use super::Layer;
use crate::SpanFields;

impl Layer {
    /// Sets the service of the entries. Default: the [client's](logtide_client::ClientOptions::service).
    pub fn service(mut self, name: impl Into<String>) -> Self {
        self.service = name.into();
        self
    }

    /// Sets the lowest level of the events and spans that the layer takes. Default [`LevelFilter::INFO`]; behind [a filter of its
    /// own](Self::with_filter), everything that the filter lets through.
    ///
    /// A filter of the whole subscriber, such as an `EnvFilter` beside the layer, can only narrow this down. To let such a filter
    /// decide alone, set [`LevelFilter::TRACE`].
    ///
    /// ```
    /// use tracing_subscriber::{EnvFilter, filter::LevelFilter, prelude::*};
    ///
    /// # fn example(client: &logtide_client::Client) {
    /// let subscriber = tracing_subscriber::registry()
    ///     .with(EnvFilter::new("info,shop=debug"))
    ///     .with(logtide_tracing::layer(client).level(LevelFilter::TRACE));
    /// # drop(subscriber);
    /// # }
    /// ```
    pub fn level(mut self, level: LevelFilter) -> Self {
        (self.max_level, self.is_level_set) = (level, true);
        self
    }

    /// Puts a filter before the layer, which then takes everything that the filter lets through, unless [`level`](Self::level) is
    /// set.
    ///
    /// This method takes precedence over the one of the same name in [`tracing_subscriber::Layer`], which leaves the level as it
    /// is.
    ///
    /// ```
    /// use tracing_subscriber::{filter::Targets, prelude::*};
    ///
    /// # fn example(client: &logtide_client::Client) {
    /// let levels = Targets::new().with_default(tracing::Level::INFO).with_target("shop", tracing::Level::DEBUG);
    /// let subscriber = tracing_subscriber::registry().with(logtide_tracing::layer(client).with_filter(levels));
    /// # drop(subscriber);
    /// # }
    /// ```
    pub fn with_filter<S, F>(mut self, filter: F) -> Filtered<Self, F, S>
    where
        S: Subscriber + for<'s> LookupSpan<'s>,
        F: Filter<S>,
    {
        if !self.is_level_set {
            self.max_level = LevelFilter::TRACE;
        }
        tracing_subscriber::Layer::with_filter(self, filter)
    }

    /// Sets the prefix of the fields that set a property of the entry itself: [`service`, `trace_id`, `session_id` and
    /// `critical`](crate#overrides). Default `logtide.`; use an empty prefix for the plain names.
    pub fn override_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.settings = self.settings.with_prefix(prefix.into());
        self
    }

    /// Names a field that sets the service of an event, or of all events in a span, if they have no `logtide.service`. Default
    /// none.
    pub fn service_field(mut self, name: impl Into<String>) -> Self {
        self.settings = self.settings.with_service_field(name.into());
        self
    }

    /// Sets where the fields of spans go. Default [`SpanFields::Flatten`].
    pub fn span_fields(mut self, placement: SpanFields) -> Self {
        self.span_fields = placement;
        self
    }

    /// Sets whether entries name their spans, as `metadata.spans`. Default true.
    pub fn span_names(mut self, write: bool) -> Self {
        self.span_names = write;
        self
    }

    /// Sets whether entries have the module, file and line of their events. Default true.
    pub fn location(mut self, write: bool) -> Self {
        self.location = write;
        self
    }

    /// Sets a function that chooses the level of an entry from the metadata of its event. The field `logtide.critical = true`
    /// takes precedence.
    ///
    /// The function must not log. If it panics, the entry has the default level. For records of the `log` crate, the function
    /// sees only their level and target.
    ///
    /// ```
    /// use logtide_core::Level;
    ///
    /// # fn example(client: &logtide_client::Client) {
    /// let layer = logtide_tracing::layer(client).map_level(|metadata| match *metadata.level() {
    ///     tracing::Level::ERROR if metadata.target() == "payments" => Level::Critical,
    ///     tracing::Level::ERROR => Level::Error,
    ///     tracing::Level::WARN => Level::Warn,
    ///     tracing::Level::INFO => Level::Info,
    ///     _ => Level::Debug,
    /// });
    /// # drop(layer);
    /// # }
    /// ```
    pub fn map_level(mut self, level: impl Fn(&Metadata<'_>) -> Level + Send + Sync + 'static) -> Self {
        self.level = Some(Arc::new(level));
        self
    }
}

//! What entries say about their origin, and the hook that changes them.

use std::sync::Arc;

use logtide_core::{Content, Json, LogEntry, Metadata, SampleRate};

use super::ClientOptions;

impl ClientOptions {
    /// Sets the service of entries that have none, such as those of the level macros. Default `unknown`.
    #[must_use]
    pub fn service(mut self, name: impl Into<String>) -> Self {
        self.service = name.into();
        self
    }

    /// Sets `metadata.environment` of every entry, for example `production`. Default none.
    #[must_use]
    pub fn environment(mut self, environment: impl Into<String>) -> Self {
        self.environment = Some(environment.into());
        self
    }

    /// Sets `metadata.release` of every entry, for example a version or commit. Default none.
    #[must_use]
    pub fn release(mut self, release: impl Into<String>) -> Self {
        self.release = Some(release.into());
        self
    }

    /// Sets `metadata.server_name` of every entry. Default none: the SDK sends nothing about the machine by default.
    #[must_use]
    pub fn server_name(mut self, name: impl Into<String>) -> Self {
        self.server_name = Some(name.into());
        self
    }

    /// Sets a function that receives every entry before it is sent. It returns the entry, changed or not, or `None` to
    /// discard it.
    ///
    /// The function receives the entry as it would be sent: with its scope, global metadata and frames, within the
    /// limits and redacted. What it returns is sent unchanged, with two exceptions. Values that the server would reject
    /// are fixed, and an entry larger than
    /// [`PayloadLimits::max_entry_bytes`](logtide_core::PayloadLimits::max_entry_bytes) is truncated. Sampling follows
    /// this function.
    ///
    /// The function runs on the thread of the log call. If it panics, the entry is sent unchanged, and
    /// [`Event::HookPanicked`](logtide_core::Event::HookPanicked) is reported once. Entries that the function itself
    /// logs do not pass through it.
    ///
    /// With this function, log calls are slower because they build an owned [`LogEntry`]. Errors have frames with
    /// [`attach_stacktrace`](Self::attach_stacktrace) or from a caught panic. For those, the log call resolves the
    /// names itself before the function runs. That takes about a millisecond, and longer for the first error of the
    /// process, which reads the debug information.
    ///
    /// ```
    /// # use logtide_client::ClientOptions;
    /// # use logtide_core::Level;
    /// let options = ClientOptions::new("http://localhost:8080", "lp_your_key").before_send(|mut entry| {
    ///     entry.metadata.remove("email");
    ///     (entry.level > Level::Debug).then_some(entry)
    /// });
    /// ```
    #[must_use]
    pub fn before_send(
        mut self,
        hook: impl Fn(LogEntry) -> Option<LogEntry> + Send + Sync + 'static,
    ) -> Self {
        self.before_send = Some(Arc::new(hook));
        self
    }

    /// Whether every entry goes to the worker unchanged: without hook, sampling, ids and numbers.
    pub(crate) fn take_all_unchanged(&self) -> bool {
        self.before_send.is_none()
            && SampleRate::new(self.sample_rate).keeps_all()
            && !self.event_ids
            && !self.sequence_numbers
    }

    /// The metadata of every entry. A key of `global_metadata` takes precedence over the option of that name.
    pub(crate) fn common_metadata(&self) -> Metadata {
        let own = [
            ("environment", &self.environment),
            ("release", &self.release),
            ("server_name", &self.server_name),
        ];
        let mut metadata: Metadata =
            own.into_iter().filter_map(|(key, value)| Some((key, value.as_deref()?))).collect();
        metadata.extend(self.global_metadata.clone());
        metadata
    }

    /// Renders entries as JSON according to the options.
    pub(crate) fn json(&self, content: &Arc<Content>) -> Json {
        Json::new(content.clone())
            .global_metadata(&self.common_metadata())
            .error_format(self.error_format)
            .service(self.service.clone())
    }
}

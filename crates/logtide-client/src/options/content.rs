//! What entries say about where they come from, and the application's last word on them.

use std::sync::Arc;

use logtide_core::{Content, Json, LogEntry, Metadata, SampleRate};

use super::ClientOptions;

impl ClientOptions {
    /// Sets the service of entries that name none, such as those of the level macros. Default `unknown`.
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

    /// Sets `metadata.server_name` of every entry. Default none: nothing about the machine is sent unasked.
    #[must_use]
    pub fn server_name(mut self, name: impl Into<String>) -> Self {
        self.server_name = Some(name.into());
        self
    }

    /// Sets a function that gets every entry before it is sent, and gives it back, changed or not, or `None` to leave it out.
    ///
    /// The function gets the entry as it would be sent: with its scope, global metadata and frames, within the limits and without secrets. What
    /// it returns is sent as it is: only what the server would refuse is fixed, and an entry larger than
    /// [`PayloadLimits::max_entry_bytes`](logtide_core::PayloadLimits::max_entry_bytes) is cut. Sampling comes after it.
    ///
    /// The function runs in the thread of the log call. When it panics the entry is sent as it was, and
    /// [`Event::HookPanicked`](logtide_core::Event::HookPanicked) is told once. What the function logs itself does not pass through it.
    ///
    /// Entries take a slower way through an owned [`LogEntry`] with it. Where errors have frames, because of
    /// [`attach_stacktrace`](Self::attach_stacktrace) or a caught panic, the log call looks their names up itself before the function
    /// runs: about a millisecond an error, and longer for the first of the process, which reads its debug information.
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

    /// Whether entries are left for the worker as they were written, and all of them: without hook, sampling, ids and numbers.
    pub(crate) fn take_all_unchanged(&self) -> bool {
        self.before_send.is_none()
            && SampleRate::new(self.sample_rate).keeps_all()
            && !self.event_ids
            && !self.sequence_numbers
    }

    /// The metadata of every entry. A key of `global_metadata` wins over the option of that name.
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

    /// How its entries are rendered.
    pub(crate) fn json(&self, content: &Arc<Content>) -> Json {
        Json::new(content.clone())
            .global_metadata(&self.common_metadata())
            .error_format(self.error_format)
            .service(self.service.clone())
    }
}

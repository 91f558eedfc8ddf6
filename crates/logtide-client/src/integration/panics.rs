//! Panics that a framework caught.

use std::{any::Any, fmt::Display};

use logtide_core::{Head, IntoMetadata, Panic};

use super::Integration;
use crate::client::panic_hook;

impl Integration<'_> {
    /// Logs a caught panic, like [`submit`](Self::submit). `payload` is the payload from `catch_unwind`.
    ///
    /// The entry has the panic as its exception. It includes thread, location and frames if
    /// [`watch_panics`](Self::watch_panics) was called before. One panic is one exception: if this client has already
    /// logged it, from the [panic hook](crate::Client::install_panic_hook) or with this method, the entry has only its
    /// thread and location.
    ///
    /// ```
    /// use logtide_client::integration::Integration;
    /// use logtide_core::{Head, Level};
    ///
    /// # fn example(client: &logtide_client::Client, handle: fn()) {
    /// let integration = Integration::of(client);
    /// integration.watch_panics();
    /// if let Err(payload) = std::panic::catch_unwind(handle) {
    ///     let head = Head::new(Level::Error, "api");
    ///     integration.submit_panic(&head, &*payload, "the job panicked", [("job", "export")]);
    ///     integration.forget_panic(&*payload);
    /// }
    /// # }
    /// ```
    pub fn submit_panic(
        self,
        head: &Head<'_>,
        payload: &(dyn Any + Send),
        message: impl Display,
        metadata: impl IntoMetadata,
    ) {
        let text = Panic::message_of(payload);
        let Some(note) = panic_hook::note_of(payload) else {
            return self.submit(head, message, metadata.with(Panic::new(text)));
        };
        if note.mark_logged(self.client.handle()) {
            self.client.submit_once(head, note.stack(), |fields| {
                fields.message(message);
                fields.metadata(metadata.with(note.panic(text)));
            });
        } else {
            self.submit(head, message, metadata.with(note.panic(text).without_exception()));
        }
    }

    /// Forgets a caught panic that does not propagate further.
    ///
    /// Call it after the last [`submit_panic`](Self::submit_panic) with that payload. Otherwise, if the program has
    /// replaced the hook, a later panic with the same text could be mistaken for this one.
    pub fn forget_panic(self, payload: &(dyn Any + Send)) {
        panic_hook::forget(payload);
    }

    /// Starts to note the panics of the process, so that [`submit_panic`](Self::submit_panic) can identify them.
    ///
    /// Sets a panic hook that logs nothing, prints nothing, does not wait, and calls the previously set hook. A hook
    /// that is set later should call this one; otherwise caught panics have neither location nor frames.
    pub fn watch_panics(self) {
        panic_hook::watch();
    }
}

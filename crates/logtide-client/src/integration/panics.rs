//! Panics that a framework caught.

use std::{any::Any, fmt::Display};

use logtide_core::{Head, IntoMetadata, Panic};

use super::Integration;
use crate::client::panic_hook;

impl Integration<'_> {
    /// Logs a panic that was caught, as [`submit`](Self::submit) does. `payload` is what `catch_unwind` gives.
    ///
    /// The entry has the panic as its exception, with thread, place and frames where [`watch_panics`](Self::watch_panics) was called
    /// before. One panic is one exception: where this client has logged it already, from the
    /// [panic hook](crate::Client::install_panic_hook) or by this method, the entry has its thread and place alone.
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

    /// Ends what is known of a panic that was caught and goes no further.
    ///
    /// Call it after the last [`submit_panic`](Self::submit_panic) with that payload. Otherwise a later panic of which the hook is not
    /// told, because the program has set another one, may be taken for this one where it has the same text.
    pub fn forget_panic(self, payload: &(dyn Any + Send)) {
        panic_hook::forget(payload);
    }

    /// Takes note of the panics of the process from now on, so that [`submit_panic`](Self::submit_panic) knows them.
    ///
    /// It sets a panic hook, which logs and prints nothing, waits for nothing, and calls the hook that was set before. A hook that is
    /// set later should call this one: without it the panics that are caught have neither place nor frames.
    pub fn watch_panics(self) {
        panic_hook::watch();
    }
}

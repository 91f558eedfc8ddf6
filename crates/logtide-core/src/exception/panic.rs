//! Panics as metadata.

use std::any::Any;

use super::chain::Link;
use crate::{ErrorPlace, Fields, Frame, IntoMetadata};

/// A panic. Written as an error of the type `panic`, and as `panic` with the thread and the location.
///
/// ```
/// use logtide_core::{Metadata, Panic};
///
/// let location = std::panic::Location::caller();
/// let metadata = Metadata::from_fields(Panic::new("index out of bounds").thread("worker-1").location(location));
/// assert_eq!(metadata.get("exception").unwrap()["message"], "index out of bounds");
/// assert_eq!(metadata.get("panic").unwrap()["thread"], "worker-1");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Panic<'a> {
    message: &'a str,
    thread: Option<&'a str>,
    location: Option<Frame<'a>>,
    is_exception: bool,
}

impl<'a> Panic<'a> {
    /// Creates a panic with a message.
    #[must_use]
    pub const fn new(message: &'a str) -> Self {
        Self { message, thread: None, location: None, is_exception: true }
    }

    /// The message of a panic, from the payload that the panic hook or `catch_unwind` gets. If the payload is not a
    /// string, `(the panic has no message)`.
    ///
    /// ```
    /// use logtide_core::Panic;
    ///
    /// let payload = std::panic::catch_unwind(|| panic!("{} is odd", 7)).unwrap_err();
    /// assert_eq!(Panic::message_of(&*payload), "7 is odd");
    /// assert_eq!(Panic::message_of(&7), "(the panic has no message)");
    /// ```
    #[must_use]
    pub fn message_of(payload: &(dyn Any + Send)) -> &str {
        let owned = || payload.downcast_ref::<String>().map(String::as_str);
        payload.downcast_ref::<&str>().copied().or_else(owned).unwrap_or("(the panic has no message)")
    }

    /// Sets the name of the thread that panicked.
    #[must_use]
    pub const fn thread(mut self, name: &'a str) -> Self {
        self.thread = Some(name);
        self
    }

    /// Sets the location of the panic, for example from a [`Location`](std::panic::Location).
    #[must_use]
    pub fn location(mut self, location: impl Into<Frame<'a>>) -> Self {
        self.location = Some(location.into());
        self
    }

    /// Omits `error` and `exception`, for a further entry about a panic that another entry reports.
    #[must_use]
    pub const fn without_exception(mut self) -> Self {
        self.is_exception = false;
        self
    }
}

impl IntoMetadata for Panic<'_> {
    fn write_to(self, fields: &mut Fields<'_>) {
        #[derive(serde::Serialize)]
        struct Place<'a> {
            #[serde(skip_serializing_if = "Option::is_none")]
            thread: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            location: Option<String>,
        }
        if self.is_exception {
            let place = self.location.map_or(ErrorPlace::Unknown, ErrorPlace::Frame);
            fields.links(&[Link::new("panic".to_owned(), self.message)], place);
        }
        let location = self.location.map(|location| location.place());
        fields.field("panic", &Place { thread: self.thread, location });
    }
}

//! What services and bodies fail with.

use std::{
    any::Any,
    error::Error,
    fmt::{self, Debug, Display},
};

/// What a service or body failed with, as an error.
///
/// In tower that is an error, or a box with one, which is no error itself. What they have in common is a text; the box alone can
/// be asked for causes.
pub(super) struct Failure<'a, E>(pub(super) &'a E);

impl<E: Debug + Display + 'static> Error for Failure<'_, E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        (self.0 as &dyn Any).downcast_ref::<Box<dyn Error + Send + Sync>>()?.source()
    }
}

impl<E: Display> Display for Failure<'_, E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl<E: Debug> Debug for Failure<'_, E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

//! What services and bodies fail with.

use std::{
    any::Any,
    error::Error,
    fmt::{self, Debug, Display},
    io,
};

/// What a service or body failed with, as an error.
///
/// In tower that is an error, or a box with one, which is no error itself. What they have in common is a text. The causes are known
/// of boxes and of the errors that bodies have; a type parameter does not say whether it is an error.
pub(crate) struct Failure<'a, E>(pub(crate) &'a E);

impl<E: Debug + Display + 'static> Error for Failure<'_, E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let failure: &dyn Any = self.0;
        if let Some(error) = failure.downcast_ref::<Box<dyn Error + Send + Sync>>() {
            return error.source();
        }
        if let Some(error) = failure.downcast_ref::<io::Error>() {
            return error.source();
        }
        #[cfg(feature = "axum")]
        if let Some(error) = failure.downcast_ref::<axum::Error>() {
            return error.source();
        }
        None
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

//! Errors of services and bodies.

use std::{
    any::Any,
    error::Error,
    fmt::{self, Debug, Display},
    io,
};

/// The error of a service or body, as a [`std::error::Error`].
///
/// In tower, such errors are either error types or a boxed error, which is not an error type itself. All of them have a
/// text. Causes are known only for boxed errors and the error types of common bodies, since a generic parameter need
/// not be an error type.
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

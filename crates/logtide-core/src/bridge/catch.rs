//! Calls of code that may panic.

use std::{
    any::Any,
    fmt, mem,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
};

use crate::Panic;

/// Calls code of the application and catches its panic.
///
/// # Errors
///
/// Returns an error if the code panicked.
pub fn catch<R>(work: impl FnOnce() -> R) -> Result<R, Caught> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| Caught(Some(payload)))
}

/// A caught panic. Dropping its payload may panic too, which is caught as well.
pub struct Caught(Option<Box<dyn Any + Send>>);

impl Caught {
    /// The message, as [`Panic::message_of`] reads it.
    #[must_use]
    pub fn message(&self) -> &str {
        self.0.as_deref().map_or("", Panic::message_of)
    }

    /// Resumes the panic.
    ///
    /// # Panics
    ///
    /// Always, with the payload of the panic.
    pub fn resume(mut self) -> ! {
        match self.0.take() {
            Some(payload) => resume_unwind(payload),
            None => unreachable!("the payload is there until it is dropped"),
        }
    }
}

impl Drop for Caught {
    fn drop(&mut self) {
        let payload = self.0.take();
        if let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
            mem::forget(second);
        }
    }
}

impl fmt::Debug for Caught {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Caught").field(&self.message()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::panic::panic_any;

    use super::*;

    struct Again;

    impl Drop for Again {
        fn drop(&mut self) {
            if !std::thread::panicking() {
                panic_any(Self);
            }
        }
    }

    #[test]
    fn a_panic_goes_no_further_whatever_it_carries() {
        assert_eq!(catch(|| 7).unwrap(), 7);
        assert_eq!(catch(|| panic!("expected in this test")).unwrap_err().message(), "expected in this test");
        drop(catch(|| panic_any(Again)));
    }

    #[test]
    fn a_panic_goes_on_with_what_it_carries() {
        let outer = catch_unwind(|| catch(|| panic_any(7)).unwrap_err().resume());
        assert_eq!(outer.unwrap_err().downcast_ref::<i32>(), Some(&7));
    }
}

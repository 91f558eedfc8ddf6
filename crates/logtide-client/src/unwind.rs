//! Calls of code that may panic.

use std::{
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// Calls code that is not the SDK's; `None` after a panic, which goes no further.
pub(crate) fn catch<R>(work: impl FnOnce() -> R) -> Option<R> {
    catch_unwind(AssertUnwindSafe(work)).map_err(forget).ok()
}

/// What a panic carries may panic in turn when it is dropped.
fn forget(panic: Box<dyn std::any::Any + Send>) {
    if let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(panic))) {
        mem::forget(second);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Again;

    impl Drop for Again {
        fn drop(&mut self) {
            if !std::thread::panicking() {
                std::panic::panic_any(Self);
            }
        }
    }

    #[test]
    fn a_panic_goes_no_further_whatever_it_carries() {
        assert_eq!(catch(|| 7), Some(7));
        assert_eq!(catch::<()>(|| panic!("expected in this test")), None);
        assert_eq!(catch::<()>(|| std::panic::panic_any(Again)), None);
    }
}

//! Values that a forked child must not share.

use std::{mem, process, sync::OnceLock};

use forkguard::Guard;

/// A value that each process creates for itself.
///
/// A forked child has the memory of its parent, but only the thread that forked. A lock that another thread held
/// stays locked forever in the child, and threads, sockets and queues exist in name only. So a child neither uses nor
/// drops its parent's value: it creates its own on first access.
///
/// An access costs one load and no system call. A child is detected by a handler of `pthread_atfork`, so not if it
/// was created with a bare system call.
///
/// ```
/// use logtide_transport::PerProcess;
/// use std::sync::Mutex;
///
/// let queue = PerProcess::new(Mutex::new(vec![1, 2]), |_| Mutex::new(Vec::new()));
/// assert_eq!(*queue.get().lock().unwrap(), [1, 2]);
/// ```
#[derive(Debug)]
pub struct PerProcess<T> {
    first: Link<T>,
    /// Creates a child's value from its parent's, none of whose locks may be waited for.
    inherit: fn(&T) -> T,
}

#[derive(Debug)]
struct Link<T> {
    /// Present until this is dropped.
    value: Option<T>,
    home: Home,
    child: OnceLock<Box<Self>>,
}

/// The process in which this was created.
#[derive(Debug)]
enum Home {
    Guarded(Guard),
    /// The system refused the handler.
    Numbered(u32),
}

impl<T> PerProcess<T> {
    /// Creates a value for this process. `inherit` creates a child's value from its parent's; it must not wait for
    /// any lock in it.
    pub fn new(value: T, inherit: fn(&T) -> T) -> Self {
        Self { first: Link::new(value), inherit }
    }

    /// The value of this process.
    #[inline]
    pub fn get(&self) -> &T {
        if self.first.home.is_here() { self.first.value() } else { self.inherited() }
    }

    /// The value of this process, if it exists, as it does except in a child before the first access.
    pub fn made(&self) -> Option<&T> {
        let mut link = &self.first;
        while !link.home.is_here() {
            link = link.child.get()?;
        }
        Some(link.value())
    }

    /// Creates the values of the generations between the process in which this was created and this one.
    #[cold]
    fn inherited(&self) -> &T {
        let mut link = &self.first;
        while !link.home.is_here() {
            link = match link.child.get() {
                Some(child) => child,
                None => {
                    // Created before it is stored, since an allocator that logs may come here again.
                    let child = Box::new(Link::new((self.inherit)(link.value())));
                    let surplus = link.child.set(child);
                    drop(surplus);
                    continue;
                }
            };
        }
        link.value()
    }
}

impl<T> Link<T> {
    fn new(value: T) -> Self {
        Self { value: Some(value), home: Home::here(), child: OnceLock::new() }
    }

    #[inline]
    fn value(&self) -> &T {
        self.value.as_ref().expect("taken in drop only")
    }
}

impl<T> Drop for Link<T> {
    fn drop(&mut self) {
        if !self.home.is_here() {
            // Dropping it could wait for a lock that a thread of the parent held at the fork.
            mem::forget(self.value.take());
        }
    }
}

impl Home {
    fn here() -> Self {
        Guard::try_new().map_or_else(|_| Self::Numbered(process::id()), Self::Guarded)
    }

    #[inline]
    fn is_here(&self) -> bool {
        match self {
            // A guard reports a fork only once, so each check uses a copy.
            Self::Guarded(guard) => !guard.clone().detected_fork(),
            Self::Numbered(id) => *id == process::id(),
        }
    }
}

impl<T> PerProcess<T> {
    /// As if this were asked in a child of the process that made it.
    #[cfg(test)]
    pub(crate) fn pretend_to_be_forked(&mut self) {
        self.first.home = Home::Numbered(process::id().wrapping_add(1));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    };

    use super::*;

    static DROPPED: AtomicUsize = AtomicUsize::new(0);

    struct Counted;

    impl Drop for Counted {
        fn drop(&mut self) {
            DROPPED.fetch_add(1, Ordering::SeqCst);
        }
    }

    #[test]
    fn a_child_makes_its_own_and_drops_that_alone() {
        let mut value = PerProcess::new(Counted, |_| Counted);
        let first = std::ptr::from_ref(value.get());
        value.pretend_to_be_forked();
        assert!(value.made().is_none());
        let second = std::ptr::from_ref(value.get());
        assert!(value.made().is_some());
        assert!(first != second && second == std::ptr::from_ref(value.get()));
        drop(value);
        assert_eq!(DROPPED.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn a_child_waits_for_no_lock_of_its_parent() {
        let mut value = PerProcess::new(Mutex::new(1), |parents| {
            Mutex::new(parents.try_lock().map_or(0, |value| *value + 10))
        });
        let held = std::mem::ManuallyDrop::new(value.get().lock().unwrap());
        assert_eq!(**held, 1);
        value.pretend_to_be_forked();
        assert_eq!(*value.get().lock().unwrap(), 0);
    }
}

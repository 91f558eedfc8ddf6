//! The spans that a thread is in, in the order in which it entered them.

use std::{cell::RefCell, mem};

/// What a thread has entered and not yet left, for a `thread_local!`.
///
/// It is not borrowed while memory is allocated or freed, nor while an item is dropped: an allocator may log.
#[derive(Debug)]
pub struct Stack<T>(RefCell<Vec<T>>);

impl<T> Stack<T> {
    /// A stack with nothing on it.
    #[must_use]
    pub const fn new() -> Self {
        Self(RefCell::new(Vec::new()))
    }

    /// Puts an item on top.
    pub fn push(&self, item: T) {
        loop {
            let (held, capacity) = {
                let items = self.0.borrow();
                (items.len(), items.capacity())
            };
            if held < capacity {
                break self.0.borrow_mut().push(item);
            }
            // Whatever the allocator pushes meanwhile may need still more.
            let mut larger = Vec::with_capacity(2 * held + 4);
            let mut items = self.0.borrow_mut();
            if items.len() < larger.capacity() {
                mem::swap(&mut *items, &mut larger);
                items.append(&mut larger);
            }
            drop(items);
        }
    }

    /// Takes out the uppermost item of which this is true.
    pub fn take_last(&self, is_wanted: impl Fn(&T) -> bool) -> Option<T> {
        let mut items = self.0.borrow_mut();
        let at = items.iter().rposition(is_wanted)?;
        Some(items.remove(at))
    }

    /// Takes off the item on top, if this is true of it.
    pub fn pop_if(&self, is_wanted: impl Fn(&T) -> bool) -> Option<T> {
        self.0.borrow_mut().pop_if(|item| is_wanted(item))
    }

    /// What the uppermost item gives that gives something.
    pub fn find_last<R>(&self, find: impl FnMut(&T) -> Option<R>) -> Option<R> {
        self.0.borrow().iter().rev().find_map(find)
    }

    /// Whether nothing is on it.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// Exchanges all items for others.
    pub fn replace(&self, items: Vec<T>) -> Vec<T> {
        self.0.replace(items)
    }
}

impl<T> Default for Stack<T> {
    fn default() -> Self {
        Self::new()
    }
}

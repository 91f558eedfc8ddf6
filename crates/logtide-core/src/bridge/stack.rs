//! The spans that a thread has entered.

use std::{cell::RefCell, mem};

/// A stack of what a thread has entered and not yet left, for a `thread_local!`.
///
/// It is not borrowed while memory is allocated or freed, or while an item is dropped, because an allocator may log.
#[derive(Debug)]
pub struct Stack<T>(RefCell<Vec<T>>);

impl<T> Stack<T> {
    /// Creates an empty stack.
    #[must_use]
    pub const fn new() -> Self {
        Self(RefCell::new(Vec::new()))
    }

    /// Pushes an item.
    pub fn push(&self, item: T) {
        loop {
            let (held, capacity) = {
                let items = self.0.borrow();
                (items.len(), items.capacity())
            };
            if held < capacity {
                break self.0.borrow_mut().push(item);
            }
            // What the allocator pushes in the meantime may need more capacity.
            let mut larger = Vec::with_capacity(2 * held + 4);
            let mut items = self.0.borrow_mut();
            if items.len() < larger.capacity() {
                mem::swap(&mut *items, &mut larger);
                items.append(&mut larger);
            }
            drop(items);
        }
    }

    /// Removes the topmost item for which this is true.
    pub fn take_last(&self, is_wanted: impl Fn(&T) -> bool) -> Option<T> {
        let mut items = self.0.borrow_mut();
        let at = items.iter().rposition(is_wanted)?;
        Some(items.remove(at))
    }

    /// Removes the top item, if this is true for it.
    pub fn pop_if(&self, is_wanted: impl Fn(&T) -> bool) -> Option<T> {
        self.0.borrow_mut().pop_if(|item| is_wanted(item))
    }

    /// Returns the first result that is not `None`, from the top.
    pub fn find_last<R>(&self, find: impl FnMut(&T) -> Option<R>) -> Option<R> {
        self.0.borrow().iter().rev().find_map(find)
    }

    /// Whether the stack is empty.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// Replaces all items.
    pub fn replace(&self, items: Vec<T>) -> Vec<T> {
        self.0.replace(items)
    }
}

impl<T> Default for Stack<T> {
    fn default() -> Self {
        Self::new()
    }
}

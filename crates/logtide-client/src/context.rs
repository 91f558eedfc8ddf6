//! The scope of the work that the calling thread is doing.
//!
//! A thread has one current scope. Code that installs a scope keeps the previous one and restores it on return or
//! panic, so scopes nest as calls do. A future installs its scope only during a poll. Between polls the future holds
//! the scope, and other tasks of the thread never see it.

mod in_scope;

use std::{cell::RefCell, mem};

use logtide_core::{Scope, TraceId};

pub use self::in_scope::{InScope, Scoped};
use crate::random;

thread_local! {
    /// Never borrowed while memory is allocated or freed: an allocator may log.
    static CURRENT: RefCell<Option<Scope>> = const { RefCell::new(None) };
}

/// A copy of the current scope, or `None` outside all scopes and while the thread ends.
pub(crate) fn current() -> Option<Scope> {
    CURRENT.try_with(|current| current.borrow().clone()).ok().flatten()
}

/// Changes the current scope, if there is one. The change must not run application code, which could log.
pub(crate) fn update(change: impl FnOnce(&mut Scope)) {
    let mut taken = None;
    exchange(&mut taken);
    if let Some(mut scope) = taken {
        change(&mut scope);
        taken = Some(scope);
        exchange(&mut taken);
    }
}

/// Changes a copy of the current scope, if there is one, and makes it the current one. A panic leaves the current scope
/// unchanged.
pub(crate) fn configure(configure: impl FnOnce(&mut Scope)) {
    if let Some(mut scope) = current() {
        configure(&mut scope);
        update(|current| *current = scope);
    }
}

/// Runs a closure in a scope.
pub(crate) fn run<R>(scope: Scope, work: impl FnOnce() -> R) -> R {
    let mut scope = Some(scope);
    let _installed = Installed::new(&mut scope);
    work()
}

/// Runs a closure in a scope of the caller, which keeps the changes that the closure makes, also after a panic.
#[inline]
pub(crate) fn run_in<R>(scope: &mut Scope, work: impl FnOnce() -> R) -> R {
    let mut lent = Lent { slot: Some(mem::take(scope)), scope };
    let _installed = Installed::new(&mut lent.slot);
    work()
}

pub(crate) fn new_trace_id() -> TraceId {
    TraceId::from_random(random::u128())
}

/// A scope that is swapped with the current one until this is dropped.
struct Installed<'a>(&'a mut Option<Scope>);

impl<'a> Installed<'a> {
    fn new(scope: &'a mut Option<Scope>) -> Self {
        exchange(scope);
        Self(scope)
    }
}

impl Drop for Installed<'_> {
    fn drop(&mut self) {
        exchange(self.0);
    }
}

/// A scope that returns to its owner when this is dropped.
struct Lent<'a> {
    slot: Option<Scope>,
    scope: &'a mut Scope,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        *self.scope = self.slot.take().unwrap_or_default();
    }
}

fn exchange(scope: &mut Option<Scope>) {
    let _ = CURRENT.try_with(|current| mem::swap(&mut *current.borrow_mut(), scope));
}

#[cfg(test)]
mod tests;

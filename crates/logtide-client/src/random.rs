//! Random numbers for ids.

use std::{
    cell::RefCell, collections::hash_map::RandomState, hash::BuildHasher as _, process, time::SystemTime,
};

use fastrand::Rng;
use logtide_transport::PerProcess;

thread_local! {
    /// A forked child has a copy of the generator of the thread that forked. Its ids must not be those that its parent gives next.
    static GENERATOR: PerProcess<RefCell<Rng>> = PerProcess::new(RefCell::new(seeded()), |_| RefCell::new(seeded()));
}

/// Draws from the generator of the calling thread.
pub(crate) fn draw<R>(draw: impl Fn(&mut Rng) -> R) -> R {
    GENERATOR
        .try_with(|generator| draw(&mut generator.get().borrow_mut()))
        // The thread ends.
        .unwrap_or_else(|_| draw(&mut seeded()))
}

/// The keys of the standard library are copied at a fork as well, so they are not enough.
fn seeded() -> Rng {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Rng::with_seed(RandomState::new().hash_one((process::id(), since)))
}

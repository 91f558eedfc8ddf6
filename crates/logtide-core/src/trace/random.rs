//! New ids.

#![expect(clippy::disallowed_types, reason = "the feature `random` is what draws")]

use std::{
    hash::{BuildHasher as _, RandomState},
    process,
};

/// A number that differs from all others, and between a process and its forked children, which have the same keys.
pub(super) fn draw() -> u128 {
    let draw = || u128::from(RandomState::new().hash_one(process::id()));
    draw() << 64 | draw()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use crate::{SpanId, TraceId};

    #[test]
    #[expect(clippy::disallowed_methods, reason = "each thread has keys of its own")]
    fn new_ids_differ_also_between_threads() {
        let draw = || (0..1_000).map(|_| (TraceId::random(), SpanId::random())).collect::<Vec<_>>();
        let other = std::thread::spawn(draw).join().unwrap();
        let (traces, spans): (HashSet<_>, HashSet<_>) = draw().into_iter().chain(other).unzip();
        assert_eq!((traces.len(), spans.len()), (2_000, 2_000));
    }
}

//! The whole SDK in a process of its own, towards a receiver that counts.
//!
//! `-- --modes steady,flood,burst --entries 1000000 --threads 1,4 --rounds 3` are the defaults.

use logtide_tests::measure::{self, Contender, Direct, Traced};

fn main() -> measure::Result<()> {
    measure::main(&[Contender::new::<Traced>("logtide-tracing"), Contender::new::<Direct>("logtide")])
}

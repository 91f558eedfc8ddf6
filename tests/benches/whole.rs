//! The whole SDK in a separate process, with a receiver that counts.
//!
//! The defaults are `-- --modes steady,flood,burst --entries 1000000 --threads 1,4 --rounds 3`.

use logtide_tests::measure::{self, Contender, Direct, Traced};

fn main() -> measure::Result<()> {
    measure::main(&[Contender::new::<Traced>("logtide-tracing"), Contender::new::<Direct>("logtide")])
}

//! The SDK beside another client, in one run: the same entries, the same receiver.

mod otlp;

use logtide_tests::measure::{self, Contender, Direct, Traced};

use otlp::Otlp;

fn main() -> measure::Result<()> {
    measure::main(&[
        Contender::new::<Direct>("logtide"),
        Contender::new::<Traced>("logtide-tracing"),
        Contender::new::<Otlp>("opentelemetry-otlp"),
    ])
}

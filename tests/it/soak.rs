//! A program under changing faults: a short run of `cargo xtask soak`.

use std::time::Duration;

use logtide_tests::faults::soak::Soak;

/// The program that logs.
const PROGRAM: &str = env!("CARGO_BIN_EXE_soak");

#[test]
fn a_program_under_faults_that_come_and_go_loses_nothing() {
    let soak = Soak { lasts: Duration::from_secs(4), rate: 1_000, seed: 1 };
    let summary = soak.run(PROGRAM.as_ref(), |_| {}).expect("the programs run");
    assert!(summary.failures().is_empty(), "{summary}");
}

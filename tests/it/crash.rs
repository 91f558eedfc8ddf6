//! Programs that are killed while they log: rounds of `cargo xtask crash`.

use logtide_tests::crash::Crash;

/// The program that is killed.
const PROGRAM: &str = env!("CARGO_BIN_EXE_crash");

#[test]
fn what_was_acknowledged_before_a_kill_is_delivered() {
    let summary = Crash { rounds: 10, threads: 4, seed: 3 }.run(PROGRAM.as_ref()).expect("the programs run");
    assert!(summary.failures().is_empty(), "{summary}");
}

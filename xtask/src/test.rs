//! `cargo xtask test`: every check of the repository.

use crate::{
    Result, api,
    cargo::{cargo, is_installed, show},
    package::Package,
    steps::{Outcome, Step},
    tidy,
};

/// Returns the steps of `cargo xtask test`, the fastest first.
pub(crate) fn steps() -> Vec<Step> {
    vec![
        Step { name: "fmt", about: "the code is formatted", action: fmt },
        Step { name: "clippy", about: "no lint fires, whatever the features", action: clippy },
        Step { name: "tidy", about: "the repository keeps its own rules", action: tidy },
        Step { name: "tests", about: "unit and integration tests", action: tests },
        Step { name: "wires", about: "the tests of delivery over OTLP as well", action: wires },
        Step { name: "doctests", about: "the examples in the documentation work", action: doctests },
        Step { name: "examples", about: "the example programs run", action: examples },
        Step { name: "docs", about: "the documentation builds without a warning", action: docs },
        Step { name: "api", about: "nothing is gone from the public interfaces", action: api::step },
        Step { name: "deny", about: "licences, sources and versions of the dependencies", action: deny },
    ]
}

fn fmt() -> Result<Outcome> {
    require("fmt", "rustfmt")?;
    passed(show(cargo(["fmt", "--all", "--check"])))
}

fn clippy() -> Result<Outcome> {
    require("clippy", "clippy")?;
    show(cargo(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    show(cargo(["clippy", "-p", "logtide", "--no-default-features", "--", "-D", "warnings"]))?;
    // Without `axum`, which adds its own code to the same layers.
    let tower = ["-p", "logtide", "--no-default-features", "--features", "tower", "--", "-D", "warnings"];
    show(cargo(["clippy"].into_iter().chain(tower)))?;
    show(cargo(["clippy", "-p", "logtide", "--all-features", "--", "-D", "warnings"]))?;
    let examples = ["-p", "logtide-examples", "--examples", "--all-features", "--", "-D", "warnings"];
    show(cargo(["clippy"].into_iter().chain(examples)))?;
    // Each by itself: in the workspace, a crate can use features that only another one enables.
    for package in Package::read_published()?.iter().filter(|package| package.has_library) {
        show(cargo(["clippy", "--quiet", "-p", &package.name, "--lib", "--", "-D", "warnings"]))?;
    }
    Ok(Outcome::Passed)
}

fn tidy() -> Result<Outcome> {
    passed(tidy::run())
}

fn tests() -> Result<Outcome> {
    if is_installed("nextest") {
        return passed(show(cargo(["nextest", "run", "--workspace"])));
    }
    passed(show(cargo(["test", "--workspace", "--lib", "--bins", "--tests"])))
}

/// The tests of the `it` binary that check delivery and accounting, not the format of a wire.
const DELIVERY: [&str; 31] = [
    "backlog::",
    "buffer::",
    "delivered_secrets::",
    "exactly_once::",
    "exit::",
    "flush_and_close::",
    "fork::",
    "identities::",
    "order::",
    "poison::",
    "spool::",
    "store::",
    "worker::",
    "worker_panics::",
    "::c02_",
    "::c03_",
    "::c05_",
    "::c06_",
    "::c07_",
    "::c08_",
    "::c09_",
    "::c10_",
    "::c11_",
    "::c12_",
    "::c13_",
    "::c17_",
    "::c20_",
    "::c21_",
    "::c23_",
    "::c25_",
    "::c27_",
];

/// Of these, the tests that depend on LogTide's ingest format: its limit of 1,000 entries, rejection with 400, counts in
/// responses, and the order of entries of several services.
const OF_JSON: [&str; 6] = [
    "a_backlog_leaves_in_requests_of_at_most_a_thousand_entries",
    "an_entry_that_the_server_answers_with_400",
    "an_entry_that_the_server_swallows_with_its_batch",
    "ids_stay_when_a_batch_is_divided_and_sent_again",
    "what_a_flush_would_have_told_is_told_by_the_next",
    "c17_texts_that_the_server_refuses",
];

fn wires() -> Result<Outcome> {
    let runner: &[&str] = if is_installed("nextest") { &["nextest", "run"] } else { &["test"] };
    // Uses the features of the whole workspace, so that nothing is compiled again.
    let binary = ["--workspace", "--test", "it", "--"];
    let skipped = OF_JSON.iter().flat_map(|name| ["--skip", name]);
    let mut command = cargo(runner.iter().copied().chain(binary).chain(DELIVERY).chain(skipped));
    command.env("LOGTIDE_TEST_WIRE", "otlp");
    passed(show(command))
}

fn doctests() -> Result<Outcome> {
    passed(show(cargo(["test", "--workspace", "--doc"])))
}

fn examples() -> Result<Outcome> {
    passed(crate::examples::run())
}

/// Checks that the documentation builds without warnings.
///
/// # Errors
///
/// If it does not.
pub(crate) fn docs() -> Result<Outcome> {
    let mut command = cargo(["doc", "--workspace", "--no-deps"]);
    command.env("RUSTDOCFLAGS", "-D warnings");
    passed(show(command))
}

/// Checks that the licences, sources and versions of the dependencies are allowed.
///
/// # Errors
///
/// If one is not.
pub(crate) fn deny() -> Result<Outcome> {
    if !is_installed("deny") {
        return Ok(Outcome::Skipped(
            "cargo-deny is not installed; `cargo install --locked cargo-deny` adds it",
        ));
    }
    passed(show(cargo(["deny", "check", "bans", "licenses", "sources"])))
}

fn require(subcommand: &str, component: &str) -> Result<()> {
    if is_installed(subcommand) {
        return Ok(());
    }
    Err(format!("{component} is not installed; `rustup component add {component}` adds it").into())
}

fn passed(result: Result<()>) -> Result<Outcome> {
    result.map(|()| Outcome::Passed)
}

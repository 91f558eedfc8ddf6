//! `cargo xtask ci`: the checks, and the two things a user does first.

use crate::{
    Result,
    cargo::{cargo, root, show},
    steps::{Outcome, Step},
    test,
};

/// The steps of `cargo xtask test` and those that only a shared machine need run.
pub(crate) fn steps() -> Vec<Step> {
    let mut steps = test::steps();
    steps.push(Step { name: "quickstart", about: "the first example runs", action: quickstart });
    steps.push(Step { name: "release", about: "the SDK builds for release", action: release });
    steps
}

fn quickstart() -> Result<Outcome> {
    if !root().join("examples/quickstart.rs").exists() {
        return Ok(Outcome::Skipped("there is no examples/quickstart.rs"));
    }
    show(cargo(["run", "--example", "quickstart"])).map(|()| Outcome::Passed)
}

fn release() -> Result<Outcome> {
    show(cargo(["build", "-p", "logtide", "--release"])).map(|()| Outcome::Passed)
}

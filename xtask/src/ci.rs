//! `cargo xtask ci`: all checks, and a release build.

use crate::{
    Result,
    cargo::{cargo, show},
    steps::{Outcome, Step},
    test,
};

/// Returns the steps of `cargo xtask test`, and those that only a CI machine has to run.
pub(crate) fn steps() -> Vec<Step> {
    let mut steps = test::steps();
    steps.push(Step { name: "release", about: "the SDK builds for release", action: release });
    steps
}

fn release() -> Result<Outcome> {
    show(cargo(["build", "-p", "logtide", "--release"])).map(|()| Outcome::Passed)
}

//! `cargo xtask ci`: the checks, and a release build.

use crate::{
    Result,
    cargo::{cargo, show},
    steps::{Outcome, Step},
    test,
};

/// The steps of `cargo xtask test` and those that only a shared machine need run.
pub(crate) fn steps() -> Vec<Step> {
    let mut steps = test::steps();
    steps.push(Step { name: "release", about: "the SDK builds for release", action: release });
    steps
}

fn release() -> Result<Outcome> {
    show(cargo(["build", "-p", "logtide", "--release"])).map(|()| Outcome::Passed)
}

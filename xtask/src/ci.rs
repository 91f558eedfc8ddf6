//! `cargo xtask ci`: the checks, and what a user does first.

use std::env;

use crate::{
    Result,
    cargo::{cargo, root, show},
    steps::{Outcome, Step},
    test,
};

/// The examples that start what they need, and end.
const PROGRAMS: [&str; 6] = ["axum", "actix", "rocket", "tracing", "query", "tail"];

/// The steps of `cargo xtask test` and those that only a shared machine need run.
pub(crate) fn steps() -> Vec<Step> {
    let mut steps = test::steps();
    steps.push(Step { name: "quickstart", about: "the first example runs", action: quickstart });
    steps.push(Step {
        name: "programs",
        about: "the examples with a server of their own run",
        action: programs,
    });
    steps.push(Step { name: "release", about: "the SDK builds for release", action: release });
    steps
}

fn quickstart() -> Result<Outcome> {
    if !root().join("examples/quickstart.rs").exists() {
        return Ok(Outcome::Skipped("there is no examples/quickstart.rs"));
    }
    show(cargo(["run", "--example", "quickstart"])).map(|()| Outcome::Passed)
}

fn programs() -> Result<Outcome> {
    for name in PROGRAMS {
        let mut command = cargo(["run", "-p", "logtide-examples", "--all-features", "--example", name]);
        // They name another server, which some examples would use instead, or follow without an end.
        for (variable, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("LOGTIDE_"))
        {
            command.env_remove(variable);
        }
        show(command)?;
    }
    Ok(Outcome::Passed)
}

fn release() -> Result<Outcome> {
    show(cargo(["build", "-p", "logtide", "--release"])).map(|()| Outcome::Passed)
}

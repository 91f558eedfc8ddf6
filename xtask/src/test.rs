//! `cargo xtask test`: every check of the repository.

use crate::{
    Result,
    cargo::{cargo, is_installed, show},
    steps::{Outcome, Step},
    tidy,
};

/// The steps of `cargo xtask test`, the quick ones first.
pub(crate) fn steps() -> Vec<Step> {
    vec![
        Step { name: "fmt", about: "the code is formatted", action: fmt },
        Step { name: "clippy", about: "no lint fires, whatever the features", action: clippy },
        Step { name: "tidy", about: "the repository keeps its own rules", action: tidy },
        Step { name: "tests", about: "unit and integration tests", action: tests },
        Step { name: "doctests", about: "the examples in the documentation work", action: doctests },
        Step { name: "examples", about: "the example programs build", action: examples },
        Step { name: "docs", about: "the documentation builds without a warning", action: docs },
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
    // Without `axum`, which brings code of its own to the same layers.
    let tower = ["-p", "logtide", "--no-default-features", "--features", "tower", "--", "-D", "warnings"];
    show(cargo(["clippy"].into_iter().chain(tower)))?;
    show(cargo(["clippy", "-p", "logtide", "--all-features", "--", "-D", "warnings"]))?;
    let examples = ["-p", "logtide-examples", "--examples", "--all-features", "--", "-D", "warnings"];
    passed(show(cargo(["clippy"].into_iter().chain(examples))))
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

fn doctests() -> Result<Outcome> {
    passed(show(cargo(["test", "--workspace", "--doc"])))
}

fn examples() -> Result<Outcome> {
    passed(show(cargo(["build", "--examples", "-p", "logtide-examples", "--all-features"])))
}

fn docs() -> Result<Outcome> {
    let mut command = cargo(["doc", "--workspace", "--no-deps"]);
    command.env("RUSTDOCFLAGS", "-D warnings");
    passed(show(command))
}

fn deny() -> Result<Outcome> {
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

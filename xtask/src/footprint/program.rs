//! One program of `tests/footprint`, and its cost.

use std::{
    collections::BTreeSet,
    fs,
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};

use crate::{
    Result,
    cargo::{capture, cargo, root, show},
};

/// The cost of a program.
#[derive(Debug, Clone)]
pub(super) struct Cost {
    pub(super) name: String,
    /// The crates in the program, without the program itself.
    pub(super) crates: usize,
    /// The distinct lines of `cargo tree`. A crate that occurs repeatedly adds another line, and the program counts too.
    pub(super) tree_lines: usize,
    /// The wall time of a build from scratch, with everything downloaded.
    pub(super) build: Duration,
    /// The size of the stripped program in bytes.
    pub(super) size: u64,
}

/// A program in its own workspace.
#[derive(Debug)]
pub(super) struct Program {
    name: String,
    manifest: String,
    target: PathBuf,
}

impl Program {
    /// Returns the program in the folder of this name.
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            manifest: format!("tests/footprint/{name}/Cargo.toml"),
            target: root().join("target/footprint").join(name),
        }
    }

    /// Builds the program from scratch and measures it.
    ///
    /// # Errors
    ///
    /// If it does not build.
    pub(super) fn measure(&self) -> Result<Cost> {
        self.lock()?;
        show(self.cargo(["fetch"]))?;
        let unique = capture(self.cargo(["tree", "-e", "normal", "--prefix", "none", "--no-dedupe"]))?;
        let repeated = capture(self.cargo(["tree", "-e", "normal", "--prefix", "none"]))?;

        if self.target.exists() {
            fs::remove_dir_all(&self.target)?;
        }
        let start = Instant::now();
        show(self.cargo(["build", "--release", "--quiet", "-j2"]))?;
        let build = start.elapsed();

        let program = format!("release/footprint-{}{}", self.name, std::env::consts::EXE_SUFFIX);
        Ok(Cost {
            name: self.name.clone(),
            crates: different_lines(&unique) - 1,
            tree_lines: different_lines(&repeated),
            build,
            size: fs::metadata(self.target.join(program))?.len(),
        })
    }

    /// Gives the SDK's program the versions that the repository is tested with.
    fn lock(&self) -> Result<()> {
        if self.name == "logtide" {
            fs::copy(root().join("Cargo.lock"), root().join("tests/footprint/logtide/Cargo.lock"))?;
        }
        Ok(())
    }

    fn cargo<const N: usize>(&self, arguments: [&'static str; N]) -> Command {
        let mut command = cargo(arguments);
        command.args(["--manifest-path", &self.manifest]).env("CARGO_TARGET_DIR", &self.target);
        command
    }
}

fn different_lines(tree: &str) -> usize {
    tree.lines().filter(|line| !line.is_empty()).collect::<BTreeSet<_>>().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_counts_once() {
        assert_eq!(different_lines("a v1\nb v1\na v1\nb v1 (*)\n\n"), 3);
    }
}

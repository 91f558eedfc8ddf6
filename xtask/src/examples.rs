//! Runs the example programs as a user does.

use std::{env, fs};

use crate::{
    Result,
    cargo::{cargo, root, show},
};

/// Builds and runs all examples, each of which ends by itself.
///
/// # Errors
///
/// If an example does not build, or fails.
pub(crate) fn run() -> Result<()> {
    show(cargo(["build", "--examples", "-p", "logtide-examples", "--all-features"]))?;
    for name in names()? {
        let mut command =
            cargo(["run", "--quiet", "-p", "logtide-examples", "--all-features", "--example", &name]);
        // With these variables, some examples would use another server, or run forever.
        for (variable, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("LOGTIDE_"))
        {
            command.env_remove(variable);
        }
        show(command).map_err(|error| format!("example {name}: {error}"))?;
    }
    Ok(())
}

fn names() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(root().join("examples"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rs")
            && let Some(name) = path.file_stem().and_then(|name| name.to_str())
            && name != "lib"
        {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

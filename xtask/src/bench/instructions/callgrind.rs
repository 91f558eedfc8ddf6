//! Runs of a program under callgrind.

use std::{fs, path::Path, process::Command};

use crate::Result;

use super::Counts;

/// An installed callgrind.
#[derive(Debug)]
pub(super) struct Callgrind {
    version: String,
}

impl Callgrind {
    /// Finds callgrind.
    ///
    /// # Errors
    ///
    /// The reason, if callgrind is missing or the counts of this system cannot be compared with the baseline.
    pub(super) fn find() -> std::result::Result<Self, &'static str> {
        if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
            return Err("the baseline is that of Linux on x86_64");
        }
        let output = Command::new("valgrind").arg("--version").output();
        match output.ok().filter(|output| output.status.success()) {
            Some(output) => Ok(Self { version: String::from_utf8_lossy(&output.stdout).trim().to_owned() }),
            None => Err("valgrind is not installed; the system's package `valgrind` adds it"),
        }
    }

    /// Returns the version, such as `valgrind-3.19.0`.
    pub(super) fn version(&self) -> &str {
        &self.version
    }

    /// Runs the program, and writes a file for each thread to the folder, named `name` with the thread's number as a suffix.
    ///
    /// # Errors
    ///
    /// If the program or callgrind fails.
    pub(super) fn count(
        &self,
        program: &Path,
        arguments: &[String],
        folder: &Path,
        name: &str,
    ) -> Result<Counts> {
        remove_files(folder, name)?;
        let output = Command::new("valgrind")
            .args(["--quiet", "--tool=callgrind", "--separate-threads=yes"])
            .arg(format!("--callgrind-out-file={}", folder.join(name).display()))
            .arg(program)
            .args(arguments)
            .output()?;
        if !output.status.success() {
            let complaint = String::from_utf8_lossy(&output.stderr);
            return Err(format!("{name}: {} {}", output.status, complaint.trim()).into());
        }
        let mut counts = Counts::default();
        for file in thread_files(folder, name)? {
            counts.add_thread(&fs::read_to_string(folder.join(file))?)?;
        }
        if counts.caller == 0 { Err(format!("{name}: callgrind counted nothing").into()) } else { Ok(counts) }
    }
}

/// Removes the files of an earlier run, whose threads would count too.
fn remove_files(folder: &Path, name: &str) -> Result<()> {
    for file in thread_files(folder, name)? {
        fs::remove_file(folder.join(file))?;
    }
    Ok(())
}

fn thread_files(folder: &Path, name: &str) -> Result<Vec<String>> {
    let prefix = format!("{name}-");
    let mut files = Vec::new();
    for file in fs::read_dir(folder)? {
        files.extend(file?.file_name().into_string().ok().filter(|file| file.starts_with(&prefix)));
    }
    Ok(files)
}

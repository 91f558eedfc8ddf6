//! The text of the repository, for the tidy rules.

use std::{fs, path::Path, process::Command};

use crate::{Result, cargo::root};

/// The text files of the repository.
#[derive(Debug)]
pub(crate) struct Repository {
    files: Vec<TextFile>,
}

/// A UTF-8 text file.
#[derive(Debug)]
pub(crate) struct TextFile {
    /// The path relative to the root, with `/` on every platform.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Repository {
    /// Reads the files that git tracks or would track, or every file if there is no git.
    pub(crate) fn read() -> Result<Self> {
        let mut files = Vec::new();
        for path in list_with_git().map_or_else(list_by_walking, Ok)? {
            // A file that git lists may be deleted, and one that is not UTF-8 has no text.
            if let Ok(text) = fs::read_to_string(root().join(&path)) {
                files.push(TextFile { path, text });
            }
        }
        files.sort_by(|left, right| left.path.cmp(&right.path));
        Ok(Self { files })
    }

    /// Creates a repository of these paths and texts.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let file =
            |(path, text): &(&str, &str)| TextFile { path: (*path).to_owned(), text: (*text).to_owned() };
        Self { files: files.iter().map(file).collect() }
    }

    /// Returns all files, by path.
    pub(crate) fn files(&self) -> impl Iterator<Item = &TextFile> {
        self.files.iter()
    }

    /// Returns the Rust sources, by path.
    pub(crate) fn rust_files(&self) -> impl Iterator<Item = &TextFile> {
        self.files().filter(|file| file.path.ends_with(".rs"))
    }

    /// Returns the file at this path.
    pub(crate) fn file(&self, path: &str) -> Option<&TextFile> {
        self.files().find(|file| file.path == path)
    }
}

fn list_with_git() -> Option<Vec<String>> {
    let mut command = Command::new("git");
    command.current_dir(root()).args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"]);
    let output = command.output().ok().filter(|output| output.status.success())?;
    let list = String::from_utf8(output.stdout).ok()?;
    Some(list.split_terminator('\0').map(str::to_owned).collect())
}

fn list_by_walking() -> Result<Vec<String>> {
    let mut paths = Vec::new();
    walk(root(), "", &mut paths)?;
    Ok(paths)
}

fn walk(folder: &Path, prefix: &str, paths: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        if !entry.file_type()?.is_dir() {
            paths.push(path);
        } else if name != "target" && name != ".git" {
            walk(&entry.path(), &format!("{path}/"), paths)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walking_finds_the_files_that_git_lists() {
        let walked = list_by_walking().unwrap();
        for path in ["Cargo.toml", "xtask/src/main.rs", "crates/logtide/src/lib.rs"] {
            assert!(walked.iter().any(|walked| walked == path), "{path}");
        }
        assert!(!walked.iter().any(|path| path.starts_with("target/") || path.starts_with(".git/")));
    }
}

//! The files of a spool, as a kill leaves them.

use std::{
    collections::BTreeSet,
    fs::{self, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
};

use crate::faults::Result;

/// The files of a spool, counted by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Files {
    pub(crate) whole: usize,
    pub(crate) temporary: usize,
    pub(crate) damaged: usize,
}

/// Counts the files in the folders of a spool. Returns zeros if there is no spool.
pub(crate) fn files_of(dir: &Path) -> Files {
    let count = |extension| paths(dir, extension).len();
    Files { whole: count("spool"), temporary: count("tmp"), damaged: count("damaged") }
}

/// Returns the files with entries, oldest first.
pub(super) fn spool_files(dir: &Path) -> BTreeSet<PathBuf> {
    paths(dir, "spool").into_iter().collect()
}

/// Appends the beginning of an entry to a file, as after a power cut during a write.
pub(super) fn tear(file: &Path, keep: usize) -> Result<()> {
    let line = br#"1b851995 31 {"time":"2026-01-01T00:00:00Z","#;
    Ok(OpenOptions::new().append(true).open(file)?.write_all(&line[..keep.clamp(1, line.len())])?)
}

/// Whether a file ends inside a line.
pub(super) fn is_torn(file: &Path) -> bool {
    fs::read(file).is_ok_and(|bytes| bytes.last() != Some(&b'\n'))
}

fn paths(dir: &Path, extension: &str) -> Vec<PathBuf> {
    let folders = fs::read_dir(dir).into_iter().flatten().flatten();
    let files = folders.flat_map(|folder| fs::read_dir(folder.path()).into_iter().flatten().flatten());
    let mut paths: Vec<_> = files.map(|file| file.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|found| found == extension));
    paths
}

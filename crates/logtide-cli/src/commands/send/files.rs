//! Files that are read once from start to end.

use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
    time::Instant,
};

use super::{
    sink::{Input, Sink},
    stop::Stop,
};
use crate::failure::Failure;

/// The size of one read, in bytes.
const CHUNK: usize = 64 * 1024;

/// Opens all files before anything is sent.
pub(super) fn open(paths: &[PathBuf]) -> Result<Vec<(PathBuf, File)>, Failure> {
    let open = |path: PathBuf| match File::open(&path) {
        Ok(file) => Ok((path, file)),
        Err(error) => {
            Err(Failure::new(Failure::USAGE, format_args!("cannot read {}: {error}", path.display())))
        }
    };
    let mut all = Vec::new();
    for path in paths {
        let named = path.to_str().filter(|text| !path.exists() && text.contains(['*', '?', '[']));
        let found = named
            .and_then(|pattern| glob::glob(pattern).ok())
            .map(|found| found.flatten().collect::<Vec<_>>());
        match found {
            Some(found) if !found.is_empty() => all.extend(found),
            _ => all.push(path.clone()),
        }
    }
    all.into_iter().map(open).collect()
}

/// Reads the files one after the other. Returns whether all were read to the end.
pub(super) fn read(sink: &Sink, files: Vec<(PathBuf, File)>, stop: &Stop) -> io::Result<bool> {
    let mut chunk = vec![0; CHUNK];
    for (path, mut file) in files {
        let mut input = Input::new(sink, service_of(&path), 0, 0);
        loop {
            if stop.is_asked() {
                input.finish(Instant::now());
                return Ok(false);
            }
            match file.read(&mut chunk) {
                Ok(0) => break,
                Ok(length) => input.feed(&chunk[..length], Instant::now()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    input.finish(Instant::now());
                    return Err(error);
                }
            }
        }
        input.finish(Instant::now());
    }
    Ok(true)
}

/// Returns the service for a file's lines: its name up to the first dot.
pub(super) fn service_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let stem = name.split('.').find(|part| !part.is_empty());
    stem.unwrap_or("file").to_owned()
}

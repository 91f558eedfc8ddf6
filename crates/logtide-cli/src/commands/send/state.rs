//! The path of the state file.

use std::path::{Path, PathBuf};

use etcetera::{BaseStrategy as _, choose_base_strategy};

use crate::failure::Failure;

/// Returns the requested file, or one in the user's state folder for these files and this server.
pub(super) fn path(asked: Option<PathBuf>, files: &[PathBuf], server: &str) -> Result<PathBuf, Failure> {
    if let Some(path) = asked {
        return Ok(path);
    }
    let places = choose_base_strategy().map_err(|_| {
        Failure::new(Failure::USAGE, "there is no home folder for the state file: use --state FILE")
    })?;
    let folder = places.state_dir().unwrap_or_else(|| places.data_dir()).join("logtide");
    Ok(folder.join(name(files, server)))
}

/// Returns a file name that depends on all paths and on the server.
fn name(files: &[PathBuf], server: &str) -> String {
    let mut paths: Vec<PathBuf> =
        files.iter().map(|path| std::path::absolute(path).unwrap_or_else(|_| path.clone())).collect();
    paths.sort();
    let mut hasher = crc32fast::Hasher::new();
    for path in paths.iter().map(PathBuf::as_path).chain([Path::new(server)]) {
        hasher.update(path.as_os_str().as_encoded_bytes());
        hasher.update(&[0]);
    }
    format!("send-{:08x}.json", hasher.finalize())
}

//! Reading the files of a disk without the SDK.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use super::super::entry::Make;
use crate::spool_model::ModelDisk;

/// The path of the spool.
pub(super) const ROOT: &str = "/spool";

/// The first bytes of files of a later version.
pub(super) const LATER: &str = "#logtide-spool 2 ";

/// Returns the files with entries that this version can read.
pub(super) fn readable(disk: &ModelDisk) -> Vec<PathBuf> {
    let is_ours = |path: &PathBuf| {
        let is_spool = path.extension().is_some_and(|extension| extension == "spool");
        is_spool && disk.get(path).is_some_and(|bytes| !bytes.starts_with(LATER.as_bytes()))
    };
    disk.files().into_iter().filter(is_ours).collect()
}

/// Whether the end of a file is missing, or a part of it reads as zeros.
pub(super) fn are_torn(disk: &ModelDisk) -> bool {
    let is_torn = |bytes: &[u8]| bytes.contains(&0) || bytes.last().is_some_and(|last| *last != b'\n');
    readable(disk).iter().any(|path| disk.get(path).is_some_and(|bytes| is_torn(&bytes)))
}

/// Returns the numbers of all readable entries.
pub(super) fn entries(disk: &ModelDisk) -> HashSet<u64> {
    readable(disk).iter().flat_map(|path| entries_of(disk, path)).collect()
}

/// Returns the numbers of the readable entries of a file.
pub(super) fn entries_of(disk: &ModelDisk, path: &Path) -> Vec<u64> {
    let bytes = disk.get(path).unwrap_or_default();
    bytes.split(|byte| *byte == b'\n').filter_map(entry).collect()
}

/// Returns the number of the entry in a line: `CRC length text`.
fn entry(line: &[u8]) -> Option<u64> {
    let mut fields = line.splitn(3, |byte| *byte == b' ');
    let crc = u32::from_str_radix(std::str::from_utf8(fields.next()?).ok()?, 16).ok()?;
    let length: usize = std::str::from_utf8(fields.next()?).ok()?.parse().ok()?;
    let text = fields.next().filter(|text| text.len() == length && crc32fast::hash(text) == crc)?;
    std::str::from_utf8(text).ok().map(Make::id)
}

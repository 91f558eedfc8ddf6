//! Locks on files.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Read as _, Seek as _, Write as _},
    path::Path,
    process,
};

use super::{Lock, private};

/// The maximum size of a label.
const LABEL: u64 = 1_024;

pub(super) fn lock(path: &Path, label: &[u8]) -> io::Result<Option<Lock>> {
    // A link could lead anywhere, and a pipe could block forever.
    if fs::symlink_metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file"));
    }
    let file = private().read(true).write(true).create(true).truncate(false).open(path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    let mut guard = DiskGuard { file, process: process::id() };
    let label = guard.label(label)?;
    Ok(Some(Lock { label, guard: Box::new(guard) }))
}

/// A lock and the process that took it.
#[derive(Debug)]
struct DiskGuard {
    file: File,
    process: u32,
}

impl DiskGuard {
    /// Reads the label through the handle that has the lock: on Windows, no other can.
    fn label(&mut self, wanted: &[u8]) -> io::Result<Vec<u8>> {
        let mut label = Vec::new();
        (&self.file).take(LABEL).read_to_end(&mut label)?;
        if label.len() < wanted.len() && wanted.starts_with(&label) {
            self.file.rewind()?;
            self.file.write_all(wanted)?;
            self.file.sync_data()?;
            label = wanted.to_vec();
        }
        Ok(label)
    }
}

impl Drop for DiskGuard {
    /// A forked child shares the lock. Dropping it in the child must not release the parent's, and keeping it must
    /// not hold it.
    fn drop(&mut self) {
        if self.process == process::id() {
            let _ = self.file.unlock();
        }
    }
}

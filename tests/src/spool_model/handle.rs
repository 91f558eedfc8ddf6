//! Open files and locks of a process.

use std::{io, path::PathBuf};

use logtide_client::spool::OpenFile;

use super::ModelDisk;

/// An open file.
#[derive(Debug)]
pub(super) struct Handle {
    pub(super) disk: ModelDisk,
    pub(super) inode: usize,
    /// Identifies the process that opened it.
    pub(super) life: u64,
}

impl OpenFile for Handle {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.disk.state().write(self.inode, self.life, bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.disk.state().sync(self.inode, self.life)
    }
}

/// A lock.
#[derive(Debug)]
pub(super) struct Guard {
    pub(super) disk: ModelDisk,
    pub(super) file: PathBuf,
    pub(super) life: u64,
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.disk.state().unlock(&self.file, self.life);
    }
}

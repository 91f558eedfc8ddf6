//! A folder that this process has locked.

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
};

use logtide_core::{
    Timestamp,
    spool::{Completion, OperationError},
};

use super::{
    EntryKind, FileSystem, Guard, OpenFile,
    label::{self, LABEL},
    name::Name,
    operation_error::{permanent_error, temporary_error},
};

/// The maximum number of damaged files that a folder keeps.
const MAX_DAMAGED: usize = 100;

/// The size of the largest file that is read in bytes. The largest that is written has 64 MiB and a batch.
const MAX_BYTES: u64 = (64 << 20) + (4 << 20);

/// A folder that this process has locked.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    files: BTreeSet<u64>,
    damaged: BTreeSet<u64>,
    /// Held until the folder is dropped.
    _lock: Box<dyn Guard>,
}

/// A file that exists in a folder.
#[derive(Clone, Copy, Debug)]
pub(super) struct Left {
    pub(super) number: u64,
    pub(super) bytes: u64,
    pub(super) written: Timestamp,
}

/// The result of an attempt to lock a folder.
#[derive(Debug)]
pub(super) enum Attempt {
    Taken(Folder, Vec<Left>),
    InUse,
    /// It is skipped, for this reason.
    Foreign(String),
}

impl Folder {
    /// Tries to lock an existing folder.
    pub(super) fn take(fs: &dyn FileSystem, path: PathBuf, syncs: bool) -> io::Result<Attempt> {
        let Some(lock) = fs.lock(&path.join("lock"), LABEL)? else { return Ok(Attempt::InUse) };
        if let Err(detail) = label::check(&lock.label) {
            return Ok(Attempt::Foreign(detail));
        }
        if syncs {
            fs.sync_dir(&path)?;
        }
        let mut folder = Self { path, files: BTreeSet::new(), damaged: BTreeSet::new(), _lock: lock.guard };
        let left = folder.scan(fs)?;
        Ok(Attempt::Taken(folder, left))
    }

    /// Lists the folder, and removes what was never acknowledged.
    fn scan(&mut self, fs: &dyn FileSystem) -> io::Result<Vec<Left>> {
        let mut left = Vec::new();
        for entry in fs.list(&self.path)? {
            match Name::parse(&entry.name) {
                _ if entry.kind != EntryKind::File => {}
                Some(Name::Spool(number)) => {
                    self.files.insert(number);
                    left.push(Left { number, bytes: entry.bytes, written: entry.written });
                }
                Some(name @ Name::Temporary(_)) => {
                    // A later start removes what stays.
                    let _ = fs.remove(&name.within(&self.path));
                }
                Some(Name::Damaged(number)) => {
                    self.damaged.insert(number);
                }
                None => {}
            }
        }
        left.sort_unstable_by_key(|left| left.number);
        Ok(left)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn has_files(&self) -> bool {
        !self.files.is_empty()
    }

    /// The lowest number above all existing ones.
    pub(super) fn next_number(&self) -> u64 {
        self.files.last().max(self.damaged.last()).map_or(1, |last| last + 1)
    }

    /// Writes a file, which gets its name only when it is complete. The file stays open.
    pub(super) fn create(
        &mut self,
        fs: &dyn FileSystem,
        number: u64,
        bytes: &[u8],
        syncs: bool,
    ) -> Result<Box<dyn OpenFile>, CreateError> {
        let path = Name::Spool(number).within(&self.path);
        if self.files.contains(&number) {
            return Err(CreateError::Other(permanent_error("created", &path, "it already exists")));
        }
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => CreateError::NoFolder(temporary_error("created", &path, &error)),
            _ => CreateError::Other(temporary_error("created", &path, &error)),
        };
        let temporary = Name::Temporary(number).within(&self.path);
        let mut file = fs.create(&temporary).map_err(failed)?;
        let written = file.write(bytes).and_then(|()| if syncs { file.sync() } else { Ok(()) });
        if let Err(error) = written.and_then(|()| fs.rename(&temporary, &path)) {
            drop(file);
            // It takes space, and is removed at the next start otherwise.
            let _ = fs.remove(&temporary);
            return Err(failed(error));
        }
        self.files.insert(number);
        if syncs {
            fs.sync_dir(&self.path).map_err(failed)?;
        }
        Ok(file)
    }

    pub(super) fn append(
        &self,
        file: &mut dyn OpenFile,
        number: u64,
        bytes: &[u8],
        syncs: bool,
    ) -> Completion {
        let written = file.write(bytes).and_then(|()| if syncs { file.sync() } else { Ok(()) });
        let path = Name::Spool(number).within(&self.path);
        written.map(|()| Vec::new()).map_err(|error| temporary_error("written", &path, &error))
    }

    pub(super) fn read(&mut self, fs: &dyn FileSystem, number: u64) -> Completion {
        let path = Name::Spool(number).within(&self.path);
        match fs.read(&path, MAX_BYTES + 1) {
            Ok(bytes) if bytes.len() as u64 > MAX_BYTES => {
                Err(permanent_error("read", &path, "it is larger than any spool file"))
            }
            Ok(bytes) => Ok(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.files.remove(&number);
                Err(permanent_error("read", &path, "it is gone"))
            }
            Err(error) => Err(temporary_error("read", &path, &error)),
        }
    }

    /// Removes a file. It may reappear after a power cut.
    pub(super) fn remove(&mut self, fs: &dyn FileSystem, number: u64) -> Completion {
        let path = Name::Spool(number).within(&self.path);
        ignore_not_found(fs.remove(&path)).map_err(|error| temporary_error("removed", &path, &error))?;
        self.files.remove(&number);
        Ok(Vec::new())
    }

    pub(super) fn set_aside(&mut self, fs: &dyn FileSystem, number: u64, syncs: bool) -> Completion {
        let path = Name::Spool(number).within(&self.path);
        let renamed = fs.rename(&path, &Name::Damaged(number).within(&self.path));
        ignore_not_found(renamed).map_err(|error| temporary_error("set aside", &path, &error))?;
        self.files.remove(&number);
        self.damaged.insert(number);
        while self.damaged.len() > MAX_DAMAGED {
            let Some(oldest) = self.damaged.pop_first() else { break };
            // What stays only takes space.
            let _ = fs.remove(&Name::Damaged(oldest).within(&self.path));
        }
        if syncs {
            // If the rename is lost, the file is read and renamed again.
            let _ = fs.sync_dir(&self.path);
        }
        Ok(Vec::new())
    }
}

/// Why a file was not created.
#[derive(Debug)]
pub(super) enum CreateError {
    /// The folder does not exist.
    NoFolder(OperationError),
    Other(OperationError),
}

impl From<CreateError> for OperationError {
    fn from(error: CreateError) -> Self {
        let (CreateError::NoFolder(inner) | CreateError::Other(inner)) = error;
        inner
    }
}

/// A file that does not exist need not be removed or renamed.
fn ignore_not_found(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

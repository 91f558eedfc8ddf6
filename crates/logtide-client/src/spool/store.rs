//! The locked folders of a spool.

mod claim;
mod found;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use logtide_core::spool::{Completion, FileId, Found, Operation, OperationError};

use self::found::in_order;
use super::{
    FileSystem, OpenFile, SpoolError,
    folder::{Attempt, CreateError, Folder},
    name,
};
use crate::Durability;

/// The locked folders of a spool, and operations on them. All calls block.
///
/// ```no_run
/// use std::sync::Arc;
/// use logtide_client::{Durability, spool::{Disk, Store}};
/// use logtide_core::spool::{FileId, Operation};
///
/// let (mut store, found) = Store::open(Arc::new(Disk::default()), "spool".as_ref(), Durability::default())?;
/// println!("{} files to deliver", found.len());
///
/// let file = FileId { folder: 0, number: store.next_number() };
/// if let Err(error) = store.run(Operation::Create { file, bytes: b"entries".to_vec() }) {
///     println!("kept in memory: {error}");
/// }
/// # Ok::<(), logtide_client::spool::SpoolError>(())
/// ```
///
/// The locks are released when it is dropped.
#[derive(Debug)]
pub struct Store {
    fs: Arc<dyn FileSystem>,
    root: PathBuf,
    syncs: bool,
    own: Folder,
    /// The keys are the numbers that the pipeline uses for them.
    adopted: BTreeMap<u32, Folder>,
    last_adopted: u32,
    /// The last file that was created, unless writing to it failed.
    open: Option<(FileId, Box<dyn OpenFile>)>,
    notices: Vec<String>,
    /// Skipped folders that were reported.
    skipped: BTreeSet<u32>,
}

impl Store {
    /// Locks a folder of the directory, adopts those of dead owners, and returns their files, oldest first.
    ///
    /// The directory is created if it does not exist. A relative path is resolved against the current working
    /// directory. With [`Durability::Never`], nothing is synced.
    ///
    /// # Errors
    ///
    /// Returns an error if the directory cannot be used. The error says what to do.
    pub fn open(
        fs: Arc<dyn FileSystem>,
        dir: &Path,
        durability: Durability,
    ) -> Result<(Self, Vec<Found>), SpoolError> {
        let root = std::path::absolute(dir).map_err(|error| SpoolError::new(dir, error))?;
        let syncs = durability != Durability::Never;
        let claim = claim::claim(&*fs, &root, syncs)?;
        let mut store = Self {
            fs,
            root,
            syncs,
            own: claim.own,
            adopted: BTreeMap::new(),
            last_adopted: 0,
            open: None,
            notices: Vec::new(),
            skipped: BTreeSet::new(),
        };
        for (number, detail) in claim.skipped {
            store.leave_alone(number, &detail);
        }
        let mut folders = vec![(0, claim.left)];
        folders.extend(store.adopt_folders());
        Ok((store, in_order(folders)))
    }

    /// Returns the lowest number for the next file: above all files in the folder, including damaged ones.
    #[must_use]
    pub fn next_number(&self) -> u64 {
        self.own.next_number()
    }

    /// Returns the folder for new files.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.own.path()
    }

    /// Returns notices since the last call: skipped folders, with the reason.
    pub fn take_notices(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notices)
    }

    /// Performs an operation.
    ///
    /// Files are created in the store's own folder, 0. Only the last one can be appended to, until it is read. After
    /// a failed write or sync the file is closed, because its content is uncertain: remove it, and write its entries
    /// to another file.
    ///
    /// # Errors
    ///
    /// Returns an [`OperationError`] with the file and the cause if the operation fails.
    pub fn run(&mut self, operation: Operation) -> Completion {
        match operation {
            Operation::Create { file, bytes } => self.create(file, &bytes),
            Operation::Append { file, bytes } => self.append(file, &bytes),
            Operation::Read { file } => self
                .with_folder(file, |folder, fs, _| folder.read(fs, file.number))
                .unwrap_or_else(|| Err(refusal(format!("the folder of {file:?} is not held")))),
            // In a folder that is not locked, there is nothing to remove.
            Operation::Remove { file } => self
                .with_folder(file, |folder, fs, _| folder.remove(fs, file.number))
                .unwrap_or_else(|| Ok(Vec::new())),
            Operation::SetAside { file } => self
                .with_folder(file, |folder, fs, syncs| folder.set_aside(fs, file.number, syncs))
                .unwrap_or_else(|| Ok(Vec::new())),
            other => Err(refusal(format!("this store does not know how to do {:?}", other.file()))),
        }
    }

    /// Adopts the folders of owners that have died since, and returns their files, oldest first.
    ///
    /// It lists the directory and the folders of others, so a call every few seconds is enough. At most 16 folders
    /// are locked at a time.
    pub fn adopt(&mut self) -> Vec<Found> {
        in_order(self.adopt_folders())
    }

    fn create(&mut self, file: FileId, bytes: &[u8]) -> Completion {
        self.open = None;
        if file.folder != 0 {
            return Err(refusal(format!("{file:?} is not in the folder for new files")));
        }
        let Self { fs, own, syncs, .. } = self;
        let created = match own.create(&**fs, file.number, bytes, *syncs) {
            Err(CreateError::NoFolder(error)) => {
                self.restore().ok_or(error)?;
                self.own.create(&*self.fs, file.number, bytes, self.syncs)
            }
            result => result,
        };
        self.open = Some((file, created?));
        Ok(Vec::new())
    }

    fn append(&mut self, file: FileId, bytes: &[u8]) -> Completion {
        let Some((_, mut opened)) = self.open.take().filter(|(id, _)| *id == file) else {
            return Err(refusal(format!("{file:?} is not open")));
        };
        self.own.append(&mut *opened, file.number, bytes, self.syncs)?;
        self.open = Some((file, opened));
        Ok(Vec::new())
    }

    /// Performs an operation on a file that is not written to afterwards. An adopted folder is unlocked when it has no
    /// more files.
    fn with_folder(
        &mut self,
        file: FileId,
        action: impl FnOnce(&mut Folder, &dyn FileSystem, bool) -> Completion,
    ) -> Option<Completion> {
        self.open.take_if(|(id, _)| *id == file);
        if file.folder == 0 {
            return Some(action(&mut self.own, &*self.fs, self.syncs));
        }
        let folder = self.adopted.get_mut(&file.folder)?;
        let completion = action(folder, &*self.fs, self.syncs);
        if !folder.has_files() {
            self.adopted.remove(&file.folder);
        }
        Some(completion)
    }
}

/// An error in the caller's request.
fn refusal(detail: String) -> OperationError {
    OperationError { detail, is_final: true }
}

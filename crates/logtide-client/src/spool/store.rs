//! The folders of a spool that a client holds.

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

/// The folders of a spool that a client holds, and what is done in them. All calls block.
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
/// if let Err(trouble) = store.run(Operation::Create { file, bytes: b"entries".to_vec() }) {
///     println!("kept in memory: {trouble}");
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
    /// By the numbers that they have for the pipeline.
    adopted: BTreeMap<u32, Folder>,
    last_adopted: u32,
    /// The file that was created last, unless writing to it failed.
    open: Option<(FileId, Box<dyn OpenFile>)>,
    notices: Vec<String>,
    /// Folders that are left alone, and were told.
    left_alone: BTreeSet<u32>,
}

impl Store {
    /// Takes a folder of the directory, adopts those of dead owners, and says what is in them, oldest first.
    ///
    /// The directory is made when there is none, and a relative one is meant from the working directory of this moment. With
    /// [`Durability::Never`] nothing is synced.
    ///
    /// # Errors
    ///
    /// The directory cannot be used. The error says what to do.
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
            left_alone: BTreeSet::new(),
        };
        for (number, detail) in claim.left_alone {
            store.leave_alone(number, &detail);
        }
        let mut folders = vec![(0, claim.left)];
        folders.extend(store.adopt_folders());
        Ok((store, in_order(folders)))
    }

    /// The number that the next new file has at least: above all files that are in the folder, also those that are set aside.
    #[must_use]
    pub fn next_number(&self) -> u64 {
        self.own.next_number()
    }

    /// The folder that new files are written to.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.own.path()
    }

    /// What there is to tell since the last call: folders that are left alone, and why.
    pub fn take_notices(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notices)
    }

    /// Does that.
    ///
    /// Files are created in the store's own folder, 0, and only the one that was created last can be appended to, until it is read. After a
    /// write or a sync that failed the file is closed: what it holds then is uncertain, so it is to be removed, and what was to be
    /// in it written to another.
    ///
    /// # Errors
    ///
    /// The [`OperationError`] names the file and the cause.
    pub fn run(&mut self, operation: Operation) -> Completion {
        match operation {
            Operation::Create { file, bytes } => self.create(file, &bytes),
            Operation::Append { file, bytes } => self.append(file, &bytes),
            Operation::Read { file } => self
                .with_folder(file, |folder, fs, _| folder.read(fs, file.number))
                .unwrap_or_else(|| Err(refusal(format!("the folder of {file:?} is not held")))),
            // In a folder that is not held there is nothing that has to go.
            Operation::Remove { file } => self
                .with_folder(file, |folder, fs, _| folder.remove(fs, file.number))
                .unwrap_or_else(|| Ok(Vec::new())),
            Operation::SetAside { file } => self
                .with_folder(file, |folder, fs, syncs| folder.set_aside(fs, file.number, syncs))
                .unwrap_or_else(|| Ok(Vec::new())),
            other => Err(refusal(format!("this store does not know how to do {:?}", other.file()))),
        }
    }

    /// Adopts the folders of owners that died since, and says what is in them, oldest first.
    ///
    /// It lists the directory and the folders that others have, so once in some seconds is often enough. At most 16 folders are held
    /// at a time.
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
            Err(CreateError::NoFolder(trouble)) => {
                self.restore().ok_or(trouble)?;
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

    /// Does something with a file that is not written to from here on. A folder of others is released when it has no more files.
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

/// What the caller does wrong.
fn refusal(detail: String) -> OperationError {
    OperationError { detail, is_final: true }
}

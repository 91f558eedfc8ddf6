//! Locking folders.

use std::{io, path::Path};

use super::{Attempt, FileSystem, Folder, SpoolError, Store, name};
use crate::spool::{Entry, EntryKind, folder::Left, name::Name};

/// The maximum number of folders of a spool.
const MAX_FOLDERS: u32 = 1_000;

/// The maximum number of adopted folders.
const MAX_ADOPTED: usize = 16;

/// A folder that was locked.
pub(super) struct Claim {
    pub(super) own: Folder,
    pub(super) left: Vec<Left>,
    /// Folders that cannot be locked, other than those in use, with the reason.
    pub(super) skipped: Vec<(u32, String)>,
}

/// Locks the lowest folder that can be locked. The directory and the folder are created if necessary.
pub(super) fn claim(fs: &dyn FileSystem, root: &Path, syncs: bool) -> Result<Claim, SpoolError> {
    let entries = match fs.list(root) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => make_dir(fs, root).map(|()| Vec::new()),
        result => result,
    };
    let entries = entries.map_err(|error| SpoolError::new(root, error))?;
    let mut skipped = Vec::new();
    for number in 1..=MAX_FOLDERS {
        let path = root.join(number.to_string());
        let there = entries.iter().find(|entry| name::folder(&entry.name) == Some(number));
        if there.is_some_and(|entry| entry.kind != EntryKind::Directory) {
            skipped.push((number, "it is not a directory".to_owned()));
            continue;
        }
        if there.is_none() {
            match fs.create_dir(&path) {
                Ok(()) => Ok(()),
                // Another process was faster.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
                Err(error) => Err(error),
            }
            .map_err(|error| SpoolError::new(root, error))?;
        }
        match Folder::take(fs, path.clone(), syncs) {
            Ok(Attempt::Taken(own, left)) => {
                sync_above(fs, &path, syncs).map_err(|error| SpoolError::new(root, error))?;
                return Ok(Claim { own, left, skipped });
            }
            Ok(Attempt::InUse) => {}
            Ok(Attempt::Foreign(detail)) => skipped.push((number, detail)),
            Err(error) if there.is_some() && is_of_the_folder(&error) => {
                skipped.push((number, error.to_string()));
            }
            Err(error) => return Err(SpoolError::new(path, error)),
        }
    }
    Err(SpoolError::InUse { path: root.to_owned(), limit: MAX_FOLDERS })
}

impl Store {
    /// Adopts folders, and assigns numbers to them.
    pub(super) fn adopt_folders(&mut self) -> Vec<(u32, Vec<Left>)> {
        let mut folders = Vec::new();
        let mut numbers: Vec<_> = self.list(&self.root).iter().filter_map(number).collect();
        numbers.sort_unstable();
        for number in numbers {
            if self.adopted.len() == MAX_ADOPTED {
                break;
            }
            let path = self.root.join(number.to_string());
            let is_held = self.own.path() == path || self.adopted.values().any(|other| other.path() == path);
            if is_held || self.skipped.contains(&number) || !self.list(&path).iter().any(has_entries) {
                continue;
            }
            match Folder::take(&*self.fs, path, self.syncs) {
                Ok(Attempt::Taken(folder, left)) if folder.has_files() => {
                    self.last_adopted = self.last_adopted.wrapping_add(1).max(1);
                    self.adopted.insert(self.last_adopted, folder);
                    folders.push((self.last_adopted, left));
                }
                Ok(Attempt::Taken(..) | Attempt::InUse) => {}
                Ok(Attempt::Foreign(detail)) => self.leave_alone(number, &detail),
                Err(error) if is_of_the_folder(&error) => self.leave_alone(number, &error.to_string()),
                // A later search may succeed.
                Err(_) => {}
            }
        }
        folders
    }

    pub(super) fn leave_alone(&mut self, number: u32, detail: &str) {
        if self.skipped.insert(number) {
            let folder = self.root.join(number.to_string());
            self.notices.push(format!("{} is skipped: {detail}", folder.display()));
        }
    }

    /// Creates the own folder again after it was removed. `None` if that is not possible.
    pub(super) fn restore(&mut self) -> Option<()> {
        let path = self.own.path().to_owned();
        make_dir(&*self.fs, &path).ok()?;
        sync_above(&*self.fs, &path, self.syncs).ok()?;
        let Ok(Attempt::Taken(own, left)) = Folder::take(&*self.fs, path, self.syncs) else { return None };
        // Existing files are another process's, and are adopted once this is unlocked.
        left.is_empty().then(|| self.own = own)
    }

    /// Lists a directory. Returns nothing on an error, since a later search may succeed.
    fn list(&self, dir: &Path) -> Vec<Entry> {
        self.fs.list(dir).unwrap_or_default()
    }
}

fn number(entry: &Entry) -> Option<u32> {
    let is_directory = entry.kind == EntryKind::Directory;
    name::folder(&entry.name).filter(|_| is_directory)
}

fn has_entries(entry: &Entry) -> bool {
    entry.kind == EntryKind::File && matches!(Name::parse(&entry.name), Some(Name::Spool(_)))
}

/// Whether another folder may work if this one does not.
fn is_of_the_folder(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::PermissionDenied
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::IsADirectory
            | io::ErrorKind::NotADirectory
    )
}

/// Creates a directory with its parents.
fn make_dir(fs: &dyn FileSystem, dir: &Path) -> io::Result<()> {
    let made = match (fs.create_dir(dir), dir.parent()) {
        (Err(error), Some(parent)) if error.kind() == io::ErrorKind::NotFound => {
            make_dir(fs, parent)?;
            fs.create_dir(dir)
        }
        (made, _) => made,
    };
    match made {
        // Another process was faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

/// Syncs the name of a directory and those of its parents: the process that created them may have died before it did
/// so.
fn sync_above(fs: &dyn FileSystem, dir: &Path, syncs: bool) -> io::Result<()> {
    dir.ancestors().skip(1).try_for_each(|above| match sync(fs, above, syncs) {
        // A directory may be writable and yet not be opened.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        result => result,
    })
}

fn sync(fs: &dyn FileSystem, dir: &Path, syncs: bool) -> io::Result<()> {
    if syncs { fs.sync_dir(dir) } else { Ok(()) }
}

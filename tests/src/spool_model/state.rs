//! The disk itself.

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
};

use fastrand::Rng;
use logtide_client::spool::{Entry, EntryKind};
use logtide_core::Timestamp;

use super::{
    Faults,
    data::Data,
    names::{Names, Node},
};

#[derive(Debug)]
pub(super) struct State {
    random: Rng,
    names: Names,
    files: Vec<Data>,
    locks: BTreeSet<PathBuf>,
    faults: Faults,
    /// The capacity of all files in bytes.
    capacity: u64,
    changes: u64,
    syncs: u64,
    /// The number of changes after which everything fails.
    stop: u64,
    time: i64,
    /// Incremented when all processes end.
    life: u64,
}

impl State {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            random: Rng::with_seed(seed),
            names: Names::default(),
            files: Vec::new(),
            locks: BTreeSet::new(),
            faults: Faults::default(),
            capacity: u64::MAX,
            changes: 0,
            syncs: 0,
            stop: u64::MAX,
            time: 1_795_340_191_342_000,
            life: 0,
        }
    }

    pub(super) fn set_faults(&mut self, faults: Faults) {
        self.capacity = faults.free.map_or(u64::MAX, |free| self.used() + free);
        self.faults = faults;
    }

    pub(super) fn crash(&mut self) {
        self.names.crash(&mut self.random);
        for file in &mut self.files {
            file.crash(&mut self.random);
        }
        self.kill();
    }

    pub(super) fn kill(&mut self) {
        self.locks.clear();
        self.life += 1;
        self.stop = u64::MAX;
    }

    pub(super) fn stop_after(&mut self, changes: u64) {
        self.stop = self.changes + changes;
    }

    pub(super) fn changes(&self) -> u64 {
        self.changes
    }

    pub(super) fn syncs(&self) -> u64 {
        self.syncs
    }

    pub(super) fn set_time(&mut self, time: Timestamp) {
        self.time = time.as_micros();
    }

    pub(super) fn put(&mut self, path: &Path, bytes: &[u8]) {
        let directories: Vec<_> = path.ancestors().skip(1).filter(|dir| dir.parent().is_some()).collect();
        for dir in directories.into_iter().rev() {
            self.names.make(dir, Node::Directory);
        }
        self.files.push(Data::durable(bytes, Timestamp::from_micros(self.time)));
        self.names.make(path, Node::File(self.files.len() - 1));
        self.names.sync_all();
    }

    pub(super) fn get(&self, path: &Path) -> Option<Vec<u8>> {
        self.file(path).ok().map(|inode| self.files[inode].bytes.clone())
    }

    pub(super) fn files(&self) -> Vec<PathBuf> {
        let files = self.names.all().filter(|(_, node)| *node != Node::Directory);
        files.map(|(path, _)| path.to_owned()).collect()
    }

    pub(super) fn remove_all(&mut self, path: &Path) {
        let below: Vec<_> = self.names.all().map(|(path, _)| path.to_owned()).collect();
        for path in below.iter().filter(|below| below.starts_with(path)) {
            self.names.remove(path);
        }
        self.names.sync_all();
    }

    pub(super) fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        self.check_life()?;
        match self.names.get(dir) {
            None => return Err(io::ErrorKind::NotFound.into()),
            Some(Node::File(_)) => return Err(io::ErrorKind::NotADirectory.into()),
            Some(Node::Directory) => {}
        }
        let entries = self.names.within(dir).map(|(path, node)| {
            let file = if let Node::File(inode) = node { Some(&self.files[inode]) } else { None };
            Entry {
                name: path.file_name().unwrap_or_default().to_owned(),
                kind: if file.is_some() { EntryKind::File } else { EntryKind::Directory },
                bytes: file.map_or(0, |file| file.bytes.len() as u64),
                written: file.map_or(Timestamp::from_micros(0), |file| file.written),
            }
        });
        Ok(entries.collect())
    }

    pub(super) fn create_dir(&mut self, dir: &Path) -> io::Result<()> {
        self.change()?;
        self.check_parent(dir)?;
        if self.names.get(dir).is_some() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        self.names.make(dir, Node::Directory);
        Ok(())
    }

    pub(super) fn create(&mut self, path: &Path) -> io::Result<(usize, u64)> {
        self.change()?;
        self.check_parent(path)?;
        if self.names.get(path) == Some(Node::Directory) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        self.files.push(Data::new(Timestamp::from_micros(self.time)));
        let inode = self.files.len() - 1;
        self.names.make(path, Node::File(inode));
        Ok((inode, self.life))
    }

    pub(super) fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.change()?;
        if self.faults.failing_renames {
            return Err(io::Error::other("renames fail"));
        }
        let inode = self.file(from)?;
        self.check_parent(to)?;
        self.names.rename(from, to, Node::File(inode));
        Ok(())
    }

    pub(super) fn remove(&mut self, path: &Path) -> io::Result<()> {
        self.change()?;
        self.file(path)?;
        if self.faults.failing_removes {
            return Err(io::Error::other("removes fail"));
        }
        self.names.remove(path);
        Ok(())
    }

    pub(super) fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        self.check_life()?;
        let bytes = &self.files[self.file(path)?].bytes;
        if self.faults.failing_reads {
            return Err(io::Error::other("reads fail"));
        }
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(bytes[..bytes.len().min(limit)].to_vec())
    }

    pub(super) fn sync_dir(&mut self, dir: &Path) -> io::Result<()> {
        self.change()?;
        if self.names.get(dir) != Some(Node::Directory) {
            return Err(io::ErrorKind::NotFound.into());
        }
        if self.faults.failing_syncs {
            return Err(io::Error::other("syncs fail"));
        }
        self.syncs += 1;
        self.names.sync(dir);
        Ok(())
    }

    pub(super) fn lock(&mut self, path: &Path, label: &[u8]) -> io::Result<Option<(Vec<u8>, u64)>> {
        self.change()?;
        let inode = match self.names.get(path) {
            Some(Node::Directory) => return Err(io::ErrorKind::IsADirectory.into()),
            Some(Node::File(inode)) => inode,
            None => self.create(path)?.0,
        };
        if self.locks.contains(path) {
            return Ok(None);
        }
        let there = &self.files[inode].bytes;
        if there.len() < label.len() && label.starts_with(there) {
            let rest = label[there.len()..].to_vec();
            self.write(inode, self.life, &rest)?;
            self.sync(inode, self.life)?;
        }
        self.locks.insert(path.to_owned());
        Ok(Some((self.files[inode].bytes.clone(), self.life)))
    }

    pub(super) fn unlock(&mut self, path: &Path, life: u64) {
        if life == self.life {
            self.locks.remove(path);
        }
    }

    pub(super) fn write(&mut self, inode: usize, life: u64, bytes: &[u8]) -> io::Result<()> {
        self.change_in(life)?;
        let room = usize::try_from(self.capacity.saturating_sub(self.used())).unwrap_or(usize::MAX);
        let fits = &bytes[..bytes.len().min(room)];
        self.files[inode].write(fits, Timestamp::from_micros(self.time));
        if fits.len() < bytes.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    pub(super) fn sync(&mut self, inode: usize, life: u64) -> io::Result<()> {
        self.change_in(life)?;
        if self.faults.failing_syncs {
            self.files[inode].fail_sync(&mut self.random);
            return Err(io::Error::other("syncs fail"));
        }
        self.syncs += 1;
        self.files[inode].sync();
        Ok(())
    }

    /// Counts a change, or fails if none is allowed.
    fn change(&mut self) -> io::Result<()> {
        self.check_life()?;
        if self.faults.read_only {
            return Err(io::ErrorKind::ReadOnlyFilesystem.into());
        }
        self.changes += 1;
        self.time += 1_000;
        Ok(())
    }

    fn change_in(&mut self, life: u64) -> io::Result<()> {
        if life == self.life { self.change() } else { Err(io::Error::other("the process ended")) }
    }

    fn check_life(&self) -> io::Result<()> {
        if self.changes >= self.stop { Err(io::Error::other("the power is cut")) } else { Ok(()) }
    }

    fn check_parent(&self, path: &Path) -> io::Result<()> {
        match path.parent().and_then(|dir| self.names.get(dir)) {
            Some(Node::Directory) => Ok(()),
            Some(Node::File(_)) => Err(io::ErrorKind::NotADirectory.into()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn file(&self, path: &Path) -> io::Result<usize> {
        match self.names.get(path) {
            Some(Node::File(inode)) => Ok(inode),
            Some(Node::Directory) => Err(io::ErrorKind::IsADirectory.into()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn used(&self) -> u64 {
        let files = self.names.all().filter_map(|(_, node)| match node {
            Node::File(inode) => Some(self.files[inode].bytes.len() as u64),
            Node::Directory => None,
        });
        files.sum()
    }
}

//! The files of a spool.

use std::{collections::VecDeque, ops::Range};

use super::{File, FileId, Found, Operation, Pause, SpoolOptions};
use crate::{DropReason, Tick};

/// The files of a spool, and the current operation.
#[derive(Debug)]
pub(crate) struct Files {
    pub(crate) options: SpoolOptions,
    /// Oldest first.
    pub(crate) list: VecDeque<File>,
    /// The size of all of them in bytes.
    pub(crate) bytes: u64,
    /// The files that are still to be removed or renamed.
    pub(crate) done: VecDeque<Operation>,
    /// The current operation of the driver.
    pub(crate) doing: Option<Doing>,
    /// The number of the next file. `None` until the folder is open.
    next_file: Option<u64>,
    /// The file that is appended to.
    pub(crate) open: Option<FileId>,
    /// The number for the next entry that is found in a file.
    pub(crate) next_found: u64,
    /// Entries of this process with lower numbers are in files, or settled.
    pub(crate) written_before: u64,
    /// Entries with lower numbers are written without waiting for others.
    pub(crate) write_before: u64,
    /// When entries were last written.
    pub(crate) last_write: Tick,
    /// The pause while the folder cannot be opened or written to.
    pub(crate) writing: Pause,
    /// The pause while a file cannot be read.
    pub(crate) reading: Pause,
}

/// The current operation of the driver.
#[derive(Clone, Debug)]
pub(crate) enum Doing {
    /// It writes entries of these numbers, with this size in bytes.
    Write { file: FileId, entries: Range<u64>, bytes: u64, is_new: bool },
    /// It reads a file.
    Read(FileId),
    /// It removes or renames a file.
    Finish,
    /// It searches for files of other processes.
    Search,
}

impl Files {
    /// Creates the state for a folder that is not open yet, without files. The next entry has this number.
    pub(crate) fn new(options: SpoolOptions, next_entry: u64) -> Self {
        Self {
            options,
            list: VecDeque::new(),
            bytes: 0,
            done: VecDeque::new(),
            doing: None,
            next_file: None,
            open: None,
            next_found: 0,
            written_before: next_entry,
            write_before: next_entry,
            last_write: Tick::ZERO,
            writing: Pause::default(),
            reading: Pause::default(),
        }
    }

    /// Records that the folder is open. New files have numbers from this one on.
    pub(crate) const fn opened(&mut self, next_file: u64) {
        self.next_file = Some(next_file);
    }

    pub(crate) const fn is_open(&self) -> bool {
        self.next_file.is_some()
    }

    /// Adds existing files, oldest first, after those that were found before.
    pub(crate) fn add(&mut self, found: impl IntoIterator<Item = Found>) {
        for Found { file, bytes, written } in found {
            self.bytes += bytes;
            let place = self.list.partition_point(|file| {
                file.entries.as_ref().is_none_or(|entries| entries.end <= self.next_found)
            });
            self.list.insert(place, File::found(file, bytes, written));
        }
    }

    /// Whether there is space for this many bytes, in a new file or an existing one.
    pub(crate) fn has_place(&self, bytes: u64, is_new: bool) -> bool {
        self.has_place_beside(self.list.len(), self.bytes, bytes, is_new)
    }

    /// Whether there is space after dropping all files whose entries are not in memory.
    pub(crate) fn can_make_place(&self, bytes: u64, is_new: bool) -> bool {
        let staying = || self.list.iter().filter(|file| file.in_memory);
        self.has_place_beside(staying().count(), staying().map(|file| file.bytes).sum(), bytes, is_new)
    }

    fn has_place_beside(&self, files: usize, held: u64, bytes: u64, is_new: bool) -> bool {
        (!is_new || files < self.options.max_files) && held.saturating_add(bytes) <= self.options.max_bytes
    }

    /// Whether there are no files.
    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(crate) fn next_file(&mut self) -> Option<FileId> {
        let number = self.next_file?;
        self.next_file = Some(number + 1);
        Some(FileId { folder: 0, number })
    }

    pub(crate) fn position(&self, id: FileId) -> Option<usize> {
        self.list.iter().position(|file| file.id == id)
    }

    /// Records that entries are settled. Returns how many of them were certainly in files.
    pub(crate) fn resolve(&mut self, settled: &Range<u64>) -> u64 {
        let mut stored = 0;
        for file in &mut self.list {
            stored += file.resolve(settled);
        }
        self.finish();
        stored
    }

    /// Schedules files with nothing left to deliver for removal or renaming.
    pub(crate) fn finish(&mut self) {
        while let Some(index) = self.list.iter().position(File::is_done) {
            self.forget(index);
        }
    }

    /// Schedules a file for removal or renaming.
    pub(crate) fn forget(&mut self, index: usize) {
        let Some(file) = self.list.remove(index) else { return };
        self.bytes -= file.bytes;
        if self.open == Some(file.id) {
            self.open = None;
        }
        let id = file.id;
        self.done.push_back(if file.is_damaged {
            Operation::SetAside { file: id }
        } else {
            Operation::Remove { file: id }
        });
    }

    /// The next file to remove or rename.
    pub(crate) fn next_done(&mut self) -> Option<Operation> {
        let operation = self.done.pop_front()?;
        self.doing = Some(Doing::Finish);
        Some(operation)
    }

    /// A file to be dropped whose entries are counted, and the reason.
    pub(crate) fn next_doomed(&self) -> Option<(usize, DropReason)> {
        self.list.iter().enumerate().find_map(|(index, file)| {
            let is_counted = file.entries.is_some() && file.writing == 0;
            Some((index, file.doomed.filter(|_| is_counted)?))
        })
    }
}

//! Disk faults, and changes of files by others.

use std::time::Duration;

use super::{
    World,
    files::{self, LATER, ROOT},
};
use crate::spool_model::Faults;

impl World {
    /// Starts or ends disk faults.
    pub(super) fn change_faults(&mut self) {
        let random = &mut self.shared.random;
        let mut faults = Faults::default();
        match random.u8(..12) {
            0..2 => faults.free = Some(random.u64(..4_000)),
            2 => faults.read_only = true,
            3..5 => faults.failing_syncs = true,
            5 => faults.failing_renames = true,
            6 => faults.failing_removes = true,
            7 => faults.failing_reads = true,
            _ => {}
        }
        self.shared.disk.set_faults(faults);
    }

    /// Sets the clock, damages files, and adds files of others between two processes.
    pub(super) fn mend_or_break_files(&mut self) {
        match self.shared.random.u8(..10) {
            0 => {
                self.shared.wall_shift -= self.shared.random.i64(1..400_000_000);
                self.shared.seen.insert("spool: the clock was set back");
            }
            1 => self.shared.wall_shift += self.shared.random.i64(1..400_000_000),
            2 => self.flip(),
            3 => self.put_foreign(),
            4 => self.meddle(),
            5..8 => self.shared.disk.set_faults(Faults::default()),
            _ => {}
        }
        self.shared.now = self.shared.now.after(Duration::from_millis(self.shared.random.u64(..3_000)));
    }

    /// Flips a few bits of a file at rest.
    fn flip(&mut self) {
        let files = files::readable(&self.shared.disk);
        let Some(path) = self.shared.random.choice(&files) else { return };
        let mut bytes = self.shared.disk.get(path).unwrap_or_default();
        if bytes.is_empty() {
            return;
        }
        let (before, path) = (files::entries(&self.shared.disk), path.clone());
        self.distrust(&path);
        for _ in 0..self.shared.random.usize(1..4) {
            let at = self.shared.random.usize(..bytes.len());
            bytes[at] ^= 1 << self.shared.random.u8(..8);
        }
        if bytes.starts_with(LATER.as_bytes()) {
            return;
        }
        self.shared.disk.put(&path, &bytes);
        self.shared.seen.insert("spool: bits were flipped");
        self.forgive(&before);
    }

    /// Removes a file, as another program may do.
    pub(super) fn meddle(&mut self) {
        if self.shared.random.bool() {
            return;
        }
        let files = files::readable(&self.shared.disk);
        let Some(path) = self.shared.random.choice(&files) else { return };
        let (before, path) = (files::entries(&self.shared.disk), path.clone());
        self.distrust(&path);
        self.shared.disk.remove_all(&path);
        for process in &mut self.processes {
            process.is_meddled = true;
        }
        self.shared.seen.insert("spool: somebody removed a file");
        self.forgive(&before);
    }

    /// Treats what is in a file as not durable: another copy of it may never have been synced.
    fn distrust(&mut self, path: &std::path::Path) {
        for id in files::entries_of(&self.shared.disk, path) {
            self.firm.remove(&id);
        }
    }

    /// Stops expecting what was readable before and is unreadable at this point.
    fn forgive(&mut self, before: &std::collections::HashSet<u64>) {
        let after = files::entries(&self.shared.disk);
        for id in before.difference(&after) {
            self.kept.remove(id);
            self.firm.remove(id);
        }
    }

    /// Adds files of other programs and of later versions.
    fn put_foreign(&mut self) {
        let disk = &self.shared.disk;
        disk.put(format!("{ROOT}/1/notes.txt"), b"mine");
        disk.put(format!("{ROOT}/1/00000000000000000001.spool.bak"), b"mine");
        disk.put(format!("{ROOT}/attic/00000000000000000001.spool"), b"mine");
        disk.remove_all(format!("{ROOT}/attic"));
        disk.put(format!("{ROOT}/9/lock"), b"logtide-spool 2\n");
        let mut later = format!("{LATER}texts 1 1795340191342");
        later += &format!(" {:08x}\n", crc32fast::hash(later.as_bytes()));
        disk.put(format!("{ROOT}/9/00000000000000000001.spool"), later.as_bytes());
        disk.put(format!("{ROOT}/1/00000000000000000000.spool"), later.as_bytes());
        self.shared.seen.insert("spool: a later version was there");
    }
}

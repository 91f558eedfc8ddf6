//! Files that are followed.

mod fingerprint;
mod positions;
mod tail;
mod watch;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use file_id::FileId;

pub(super) use self::positions::Positions;
use self::{
    positions::Saved,
    tail::{Found, Tail},
    watch::Watch,
};
use super::{reporter::Reporter, sink::Sink, stop::Stop};

/// The shortest time between two scans for files, and the longest if the system reports no changes.
const SCAN_INTERVALS: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(1));

/// How long a file is read after it lost its name, until its writer has opened the new one.
const RETIRE_AFTER: Duration = Duration::from_secs(30);

/// How long a file that may become a copy of another is left alone after it stopped growing.
const COPY_TIMEOUT: Duration = Duration::from_secs(5);

/// The longest wait for changes, after which the thread checks for a signal.
const TICK: Duration = Duration::from_millis(100);

/// Follows files by their names and patterns.
pub(super) struct Follow<'s> {
    sink: &'s Sink,
    reporter: &'s Reporter,
    positions: &'s Positions,
    patterns: &'s [PathBuf],
    from_end: bool,
    tails: BTreeMap<FileId, Tail<'s>>,
    /// Files that may become copies of others: their last length, and since when.
    undecided: BTreeMap<FileId, (u64, Instant)>,
    /// The positions of an earlier run.
    saved: Vec<Saved>,
    /// Paths that did not exist or could not be read, with the reason that was reported.
    reported: BTreeMap<PathBuf, String>,
    is_first: bool,
}

impl<'s> Follow<'s> {
    pub(super) fn new(
        sink: &'s Sink,
        reporter: &'s Reporter,
        positions: &'s Positions,
        patterns: &'s [PathBuf],
        from_end: bool,
    ) -> Self {
        let saved = positions.saved();
        Self {
            sink,
            reporter,
            positions,
            patterns,
            from_end,
            tails: BTreeMap::new(),
            undecided: BTreeMap::new(),
            saved,
            reported: BTreeMap::new(),
            is_first: true,
        }
    }

    /// Reads until the command is asked to end.
    pub(super) fn run(&mut self, stop: &Stop) {
        let watch = Watch::new(self.patterns);
        let mut scanned = Instant::now();
        self.scan();
        while !stop.is_asked() {
            let is_read = self.read(stop);
            let (at_most, at_least) = SCAN_INTERVALS;
            let has_changed = if is_read { watch.has_changed() } else { watch.wait(TICK) };
            let since = scanned.elapsed();
            if since >= at_least || (has_changed && since >= at_most) {
                // The content of a replaced file comes before that of the file that replaces it.
                self.read(stop);
                self.scan();
                scanned = Instant::now();
            }
        }
        for tail in self.tails.values_mut() {
            tail.stop();
        }
    }

    /// Reads the new content of the files. Returns whether there was any.
    fn read(&mut self, stop: &Stop) -> bool {
        let mut is_any = false;
        loop {
            let mut is_more = false;
            for tail in self.tails.values_mut() {
                if stop.is_asked() {
                    return is_any;
                }
                match tail.read(self.sink, self.positions, self.reporter) {
                    Ok(is_read) => is_more |= is_read,
                    Err(error) => {
                        report_once(&mut self.reported, self.reporter, &tail.path, &error.to_string());
                    }
                }
            }
            if !is_more {
                return is_any;
            }
            is_any = true;
        }
    }

    /// Looks for new files, and for files that were removed.
    fn scan(&mut self) {
        let mut present = BTreeMap::new();
        for path in self.paths() {
            match Found::open(&path) {
                Ok(found) => {
                    self.reported.remove(&path);
                    present.entry(found.id).or_insert_with(|| path.clone());
                    if !self.tails.contains_key(&found.id) {
                        self.begin(path, found);
                    }
                }
                Err(error) => {
                    let why = match error.kind() {
                        std::io::ErrorKind::NotFound => {
                            "does not exist yet; it is followed when it is created".to_owned()
                        }
                        _ => format!("cannot be read: {error}"),
                    };
                    report_once(&mut self.reported, self.reporter, &path, &why);
                }
            }
        }
        let now = Instant::now();
        self.tails.retain(|id, tail| {
            if let Some(path) = present.remove(id) {
                (tail.path, tail.gone) = (path, None);
                return true;
            }
            let gone = *tail.gone.get_or_insert(now);
            let is_done = now.duration_since(gone.max(tail.last_read)) >= RETIRE_AFTER;
            if is_done {
                tail.retire(self.sink, self.positions);
            }
            !is_done
        });
        if std::mem::take(&mut self.is_first) {
            self.find_renamed();
        }
    }

    /// Begins to read a file, where an earlier run ended or at its start.
    fn begin(&mut self, path: PathBuf, found: Found) {
        if found.is_compressed() {
            return report_once(&mut self.reported, self.reporter, &path, "is compressed and is skipped");
        }
        if self.is_undecided(&path, &found) {
            return;
        }
        let known =
            self.saved.iter().position(|saved| saved.id == found.id).map(|at| self.saved.swap_remove(at));
        let resumed = known.filter(|saved| saved.fits(&found));
        let start = match resumed {
            Some(saved) => saved.position,
            None if self.is_first && self.from_end => found.length(),
            None => self.copied(&path, &found).unwrap_or(0),
        };
        let id = found.id;
        if let Some(tail) = Tail::begin(self.sink, self.positions, path, found, start) {
            self.tails.insert(id, tail);
        }
    }

    /// Whether a file holds so little of another that it may become a copy of it.
    fn is_undecided(&mut self, path: &Path, found: &Found) -> bool {
        let length = found.length();
        let others = self.tails.values().filter(|tail| tail.path != path && tail.names_copy(path));
        let may_be = others.flat_map(Tail::pasts).any(|past| past.may_become(found));
        let (known, since) = self.undecided.entry(found.id).or_insert_with(|| (length, Instant::now()));
        if *known != length {
            (*known, *since) = (length, Instant::now());
        }
        let waits = may_be && (length == 0 || since.elapsed() < COPY_TIMEOUT);
        if !waits {
            self.undecided.remove(&found.id);
        }
        waits
    }

    /// Returns where a copy of a followed file has new content. `copytruncate` of logrotate creates such copies.
    fn copied(&self, path: &Path, found: &Found) -> Option<u64> {
        let pasts = self.tails.values().filter(|tail| tail.names_copy(path)).flat_map(Tail::pasts);
        pasts.filter(|past| found.begins_as(&past.whole)).map(|past| past.whole.length).max()
    }

    /// Reads the rest of files that were renamed while they were not followed.
    fn find_renamed(&mut self) {
        for saved in std::mem::take(&mut self.saved) {
            let folder = saved.path.parent().unwrap_or_else(|| Path::new("."));
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            let renamed = entries.map(|entry| entry.path()).find_map(|path| {
                let found = Found::open(&path).ok()?;
                (found.id == saved.id && saved.fits(&found)).then_some((path, found))
            });
            match renamed {
                Some((path, found)) => {
                    let id = found.id;
                    if let Some(tail) = Tail::begin(self.sink, self.positions, path, found, saved.position) {
                        self.tails.insert(id, tail);
                    }
                }
                None => self.reporter.say(format_args!(
                    "{} was replaced while it was not followed; its content after byte {} may be missing",
                    saved.path.display(),
                    saved.position
                )),
            }
        }
        self.positions.forget_saved();
    }

    /// Returns the existing files for the names and patterns.
    fn paths(&self) -> Vec<PathBuf> {
        let mut paths = Vec::new();
        for pattern in self.patterns {
            match pattern.to_str().filter(|text| text.contains(['*', '?', '[']) && !pattern.exists()) {
                Some(text) => {
                    let found = glob::glob(text).into_iter().flatten().flatten();
                    paths.extend(found.filter(|path| path.is_file()));
                }
                None => paths.push(pattern.clone()),
            }
        }
        paths
    }
}

/// Reports a problem with a file once.
fn report_once(reported: &mut BTreeMap<PathBuf, String>, reporter: &Reporter, path: &Path, why: &str) {
    if reported.get(path).is_none_or(|known| known != why) {
        reported.insert(path.to_owned(), why.to_owned());
        reporter.say(format_args!("{} {why}", path.display()));
    }
}

/// Follows the files on the calling thread.
pub(super) fn follow(
    sink: &Sink,
    reporter: &Arc<Reporter>,
    positions: &Positions,
    patterns: &[PathBuf],
    from_end: bool,
    stop: &Stop,
) {
    Follow::new(sink, reporter, positions, patterns, from_end).run(stop);
}

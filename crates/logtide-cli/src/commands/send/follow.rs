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
use super::{sink::Sink, stop::Stop, talk::Talk};

/// How often the files are looked for at most, and at least where the system does not tell of changes.
const SCANS: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(1));

/// How long a file is read on after it lost its name: until its writer has opened the new one.
const RETIREMENT: Duration = Duration::from_secs(30);

/// How long a file that may become a copy of another is left alone once it grows no more.
const COPYING: Duration = Duration::from_secs(5);

/// How long the thread waits for changes: it looks for a signal then.
const TICK: Duration = Duration::from_millis(100);

/// Files that are followed, by their names and patterns.
pub(super) struct Follow<'s> {
    sink: &'s Sink,
    talk: &'s Talk,
    positions: &'s Positions,
    patterns: &'s [PathBuf],
    from_end: bool,
    tails: BTreeMap<FileId, Tail<'s>>,
    /// Files that may become copies of others: how long they were, and since when.
    undecided: BTreeMap<FileId, (u64, Instant)>,
    /// What an earlier run left.
    saved: Vec<Saved>,
    /// Names that were not there, or could not be read, and why that was told.
    reported: BTreeMap<PathBuf, String>,
    is_first: bool,
}

impl<'s> Follow<'s> {
    pub(super) fn new(
        sink: &'s Sink,
        talk: &'s Talk,
        positions: &'s Positions,
        patterns: &'s [PathBuf],
        from_end: bool,
    ) -> Self {
        let saved = positions.saved();
        Self {
            sink,
            talk,
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
            let (at_most, at_least) = SCANS;
            let is_told = if is_read { watch.is_told() } else { watch.wait(TICK) };
            let since = scanned.elapsed();
            if since >= at_least || (is_told && since >= at_most) {
                // What is in a file that is replaced is read before the one that replaces it.
                self.read(stop);
                self.scan();
                scanned = Instant::now();
            }
        }
        for tail in self.tails.values_mut() {
            tail.stop();
        }
    }

    /// Reads what the files have; whether there was anything.
    fn read(&mut self, stop: &Stop) -> bool {
        let mut is_any = false;
        loop {
            let mut is_more = false;
            for tail in self.tails.values_mut() {
                if stop.is_asked() {
                    return is_any;
                }
                match tail.read(self.sink, self.positions, self.talk) {
                    Ok(is_read) => is_more |= is_read,
                    Err(error) => report_once(&mut self.reported, self.talk, &tail.path, &error.to_string()),
                }
            }
            if !is_more {
                return is_any;
            }
            is_any = true;
        }
    }

    /// Looks for files that have come, and for those that have gone.
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
                    report_once(&mut self.reported, self.talk, &path, &why);
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
            let is_done = now.duration_since(gone.max(tail.last_read)) >= RETIREMENT;
            if is_done {
                tail.retire(self.sink, self.positions);
            }
            !is_done
        });
        if std::mem::take(&mut self.is_first) {
            self.find_renamed();
        }
    }

    /// Begins to read a file where an earlier run has ended, or at its start.
    fn begin(&mut self, path: PathBuf, found: Found) {
        if found.is_compressed() {
            return report_once(&mut self.reported, self.talk, &path, "is compressed and is skipped");
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

    /// Whether a file has so little of another that it may become a copy of that.
    fn is_undecided(&mut self, path: &Path, found: &Found) -> bool {
        let length = found.length();
        let others = self.tails.values().filter(|tail| tail.path != path && tail.names_copy(path));
        let may_be = others.flat_map(Tail::pasts).any(|past| past.may_become(found));
        let (known, since) = self.undecided.entry(found.id).or_insert_with(|| (length, Instant::now()));
        if *known != length {
            (*known, *since) = (length, Instant::now());
        }
        let waits = may_be && (length == 0 || since.elapsed() < COPYING);
        if !waits {
            self.undecided.remove(&found.id);
        }
        waits
    }

    /// Where a copy of a file that is followed begins to be new. `copytruncate` of logrotate makes such copies.
    fn copied(&self, path: &Path, found: &Found) -> Option<u64> {
        let pasts = self.tails.values().filter(|tail| tail.names_copy(path)).flat_map(Tail::pasts);
        pasts.filter(|past| found.begins_as(&past.whole)).map(|past| past.whole.length).max()
    }

    /// Reads the rest of files that were renamed while nobody followed them.
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
                None => self.talk.say(format_args!(
                    "{} was replaced while it was not followed; its content after byte {} may be missing",
                    saved.path.display(),
                    saved.position
                )),
            }
        }
        self.positions.forget_saved();
    }

    /// The files that there are by those names and patterns.
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

/// Tells something of a file, once.
fn report_once(reported: &mut BTreeMap<PathBuf, String>, talk: &Talk, path: &Path, why: &str) {
    if reported.get(path).is_none_or(|known| known != why) {
        reported.insert(path.to_owned(), why.to_owned());
        talk.say(format_args!("{} {why}", path.display()));
    }
}

/// Follows the files on the calling thread.
pub(super) fn follow(
    sink: &Sink,
    talk: &Arc<Talk>,
    positions: &Positions,
    patterns: &[PathBuf],
    from_end: bool,
    stop: &Stop,
) {
    Follow::new(sink, talk, positions, patterns, from_end).run(stop);
}

//! The state file: how far each file was sent, across restarts.

use std::{
    collections::BTreeMap,
    fs::{self, File, TryLockError},
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use file_id::FileId;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::{
    super::{position_tracker::Source, sink::Sink},
    fingerprint::Fingerprint,
    tail::Found,
};
use crate::failure::Failure;

/// The state file, which stores how far each file was sent.
#[derive(Debug)]
pub(in super::super) struct Positions {
    path: PathBuf,
    state: Mutex<State>,
    /// Holds the lock while it is open: two processes that follow the same files would send everything twice.
    _lock: File,
}

#[derive(Debug, Default)]
struct State {
    files: BTreeMap<Source, Tracked>,
    next: Source,
    saved: Vec<Saved>,
    written: String,
}

#[derive(Debug)]
struct Tracked {
    saved: Saved,
    /// The file's length, if it is not read any further.
    end: Option<u64>,
}

/// How far a file was sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Saved {
    pub(super) path: PathBuf,
    pub(super) id: FileId,
    pub(super) position: u64,
    head: Fingerprint,
}

#[derive(Serialize, Deserialize)]
struct Content {
    version: u32,
    files: Vec<Saved>,
}

/// The version of the file's format.
const VERSION: u32 = 1;

impl Saved {
    /// Whether a file with the same id is the same file.
    pub(super) fn fits(&self, found: &Found) -> bool {
        found.length() >= self.position && found.begins_as(&self.head)
    }
}

impl Positions {
    /// Opens a state file, or creates one.
    pub(in super::super) fn open(path: PathBuf) -> Result<Self, Failure> {
        let failed = |error: &dyn std::fmt::Display| {
            Failure::new(
                Failure::USAGE,
                format_args!("cannot use the state file {}: {error}", path.display()),
            )
        };
        let folder = folder_of(&path);
        fs::create_dir_all(folder).map_err(|error| failed(&error))?;
        let mut name = path.clone().into_os_string();
        name.push(".lock");
        let lock = File::create(name).map_err(|error| failed(&error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(failed(&"another logtide process is using it")),
            Err(TryLockError::Error(error)) => return Err(failed(&error)),
        }
        let saved = match fs::read(&path) {
            Ok(bytes) => {
                let content: Content = serde_json::from_slice(&bytes).map_err(|error| failed(&error))?;
                if content.version != VERSION {
                    return Err(failed(&"it was written by another version of logtide"));
                }
                content.files
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(failed(&error)),
        };
        Ok(Self { path, state: Mutex::new(State { saved, ..State::default() }), _lock: lock })
    }

    /// Returns the positions of an earlier run.
    pub(super) fn saved(&self) -> Vec<Saved> {
        self.lock().saved.clone()
    }

    /// Adds a file that is read from a position.
    pub(super) fn begin(&self, sink: &Sink, path: &Path, id: FileId, head: &[u8], position: u64) -> Source {
        let mut state = self.lock();
        state.next += 1;
        let source = state.next;
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let saved = Saved { path, id, position, head: Fingerprint::of(head) };
        state.files.insert(source, Tracked { saved, end: None });
        // From here on, this run has the position.
        state.saved.retain(|saved| saved.id != id);
        if let Some(tracker) = &sink.tracker {
            tracker.begin(source, position);
        }
        source
    }

    /// Identifies a file by more bytes.
    pub(super) fn grow(&self, source: Source, head: &[u8]) {
        if let Some(tracked) = self.lock().files.get_mut(&source) {
            tracked.saved.head = Fingerprint::of(head);
        }
    }

    /// Removes a file as soon as all of its content is sent.
    pub(super) fn finish(&self, sink: &Sink, source: Source, end: u64) {
        if let Some(tracker) = &sink.tracker {
            tracker.advance(source, end);
        }
        if let Some(tracked) = self.lock().files.get_mut(&source) {
            tracked.end = Some(end);
        }
    }

    /// Removes the files of an earlier run that were not found.
    pub(super) fn forget_saved(&self) {
        self.lock().saved.clear();
    }

    /// Removes a file whose content is gone.
    pub(super) fn forget(&self, source: Source) {
        self.lock().files.remove(&source);
    }

    /// Writes how far the files are settled, if that has changed.
    pub(in super::super) fn save(&self, settled: &BTreeMap<Source, u64>) -> io::Result<()> {
        let mut state = self.lock();
        for (source, tracked) in &mut state.files {
            if let Some(position) = settled.get(source) {
                tracked.saved.position = *position;
            }
        }
        state.files.retain(|_, tracked| tracked.end.is_none_or(|end| tracked.saved.position < end));
        // Keeps the files of an earlier run that were not looked for yet.
        let tracked = state.files.values().map(|tracked| tracked.saved.clone());
        let files = tracked.chain(state.saved.iter().cloned()).collect();
        let text = serde_json::to_string_pretty(&Content { version: VERSION, files })?;
        if text != state.written {
            let mut file = NamedTempFile::new_in(folder_of(&self.path))?;
            file.write_all(text.as_bytes())?;
            file.persist(&self.path).map_err(|error| error.error)?;
            state.written = text;
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

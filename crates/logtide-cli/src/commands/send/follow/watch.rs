//! Notifications of the system about changed files.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, RecvTimeoutError, sync_channel},
    thread,
    time::Duration,
};

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// Waits for changes in the folders of the patterns, or for a timeout if the system does not report changes.
pub(super) struct Watch {
    changes: Receiver<()>,
    _watcher: Option<RecommendedWatcher>,
}

impl Watch {
    pub(super) fn new(patterns: &[PathBuf]) -> Self {
        let (sender, changes) = sync_channel(1);
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            // The system also reports the reads of this process.
            if event.is_ok_and(|event| !matches!(event.kind, EventKind::Access(_))) {
                let _ = sender.try_send(());
            }
        });
        let mut watcher = watcher.ok();
        for folder in patterns.iter().map(|pattern| folder_of(pattern)).collect::<BTreeSet<_>>() {
            if let Some(watcher) = &mut watcher {
                // A folder that cannot be watched is scanned at intervals, as all are.
                let _ = watcher.watch(&folder, RecursiveMode::NonRecursive);
            }
        }
        Self { changes, _watcher: watcher }
    }

    /// Waits for a change, at most this long.
    pub(super) fn wait(&self, timeout: Duration) -> bool {
        match self.changes.recv_timeout(timeout) {
            Ok(()) => true,
            Err(RecvTimeoutError::Timeout) => false,
            Err(RecvTimeoutError::Disconnected) => {
                thread::sleep(timeout);
                false
            }
        }
    }

    /// Whether there was a change since the last call.
    pub(super) fn has_changed(&self) -> bool {
        self.changes.try_recv().is_ok()
    }
}

/// Returns the folder of a pattern, up to its first wildcard.
fn folder_of(pattern: &Path) -> PathBuf {
    let mut folder = pattern.parent().unwrap_or_else(|| Path::new(""));
    while folder.to_str().is_some_and(|text| text.contains(['*', '?', '['])) && !folder.exists() {
        folder = folder.parent().unwrap_or_else(|| Path::new(""));
    }
    if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() }
}

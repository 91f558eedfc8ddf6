//! What the system says about changes of files.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, RecvTimeoutError, sync_channel},
    thread,
    time::Duration,
};

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// Tells that files in the folders of patterns have changed. Where the system does not tell, time does.
pub(super) struct Watch {
    changes: Receiver<()>,
    _watcher: Option<RecommendedWatcher>,
}

impl Watch {
    pub(super) fn new(patterns: &[PathBuf]) -> Self {
        let (sender, changes) = sync_channel(1);
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            // The reads of this process are events too.
            if event.is_ok_and(|event| !matches!(event.kind, EventKind::Access(_))) {
                let _ = sender.try_send(());
            }
        });
        let mut watcher = watcher.ok();
        for folder in patterns.iter().map(|pattern| folder_of(pattern)).collect::<BTreeSet<_>>() {
            if let Some(watcher) = &mut watcher {
                // A folder that cannot be watched is looked at from time to time, as all are.
                let _ = watcher.watch(&folder, RecursiveMode::NonRecursive);
            }
        }
        Self { changes, _watcher: watcher }
    }

    /// Waits for a change, at most that long.
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

    /// Whether there was a change since it was asked for last.
    pub(super) fn is_told(&self) -> bool {
        self.changes.try_recv().is_ok()
    }
}

/// The folder in which a pattern finds files, as far as that has a name.
fn folder_of(pattern: &Path) -> PathBuf {
    let mut folder = pattern.parent().unwrap_or_else(|| Path::new(""));
    while folder.to_str().is_some_and(|text| text.contains(['*', '?', '['])) && !folder.exists() {
        folder = folder.parent().unwrap_or_else(|| Path::new(""));
    }
    if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() }
}

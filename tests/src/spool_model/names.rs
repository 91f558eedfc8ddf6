//! The names on the disk, and which of them are durable.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use fastrand::Rng;

/// A file or directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Directory,
    File(usize),
}

/// An atomic change in a directory.
#[derive(Clone, Debug)]
struct Change {
    removed: Option<PathBuf>,
    made: Option<(PathBuf, Node)>,
}

impl Change {
    fn apply(self, names: &mut BTreeMap<PathBuf, Node>) {
        if let Some(path) = self.removed {
            names.remove(&path);
        }
        if let Some((path, node)) = self.made {
            names.insert(path, node);
        }
    }

    fn is_in(&self, dir: &Path) -> bool {
        let path = self.removed.as_ref().or_else(|| self.made.as_ref().map(|(path, _)| path));
        path.and_then(|path| path.parent()) == Some(dir)
    }
}

/// The names on the disk, and which of them are durable.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// As processes see it.
    seen: BTreeMap<PathBuf, Node>,
    durable: BTreeMap<PathBuf, Node>,
    /// Changes that are not durable, in order.
    unsynced: Vec<Change>,
}

impl Names {
    pub(super) fn get(&self, path: &Path) -> Option<Node> {
        if path.parent().is_none() { Some(Node::Directory) } else { self.seen.get(path).copied() }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (&Path, Node)> {
        self.seen.iter().map(|(path, node)| (path.as_path(), *node))
    }

    pub(super) fn within(&self, dir: &Path) -> impl Iterator<Item = (&Path, Node)> {
        // The content of a directory follows it in the order of paths.
        let below = self.seen.range(dir.to_owned()..).take_while(move |(path, _)| path.starts_with(dir));
        below.filter(move |(path, _)| path.parent() == Some(dir)).map(|(path, node)| (path.as_path(), *node))
    }

    pub(super) fn make(&mut self, path: &Path, node: Node) {
        self.change(Change { removed: None, made: Some((path.to_owned(), node)) });
    }

    pub(super) fn remove(&mut self, path: &Path) {
        self.change(Change { removed: Some(path.to_owned()), made: None });
    }

    pub(super) fn rename(&mut self, from: &Path, to: &Path, node: Node) {
        self.change(Change { removed: Some(from.to_owned()), made: Some((to.to_owned(), node)) });
    }

    fn change(&mut self, change: Change) {
        change.clone().apply(&mut self.seen);
        self.unsynced.push(change);
    }

    pub(super) fn sync(&mut self, dir: &Path) {
        for change in self.unsynced.extract_if(.., |change| change.is_in(dir)) {
            change.apply(&mut self.durable);
        }
    }

    pub(super) fn sync_all(&mut self) {
        for change in self.unsynced.drain(..) {
            change.apply(&mut self.durable);
        }
    }

    /// Returns the names after a power cut.
    pub(super) fn crash(&mut self, random: &mut Rng) {
        for change in self.unsynced.drain(..) {
            if random.bool() {
                change.apply(&mut self.durable);
            }
        }
        // The content of a lost directory is lost too.
        let there = self.durable.clone();
        let is_there = |path: &Path| {
            let mut above = path.ancestors().skip(1).filter(|dir| dir.parent().is_some());
            above.all(|dir| there.get(dir) == Some(&Node::Directory))
        };
        self.durable.retain(|path, _| is_there(path));
        self.seen.clone_from(&self.durable);
    }
}

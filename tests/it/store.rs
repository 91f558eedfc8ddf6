//! The files of a spool, on a real disk and on a modelled one that loses what was not synced.

mod adoption;
mod crashes;
mod damaged;
mod faults;
mod folders;
#[cfg(unix)]
mod machine;
mod names;
mod processes;
mod round_trip;

use std::{path::Path, sync::Arc};

use logtide_client::{
    Durability,
    spool::{Disk, FileSystem, Store},
};
use logtide_core::spool::{Completion, FileId, Found, Operation};
use logtide_tests::{spool_model::ModelDisk, temporary::Temporary};

/// The path on a modelled disk.
const SPOOL: &str = "/var/spool/app";

/// Runs a test on a real disk and on a modelled one.
fn on_both(test: impl Fn(&Arc<dyn FileSystem>, &Path)) {
    let temporary = Temporary::new();
    test(&disk(), &temporary.join("spool"));
    let model: Arc<dyn FileSystem> = Arc::new(ModelDisk::new(0));
    test(&model, Path::new(SPOOL));
}

fn disk() -> Arc<dyn FileSystem> {
    Arc::new(Disk::default())
}

fn open(fs: &Arc<dyn FileSystem>, dir: &Path) -> (Store, Vec<Found>) {
    Store::open(fs.clone(), dir, Durability::default()).expect("the directory can be used")
}

fn open_model(model: &ModelDisk) -> (Store, Vec<Found>) {
    let fs: Arc<dyn FileSystem> = Arc::new(model.clone());
    open(&fs, Path::new(SPOOL))
}

/// Returns a file of the store's own folder.
fn own(number: u64) -> FileId {
    FileId { folder: 0, number }
}

fn ids(found: &[Found]) -> Vec<(u32, u64)> {
    found.iter().map(|found| (found.file.folder, found.file.number)).collect()
}

fn create(store: &mut Store, number: u64, bytes: impl AsRef<[u8]>) -> Completion {
    store.run(Operation::Create { file: own(number), bytes: bytes.as_ref().to_vec() })
}

fn append(store: &mut Store, number: u64, bytes: impl AsRef<[u8]>) -> Completion {
    store.run(Operation::Append { file: own(number), bytes: bytes.as_ref().to_vec() })
}

fn read(store: &mut Store, file: FileId) -> Completion {
    store.run(Operation::Read { file })
}

fn remove(store: &mut Store, file: FileId) -> Completion {
    store.run(Operation::Remove { file })
}

fn set_aside(store: &mut Store, file: FileId) -> Completion {
    store.run(Operation::SetAside { file })
}

/// Returns the name of a file in its folder.
fn name(number: u64, extension: &str) -> String {
    format!("{number:020}.{extension}")
}

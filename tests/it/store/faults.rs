//! Disks that are full, read-only or failing.

use logtide_client::spool::SpoolError;
use logtide_core::spool::OperationError;
use logtide_tests::spool_model::Faults;

use super::*;

/// Creates a store with an open file of four bytes.
fn store() -> (ModelDisk, Store) {
    let model = ModelDisk::new(0);
    let (mut store, _) = open_model(&model);
    create(&mut store, 1, "file").expect("the disk works");
    (model, store)
}

/// Returns the errors of a create and an append. Neither leaves anything behind after the disk works again.
fn troubles(faults: &Faults) -> [OperationError; 2] {
    let (model, mut store) = store();
    let files = model.files();
    model.set_faults(faults.clone());
    let not_created = create(&mut store, 2, "x".repeat(1_000)).expect_err("the disk fails");
    assert!(!not_created.is_final && not_created.detail.contains(&name(2, "spool")), "{not_created}");
    model.set_faults(Faults::default());
    remove(&mut store, own(2)).expect("the disk works");
    assert_eq!(model.files(), files, "nothing is left of it");
    create(&mut store, 3, "more").expect("the disk works");
    model.set_faults(faults.clone());
    let not_appended = append(&mut store, 3, "x".repeat(1_000)).expect_err("the disk fails");
    model.set_faults(Faults::default());
    assert!(
        append(&mut store, 3, "y").expect_err("the disk fails").is_final,
        "a file that failed is not written to again"
    );
    remove(&mut store, own(3)).expect("the disk works");
    create(&mut store, 4, "again").expect("the disk works");
    append(&mut store, 4, " and again").expect("the disk works");
    assert_eq!(read(&mut store, own(1)).expect("the disk works"), b"file");
    assert_eq!(read(&mut store, own(4)).expect("the disk works"), b"again and again");
    for trouble in [&not_created, &not_appended] {
        assert!(!trouble.detail.contains("xx"), "never what is in it: {trouble}");
    }
    [not_created, not_appended]
}

#[test]
fn a_full_disk_is_told_and_leaves_nothing_behind() {
    for trouble in troubles(&Faults { free: Some(100), ..Faults::default() }) {
        assert!(trouble.detail.contains("the disk is full"), "{trouble}");
    }
}

#[test]
fn a_read_only_disk_is_told_and_leaves_nothing_behind() {
    for trouble in troubles(&Faults { read_only: true, ..Faults::default() }) {
        assert!(trouble.detail.contains("read-only"), "{trouble}");
    }
}

#[test]
fn a_sync_that_failed_is_never_taken_for_success() {
    let _ = troubles(&Faults { failing_syncs: true, ..Faults::default() });
}

#[test]
fn a_rename_that_failed_leaves_nothing_behind() {
    let (model, mut store) = store();
    model.set_faults(Faults { failing_renames: true, ..Faults::default() });
    assert!(!create(&mut store, 2, "x").unwrap_err().is_final);
    assert!(!set_aside(&mut store, own(1)).unwrap_err().is_final);
    assert_eq!(model.files().len(), 2, "lock and one file: {:?}", model.files());
    assert_eq!(store.next_number(), 2);
    assert_eq!(read(&mut store, own(1)).unwrap(), b"file");
}

#[test]
fn what_cannot_be_removed_or_read_stays_and_may_work_later() {
    let (model, mut store) = store();
    model.set_faults(Faults { failing_removes: true, failing_reads: true, ..Faults::default() });
    assert!(!remove(&mut store, own(1)).unwrap_err().is_final);
    assert!(!read(&mut store, own(1)).unwrap_err().is_final);
    model.set_faults(Faults::default());
    assert_eq!(read(&mut store, own(1)).unwrap(), b"file");
    remove(&mut store, own(1)).unwrap();
    assert_eq!(model.files().len(), 1);
}

#[test]
fn temporary_files_that_stayed_are_removed_at_the_next_start() {
    let (model, mut store) = store();
    model.set_faults(Faults { failing_removes: true, failing_renames: true, ..Faults::default() });
    create(&mut store, 2, "x").unwrap_err();
    assert_eq!(model.files().len(), 3, "{:?}", model.files());
    model.set_faults(Faults::default());
    drop(store);
    let (_store, found) = open_model(&model);
    assert_eq!((ids(&found), model.files().len()), (vec![(0, 1)], 2));
}

#[test]
fn a_disk_that_cannot_be_used_is_an_error_that_says_what_to_do() {
    let refusal = |faults: Faults| {
        let model = ModelDisk::new(0);
        model.set_faults(faults);
        Store::open(Arc::new(model), Path::new(SPOOL), Durability::default()).unwrap_err()
    };
    let error = refusal(Faults { read_only: true, ..Faults::default() });
    assert!(matches!(error, SpoolError::ReadOnly { .. }), "{error}");
    assert!(error.to_string().contains("set another directory"), "{error}");
    let error = refusal(Faults { free: Some(3), ..Faults::default() });
    assert!(error.to_string().contains("the disk is full"), "{error}");
    let error = refusal(Faults { failing_syncs: true, ..Faults::default() });
    assert!(error.to_string().contains("syncs fail"), "{error}");
}

#[test]
fn files_are_read_from_a_disk_that_became_read_only() {
    let (model, store) = store();
    drop(store);
    let (mut store, found) = open_model(&model);
    model.set_faults(Faults { read_only: true, ..Faults::default() });
    assert_eq!(read(&mut store, found[0].file).unwrap(), b"file");
    assert!(!remove(&mut store, found[0].file).unwrap_err().is_final);
}

#[test]
fn a_folder_that_somebody_removed_is_made_again() {
    on_both(|fs, dir| {
        let (mut store, _) = open(fs, dir);
        create(&mut store, 1, "gone").unwrap();
        let folder = dir.join("1");
        for entry in fs.list(&folder).unwrap() {
            fs.remove(&folder.join(entry.name)).unwrap();
        }
        create(&mut store, 2, "there").unwrap();
        assert_eq!(read(&mut store, own(2)).unwrap(), b"there");
    });
    for removed in ["spool", "spool/1"] {
        let temporary = Temporary::new();
        let (mut store, _) = open(&disk(), &temporary.join("spool"));
        create(&mut store, 1, "gone").unwrap();
        std::fs::remove_dir_all(temporary.join(removed)).unwrap();
        create(&mut store, 2, "there").unwrap();
        assert_eq!(read(&mut store, own(2)).unwrap(), b"there");
        assert!(read(&mut store, own(1)).unwrap_err().is_final);
        let (second, _) = open(&disk(), &temporary.join("spool"));
        assert!(second.folder().ends_with("2"), "the new folder is locked as well");
    }
}

//! Written files are read back.

use logtide_client::Durability;
use logtide_tests::spool_model::ModelDisk;

use super::*;

#[test]
fn files_are_created_appended_to_read_and_removed() {
    on_both(|fs, dir| {
        let (mut store, found) = open(fs, dir);
        assert!(found.is_empty());
        assert_eq!(store.next_number(), 1);
        for number in [1, 2] {
            create(&mut store, number, "one ").unwrap();
            append(&mut store, number, "two ").unwrap();
            append(&mut store, number, "three").unwrap();
        }
        assert_eq!(store.next_number(), 3);
        assert_eq!(read(&mut store, own(1)).unwrap(), b"one two three");
        assert_eq!(read(&mut store, own(2)).unwrap(), b"one two three");
        remove(&mut store, own(1)).unwrap();
        assert_eq!(fs.list(&dir.join("1")).unwrap().len(), 2, "lock and one file");
        drop(store);
        let (mut store, found) = open(fs, dir);
        assert_eq!(ids(&found), [(0, 2)]);
        assert_eq!(found[0].bytes, 13);
        assert_eq!(read(&mut store, found[0].file).unwrap(), b"one two three");
    });
}

#[test]
fn numbers_go_on_above_all_that_are_there() {
    on_both(|fs, dir| {
        let (mut store, _) = open(fs, dir);
        create(&mut store, 7, "a").unwrap();
        create(&mut store, 9, "b").unwrap();
        set_aside(&mut store, own(9)).unwrap();
        assert_eq!(store.next_number(), 10);
        drop(store);
        assert_eq!(open(fs, dir).0.next_number(), 10);
    });
}

#[test]
fn nothing_is_written_over() {
    on_both(|fs, dir| {
        let (mut store, _) = open(fs, dir);
        create(&mut store, 1, "first").unwrap();
        let trouble = create(&mut store, 1, "second").unwrap_err();
        assert!(trouble.is_final && trouble.detail.contains("already exists"), "{trouble}");
        assert_eq!(read(&mut store, own(1)).unwrap(), b"first");
    });
}

#[test]
fn what_is_not_there_needs_no_removing_and_cannot_be_read() {
    on_both(|fs, dir| {
        let (mut store, _) = open(fs, dir);
        for file in [own(1), FileId { folder: 7, number: 1 }] {
            remove(&mut store, file).unwrap();
            set_aside(&mut store, file).unwrap();
            assert!(read(&mut store, file).unwrap_err().is_final);
        }
    });
}

#[test]
fn only_the_file_that_was_created_last_is_appended_to_until_it_is_read() {
    on_both(|fs, dir| {
        let (mut store, _) = open(fs, dir);
        assert!(append(&mut store, 1, "x").unwrap_err().is_final);
        create(&mut store, 1, "a").unwrap();
        create(&mut store, 2, "b").unwrap();
        assert!(append(&mut store, 1, "x").unwrap_err().is_final);
        create(&mut store, 3, "c").unwrap();
        read(&mut store, own(3)).unwrap();
        assert!(append(&mut store, 3, "x").unwrap_err().is_final);
        create(&mut store, 4, "d").unwrap();
        remove(&mut store, own(4)).unwrap();
        assert!(append(&mut store, 4, "x").unwrap_err().is_final);
        let other = FileId { folder: 1, number: 5 };
        assert!(store.run(Operation::Create { file: other, bytes: Vec::new() }).unwrap_err().is_final);
    });
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let model = ModelDisk::new(0);
    let file = Path::new(SPOOL).join("1").join(name(1, "spool"));
    model.put(&file, &vec![b'x'; 70 << 20]);
    let (mut store, found) = open_model(&model);
    let trouble = read(&mut store, found[0].file).unwrap_err();
    assert!(trouble.is_final && trouble.detail.contains("larger"), "{trouble}");
    model.put(&file, &vec![b'x'; 64 << 20]);
    assert!(read(&mut store, found[0].file).is_ok());
}

#[test]
fn nothing_is_synced_where_nothing_is_to_be_durable() {
    let model = ModelDisk::new(0);
    let (mut store, _) = Store::open(Arc::new(model.clone()), Path::new(SPOOL), Durability::Never).unwrap();
    let before = model.syncs();
    create(&mut store, 1, "a").unwrap();
    append(&mut store, 1, "b").unwrap();
    create(&mut store, 2, "c").unwrap();
    set_aside(&mut store, own(2)).unwrap();
    assert_eq!(model.syncs(), before);
    model.kill();
    drop(store);
    let (mut store, found) = open_model(&model);
    assert_eq!(ids(&found), [(0, 1)]);
    assert_eq!(read(&mut store, own(1)).unwrap(), b"ab", "a kill loses nothing that was written");
}

#[test]
fn a_file_is_found_with_the_time_at_which_it_was_written() {
    let model = ModelDisk::new(0);
    let (mut store, _) = open_model(&model);
    let time = logtide_core::Timestamp::from_micros(1_600_000_000_000_000);
    model.set_time(time);
    create(&mut store, 1, "a").unwrap();
    drop(store);
    let written = open_model(&model).1[0].written;
    assert!(written.since(time).as_millis() < 10, "{written}");
}

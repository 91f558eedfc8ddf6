//! The ownership of folders.

use logtide_client::spool::SpoolError;

use super::*;

#[test]
fn a_store_that_is_opened_once_has_the_first_folder_each_time() {
    on_both(|fs, dir| {
        for _ in 0..3 {
            assert_eq!(open(fs, dir).0.folder(), dir.join("1"));
        }
    });
}

#[test]
fn two_stores_on_one_directory_have_a_folder_each() {
    on_both(|fs, dir| {
        let (mut first, _) = open(fs, dir);
        let (mut second, found) = open(fs, dir);
        assert_eq!([first.folder(), second.folder()], [dir.join("1"), dir.join("2")]);
        create(&mut first, 1, "first").unwrap();
        create(&mut second, 1, "second").unwrap();
        assert_eq!(read(&mut first, own(1)).unwrap(), b"first");
        assert_eq!(read(&mut second, own(1)).unwrap(), b"second");
        assert!(found.is_empty() && first.adopt().is_empty() && second.adopt().is_empty());
        drop(first);
        let (third, found) = open(fs, dir);
        assert_eq!((third.folder(), ids(&found)), (dir.join("1").as_path(), vec![(0, 1)]));
    });
}

#[test]
fn directories_are_made_with_their_parents() {
    on_both(|fs, dir| {
        let deep = dir.join("a b").join("c");
        assert_eq!(open(fs, &deep).0.folder(), deep.join("1"));
    });
}

#[test]
fn a_folder_of_a_newer_version_is_left_alone_and_told() {
    on_both(|fs, dir| {
        drop(open(fs, dir));
        for number in ["2", "3"] {
            fs.create_dir(&dir.join(number)).unwrap();
            let mut file = fs.create(&dir.join(number).join(name(1, "spool"))).unwrap();
            file.write(b"of another version").unwrap();
        }
        for (number, label) in [("1", "logtide-spool 2\n"), ("2", "logtide-spool 12\n"), ("3", "4711\n")] {
            fs.create(&dir.join(number).join("lock")).unwrap().write(label.as_bytes()).unwrap();
        }
        let (mut store, found) = open(fs, dir);
        assert_eq!((store.folder(), found.len()), (dir.join("4").as_path(), 0));
        let notices = store.take_notices();
        assert_eq!(notices.len(), 3, "{notices:?}");
        assert!(notices[0].contains("version 2") && notices[1].contains("version 12"), "{notices:?}");
        assert!(notices[2].contains("not that of a spool"), "{notices:?}");
        assert!(store.adopt().is_empty() && store.take_notices().is_empty(), "it is told once");
        assert_eq!(fs.read(&dir.join("2").join(name(1, "spool")), 99).unwrap(), b"of another version");
        assert_eq!(fs.read(&dir.join("2").join("lock"), 99).unwrap(), b"logtide-spool 12\n");
    });
}

#[test]
fn a_lock_that_was_not_written_to_its_end_is_no_obstacle() {
    on_both(|fs, dir| {
        drop(open(fs, dir));
        for label in ["", "logtide-s", "logtide-spool 1"] {
            fs.create(&dir.join("1").join("lock")).unwrap().write(label.as_bytes()).unwrap();
            assert_eq!(open(fs, dir).0.folder(), dir.join("1"), "{label:?}");
            assert_eq!(fs.read(&dir.join("1").join("lock"), 99).unwrap(), b"logtide-spool 1\n");
        }
    });
}

#[test]
fn what_is_no_folder_is_left_alone() {
    on_both(|fs, dir| {
        drop(open(fs, &dir.join("below")));
        fs.create(&dir.join("1")).unwrap();
        fs.create_dir(&dir.join("2")).unwrap();
        fs.create_dir(&dir.join("2").join("lock")).unwrap();
        let (mut store, _) = open(fs, dir);
        assert_eq!(store.folder(), dir.join("3"));
        let notices = store.take_notices();
        assert_eq!(notices.len(), 2, "{notices:?}");
        assert!(notices[0].contains("1 is skipped: it is not a directory"), "{notices:?}");
    });
}

#[test]
fn a_file_in_place_of_the_directory_is_an_error_that_says_so() {
    on_both(|fs, dir| {
        drop(open(fs, dir));
        let file = dir.join("file");
        fs.create(&file).unwrap();
        for dir in [file.clone(), file.join("below")] {
            let error = Store::open(fs.clone(), &dir, Durability::default()).unwrap_err();
            assert!(matches!(error, SpoolError::NotADirectory { .. }), "{error:?}");
            assert!(error.to_string().contains("set a directory"), "{error}");
        }
        let error = Store::open(fs.clone(), Path::new(""), Durability::default()).unwrap_err();
        assert!(error.to_string().contains("cannot use"), "{error}");
    });
}

#[test]
fn a_spool_has_a_thousand_folders() {
    let model: Arc<dyn FileSystem> = Arc::new(ModelDisk::new(0));
    drop(open(&model, Path::new(SPOOL)));
    let hold = |number: u32| {
        let folder = Path::new(SPOOL).join(number.to_string());
        let _ = model.create_dir(&folder);
        model.lock(&folder.join("lock"), b"logtide-spool 1\n").unwrap().expect("nobody else has it")
    };
    let locks: Vec<_> = (1..=1_000).map(hold).collect();
    let error = Store::open(model.clone(), Path::new(SPOOL), Durability::default()).unwrap_err();
    assert!(matches!(error, SpoolError::InUse { .. }), "{error}");
    drop(locks);
    assert!(open(&model, Path::new(SPOOL)).0.folder().ends_with("1"));
}

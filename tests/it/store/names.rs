//! Unusual names of directories, and other files in them.

use super::*;

fn works_in(dir: &Path) {
    let (mut store, _) = open(&disk(), dir);
    create(&mut store, 1, "a").expect("the disk works");
    append(&mut store, 1, "b").expect("the disk works");
    set_aside(&mut store, own(2)).expect("the disk works");
    drop(store);
    let (mut store, found) = open(&disk(), dir);
    assert_eq!(read(&mut store, found[0].file).expect("the disk works"), b"ab");
    remove(&mut store, own(1)).expect("the disk works");
}

#[test]
fn directories_may_have_any_name() {
    let temporary = Temporary::new();
    for name in ["with spaces", "ümläut", "-x", "quo\"te", "a.spool"] {
        if cfg!(windows) && name.contains('"') {
            continue;
        }
        works_in(&temporary.join(name));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn directories_need_not_be_text() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
    let temporary = Temporary::new();
    let dir = temporary.join(OsStr::from_bytes(b"sp\xffool"));
    works_in(&dir);
    let (mut store, _) = open(&disk(), &dir);
    let trouble = read(&mut store, own(1)).unwrap_err();
    assert!(trouble.detail.contains("ool/1/"), "{trouble}");
}

#[test]
fn a_relative_directory_is_meant_from_where_the_program_started() {
    // The working directory of a test is that of its package.
    let temporary = Temporary::new();
    let up = std::env::current_dir().unwrap().components().count() - 1;
    let relative: std::path::PathBuf = std::iter::repeat_n("..", up).collect();
    let Ok(rest) = temporary.strip_prefix("/") else {
        println!("not tried: there is no relative path to {}", temporary.display());
        return;
    };
    let (store, _) = open(&disk(), &relative.join(rest).join("spool"));
    assert!(store.folder().is_absolute());
    drop(store);
    assert!(temporary.join("spool/1/lock").exists());
}

#[test]
fn what_is_not_ours_in_a_folder_is_left_alone() {
    on_both(|fs, dir| {
        drop(open(fs, dir));
        let folder = dir.join("1");
        let names =
            ["1.spool", "1.tmp", "notes", "00000000000000000001.spool.gz", "99999999999999999999.spool"];
        for name in names {
            fs.create(&folder.join(name)).unwrap().write(b"not ours").unwrap();
        }
        fs.create_dir(&folder.join(name(5, "spool"))).unwrap();
        fs.create_dir(&folder.join(name(6, "tmp"))).unwrap();
        let (mut store, found) = open(fs, dir);
        assert!(found.is_empty());
        let number = store.next_number();
        create(&mut store, number, "ours").unwrap();
        for name in names {
            assert_eq!(fs.read(&folder.join(name), 99).unwrap(), b"not ours");
        }
        assert_eq!(fs.list(&folder).unwrap().len(), names.len() + 4);
    });
}

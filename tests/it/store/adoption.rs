//! Folders of owners that died.

use super::*;

/// Creates a directory with two folders whose owners have died.
fn two_dead(fs: &Arc<dyn FileSystem>, dir: &Path) {
    let (mut first, _) = open(fs, dir);
    let (mut second, _) = open(fs, dir);
    create(&mut first, 1, "first 1").expect("the disk works");
    create(&mut first, 2, "first 2").expect("the disk works");
    create(&mut second, 7, "second 7").expect("the disk works");
}

fn texts(store: &mut Store, found: &[Found]) -> Vec<String> {
    found
        .iter()
        .map(|found| {
            String::from_utf8(read(store, found.file).expect("the disk works")).expect("the disk works")
        })
        .collect()
}

#[test]
fn what_dead_owners_left_is_found_at_the_start() {
    on_both(|fs, dir| {
        two_dead(fs, dir);
        let (mut store, found) = open(fs, dir);
        assert_eq!(store.folder(), dir.join("1"));
        let mut texts = texts(&mut store, &found);
        texts.sort();
        assert_eq!(texts, ["first 1", "first 2", "second 7"]);
        assert_eq!(store.next_number(), 3, "numbers of other folders do not count");
    });
}

#[test]
fn the_oldest_comes_first_whatever_the_folder() {
    let model = ModelDisk::new(0);
    let fs: Arc<dyn FileSystem> = Arc::new(model.clone());
    let (mut first, _) = open_model(&model);
    let (mut second, _) = open_model(&model);
    create(&mut second, 5, "1").unwrap();
    create(&mut first, 1, "2").unwrap();
    create(&mut second, 6, "3").unwrap();
    drop((first, second));
    let (mut store, found) = open(&fs, Path::new(SPOOL));
    assert_eq!(texts(&mut store, &found), ["1", "2", "3"]);
    assert_eq!(ids(&found), [(1, 5), (0, 1), (1, 6)]);
}

#[test]
fn what_an_owner_leaves_that_dies_later_is_found_later() {
    on_both(|fs, dir| {
        let (mut first, _) = open(fs, dir);
        let (mut store, _) = open(fs, dir);
        create(&mut first, 1, "left").unwrap();
        assert!(store.adopt().is_empty(), "its owner lives");
        drop(first);
        let found = store.adopt();
        assert_eq!(texts(&mut store, &found), ["left"]);
        assert!(store.adopt().is_empty(), "it is found once");
    });
}

#[test]
fn a_folder_is_given_back_when_it_is_empty() {
    on_both(|fs, dir| {
        let (mut first, _) = open(fs, dir);
        let (mut store, _) = open(fs, dir);
        create(&mut first, 1, "a").unwrap();
        create(&mut first, 2, "b").unwrap();
        drop(first);
        let found = store.adopt();
        let (third, _) = open(fs, dir);
        assert_eq!(third.folder(), dir.join("3"), "the first is held");
        drop(third);
        remove(&mut store, found[0].file).unwrap();
        assert_eq!(open(fs, dir).0.folder(), dir.join("3"), "a file is left");
        set_aside(&mut store, found[1].file).unwrap();
        let (mut first, _) = open(fs, dir);
        assert_eq!((first.folder(), first.next_number()), (dir.join("1").as_path(), 3));
        create(&mut first, 3, "c").unwrap();
        drop(first);
        let again = store.adopt();
        assert_ne!(again[0].file.folder, found[0].file.folder, "it has another number from then on");
        assert_eq!(texts(&mut store, &again), ["c"]);
    });
}

#[test]
fn an_empty_folder_is_nobodys_to_adopt() {
    on_both(|fs, dir| {
        let (first, _) = open(fs, dir);
        let (store, _) = open(fs, dir);
        drop(first);
        let (mut second, _) = open(fs, dir);
        assert_eq!(second.folder(), dir.join("1"));
        assert!(second.adopt().is_empty());
        drop(store);
        assert!(second.adopt().is_empty());
    });
}

#[test]
fn at_most_sixteen_are_held_at_a_time_and_the_others_follow() {
    let model = ModelDisk::new(0);
    for folder in 1..=30 {
        let path = Path::new(SPOOL).join(folder.to_string());
        model.put(path.join(name(1, "spool")), format!("{folder}").as_bytes());
    }
    let (mut store, mut found) = open_model(&model);
    let mut all = Vec::new();
    while !found.is_empty() {
        assert!(found.len() <= 17, "{}", found.len());
        all.extend(texts(&mut store, &found));
        for found in found {
            remove(&mut store, found.file).unwrap();
        }
        found = store.adopt();
    }
    assert_eq!(all.len(), 30);
}

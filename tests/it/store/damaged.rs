//! Files that are set aside.

use super::*;

#[test]
fn a_file_that_was_set_aside_is_not_read_again_and_stays_for_people() {
    on_both(|fs, dir| {
        let (mut store, _) = open(fs, dir);
        create(&mut store, 1, "bad").unwrap();
        create(&mut store, 2, "good").unwrap();
        set_aside(&mut store, own(1)).unwrap();
        set_aside(&mut store, own(1)).unwrap();
        drop(store);
        let (_store, found) = open(fs, dir);
        assert_eq!(ids(&found), [(0, 2)]);
        assert_eq!(fs.read(&dir.join("1").join(name(1, "damaged")), 99).unwrap(), b"bad");
    });
}

#[test]
fn a_folder_keeps_a_hundred_of_them_and_the_oldest_goes_first() {
    let model = ModelDisk::new(0);
    let folder = Path::new(SPOOL).join("1");
    let there = |number| model.get(folder.join(name(number, "damaged"))).is_some();
    let (mut store, _) = open_model(&model);
    for number in 1..=100 {
        create(&mut store, number, "bad").unwrap();
        set_aside(&mut store, own(number)).unwrap();
    }
    assert!((1..=100).all(there));
    drop(store);
    let (mut store, _) = open_model(&model);
    for number in 101..=103 {
        create(&mut store, number, "bad").unwrap();
        set_aside(&mut store, own(number)).unwrap();
    }
    assert!((4..=103).all(there) && !(1..=3).any(there));
}

#[test]
fn a_file_that_was_set_aside_stays_so_over_a_power_cut() {
    for seed in 0..20 {
        let model = ModelDisk::new(seed);
        let (mut store, _) = open_model(&model);
        create(&mut store, 1, "bad").unwrap();
        set_aside(&mut store, own(1)).unwrap();
        model.crash();
        drop(store);
        assert!(open_model(&model).1.is_empty());
        assert_eq!(
            model.get(Path::new(SPOOL).join("1").join(name(1, "damaged"))).as_deref(),
            Some(&b"bad"[..])
        );
    }
}

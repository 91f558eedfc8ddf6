//! Power cuts and kills at every step.

use std::collections::BTreeMap;

use super::*;

const SEEDS: u64 = 40;

/// Returns more than a page, with no two pages alike.
fn text(number: u64, part: u64, length: usize) -> Vec<u8> {
    (0..length).map(|at| b'a' + ((at / 7) as u64 * 5 + number * 11 + part * 3) as u8 % 26).collect()
}

/// What was requested and what was acknowledged, by the number of the file.
#[derive(Default)]
struct Requested {
    asked: BTreeMap<u64, Vec<u8>>,
    acknowledged: BTreeMap<u64, usize>,
}

impl Requested {
    fn create(&mut self, store: &mut Store, number: u64, bytes: Vec<u8>) {
        self.asked.insert(number, bytes.clone());
        if create(store, number, &bytes).is_ok() {
            self.acknowledged.insert(number, bytes.len());
        }
    }

    fn append(&mut self, store: &mut Store, number: u64, bytes: &[u8]) {
        if append(store, number, bytes).is_ok() {
            let asked = self.asked.get_mut(&number).expect("only what was created is appended to");
            asked.extend_from_slice(bytes);
            self.acknowledged.insert(number, asked.len());
        }
    }

    /// Checks what is found. Returns how many files that were not acknowledged have content.
    fn check(&self, store: &mut Store, found: &[Found], context: &str) -> usize {
        let there: BTreeMap<_, _> = found
            .iter()
            .map(|found| (found.file.number, read(store, found.file).expect("the disk works")))
            .collect();
        for (number, length) in &self.acknowledged {
            let bytes = there.get(number).unwrap_or_else(|| panic!("{context}: {number} is lost"));
            assert!(bytes.starts_with(&self.asked[number][..*length]), "{context}: {number} is torn");
        }
        let mut more = 0;
        for (number, bytes) in &there {
            let asked = self.asked.get(number).unwrap_or_else(|| panic!("{context}: {number} from nowhere"));
            if !self.acknowledged.contains_key(number) {
                assert_eq!(bytes, asked, "{context}: {number} has its name and is not whole");
                more += 1;
            }
        }
        more
    }
}

/// Does the work of a process until the power is cut.
fn work(model: &ModelDisk, requested: &mut Requested) {
    let fs: Arc<dyn FileSystem> = Arc::new(model.clone());
    let Ok((mut store, _)) = Store::open(fs, Path::new(SPOOL), Durability::default()) else { return };
    for number in [4, 5] {
        requested.create(&mut store, number, text(number, 0, 1_300));
        for part in [1, 2] {
            requested.append(&mut store, number, &text(number, part, 700));
        }
    }
}

/// Returns files of other programs, in places where a spool file could be.
fn strangers() -> Vec<(String, &'static [u8])> {
    let names = [
        "1/notes.txt",
        "1/1.tmp",
        "1/00000000000000000001.spool.bak",
        "readme",
        "x/00000000000000000001.tmp",
    ];
    names.map(|name| (format!("{SPOOL}/{name}"), &b"not ours"[..])).to_vec()
}

fn assert_clean(model: &ModelDisk, context: &str) {
    for (file, bytes) in strangers() {
        assert_eq!(model.get(&file).as_deref(), Some(bytes), "{context}: {file}");
    }
    let ours = Path::new(SPOOL).join("1");
    let names: Vec<_> = model.files().into_iter().filter(|file| file.parent() == Some(&ours)).collect();
    let is_temporary =
        |file: &&std::path::PathBuf| file.ends_with(name(4, "tmp")) || file.ends_with(name(5, "tmp"));
    assert_eq!(names.iter().find(is_temporary), None, "{context}");
}

/// Returns how many changes the work makes on a disk without faults.
fn changes() -> u64 {
    let model = ModelDisk::new(0);
    strangers().iter().for_each(|(file, bytes)| model.put(file, bytes));
    work(&model, &mut Requested::default());
    model.changes()
}

fn cut_at_every_step(cut: fn(&ModelDisk)) -> usize {
    let mut unacknowledged = 0;
    for seed in 0..SEEDS {
        for stop in 0..=changes() {
            let context = format!("seed {seed}, after {stop} changes");
            let model = ModelDisk::new(seed);
            strangers().iter().for_each(|(file, bytes)| model.put(file, bytes));
            model.stop_after(stop);
            let mut requested = Requested::default();
            work(&model, &mut requested);
            cut(&model);
            let (mut store, found) = open_model(&model);
            unacknowledged += requested.check(&mut store, &found, &context);
            assert_clean(&model, &context);
            // It continues, and what was stored survives the next power cut too.
            let number = store.next_number();
            assert!(
                requested.asked.keys().all(|asked| *asked != number)
                    || !requested.acknowledged.contains_key(&number)
            );
            requested.asked.remove(&number);
            requested.create(&mut store, number, text(number, 9, 600));
            assert!(requested.acknowledged.contains_key(&number), "{context}");
            drop(store);
            cut(&model);
            let (mut store, found) = open_model(&model);
            requested.check(&mut store, &found, &context);
        }
    }
    unacknowledged
}

#[test]
fn a_power_cut_at_any_step_loses_nothing_that_was_acknowledged() {
    let unacknowledged = cut_at_every_step(ModelDisk::crash);
    assert!(unacknowledged > 0, "a file that was not acknowledged is there in some runs");
}

#[test]
fn a_kill_at_any_step_loses_nothing_that_was_acknowledged() {
    assert!(cut_at_every_step(ModelDisk::kill) > 0);
}

#[test]
fn a_removed_file_is_all_that_a_power_cut_can_bring_back() {
    let mut back = 0;
    for seed in 0..SEEDS {
        let model = ModelDisk::new(seed);
        let (mut store, _) = open_model(&model);
        create(&mut store, 1, "one").unwrap();
        create(&mut store, 2, "two").unwrap();
        remove(&mut store, own(1)).unwrap();
        model.crash();
        drop(store);
        let (mut store, found) = open_model(&model);
        back += found.len() - 1;
        for found in found {
            let expected = if found.file.number == 1 { "one" } else { "two" };
            assert_eq!(read(&mut store, found.file).unwrap(), expected.as_bytes());
        }
    }
    assert!(back > 0, "the model loses removals");
}

#[test]
fn files_that_are_being_delivered_for_a_dead_owner_survive_a_power_cut_at_any_step() {
    for seed in 0..SEEDS {
        for stop in 0..14 {
            let model = ModelDisk::new(seed);
            let dead = Path::new(SPOOL).join("2");
            model.put(dead.join("lock"), b"logtide-spool 1\n");
            model.put(dead.join(name(3, "spool")), b"three");
            model.put(dead.join(name(4, "spool")), b"four");
            model.stop_after(stop);
            let fs: Arc<dyn FileSystem> = Arc::new(model.clone());
            let mut removed = false;
            if let Ok((mut store, found)) = Store::open(fs, Path::new(SPOOL), Durability::default())
                && let Some(first) = found.first()
            {
                removed = read(&mut store, first.file).is_ok() && remove(&mut store, first.file).is_ok();
            }
            model.crash();
            let (mut store, found) = open_model(&model);
            let texts: Vec<_> = found.iter().map(|found| read(&mut store, found.file).unwrap()).collect();
            assert!(texts.contains(&b"four".to_vec()), "seed {seed}, after {stop} changes");
            assert!(removed || texts.contains(&b"three".to_vec()), "seed {seed}, after {stop} changes");
        }
    }
}

/// Directories that another process created, but did not sync, are as durable as their content.
#[test]
fn a_power_cut_costs_no_file_in_a_directory_that_another_made() {
    for seed in 0..SEEDS {
        let model = ModelDisk::new(seed);
        let fs: Arc<dyn FileSystem> = Arc::new(model.clone());
        let (first, _) =
            Store::open(fs, Path::new(SPOOL), Durability::Never).expect("an empty disk can be used");
        let (mut second, _) = open_model(&model);
        create(&mut second, 1, "entries").unwrap();
        model.crash();
        drop((first, second));
        let (_, found) = open_model(&model);
        assert_eq!(found.len(), 1, "seed {seed}");
    }
}

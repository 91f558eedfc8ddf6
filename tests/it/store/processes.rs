//! Two processes on one directory.

use std::{
    env,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use super::*;

/// Passes the directory to the child.
const CHILD: &str = "LOGTIDE_TESTS_STORE_CHILD";

/// Runs only in the child: writes a file and then keeps its folder until it is killed.
#[test]
fn a_process_with_a_store() {
    let Some(dir) = env::var_os(CHILD) else { return };
    let (mut store, found) = open(&disk(), Path::new(&dir));
    let number = store.next_number();
    create(&mut store, number, "of the child").unwrap();
    let folder = store.folder().file_name().unwrap().to_string_lossy().into_owned();
    println!("\nstore: {folder} {}", found.len());
    // It ends with the parent, if it is not killed.
    let _ = std::io::stdin().lock().read_until(0, &mut Vec::new());
}

/// A child that is killed when the test ends.
struct Process(Child);

impl Process {
    /// Starts it. Returns its folder and how many files it found.
    fn start(dir: &Path) -> (Self, String) {
        let child = Command::new(env::current_exe().expect("the disk works"))
            .args(["--exact", "store::processes::a_process_with_a_store", "--nocapture"])
            .env(CHILD, dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the disk works");
        let mut process = Self(child);
        let mut lines =
            BufReader::new(process.0.stdout.take().expect("the disk works")).lines().map_while(Result::ok);
        let told = lines.find_map(|line| Some(line.strip_prefix("store: ")?.to_owned()));
        (process, told.expect("the child has a store"))
    }

    /// Kills it with SIGKILL.
    fn kill(mut self) {
        self.0.kill().expect("the disk works");
        self.0.wait().expect("the disk works");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_folder_is_another_processes_until_that_is_killed() {
    let temporary = Temporary::new();
    let dir = temporary.join("spool");
    let (process, told) = Process::start(&dir);
    assert_eq!(told, "1 0");
    let (mut store, found) = open(&disk(), &dir);
    assert_eq!((store.folder(), found.len()), (dir.join("2").as_path(), 0));
    assert!(store.adopt().is_empty(), "its owner lives");
    process.kill();
    let found = store.adopt();
    assert_eq!(found.len(), 1);
    assert_eq!(read(&mut store, found[0].file).unwrap(), b"of the child");
    let (process, told) = Process::start(&dir);
    assert_eq!(told, "3 0", "the first is held by who adopted it");
    remove(&mut store, found[0].file).unwrap();
    process.kill();
    let (_process, told) = Process::start(&dir);
    assert_eq!(told, "1 1", "the first is free, and the third has a file");
}

#[test]
fn a_process_that_starts_again_goes_on_with_what_it_left() {
    let temporary = Temporary::new();
    for round in 0..3 {
        let (process, told) = Process::start(&temporary);
        assert_eq!(told, format!("1 {round}"));
        process.kill();
    }
}

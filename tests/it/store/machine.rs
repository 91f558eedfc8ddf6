//! Features of a real file system: links, permissions, limited space.

use std::{
    env, fs,
    os::unix::{
        fs::{MetadataExt as _, PermissionsExt as _, symlink},
        process::CommandExt as _,
    },
    process::Command,
};

use logtide_client::spool::SpoolError;

use super::*;

#[test]
fn directories_and_files_can_be_read_by_their_owner_alone() {
    let temporary = Temporary::new();
    let dir = temporary.join("spool");
    let (mut store, _) = open(&disk(), &dir);
    create(&mut store, 1, "private").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = dir.join("1");
    assert_eq!([mode(&dir), mode(&folder)], [0o700; 2]);
    assert_eq!([mode(&folder.join("lock")), mode(&folder.join(name(1, "spool")))], [0o600; 2]);
}

#[test]
fn links_are_not_followed_out_of_the_spool() {
    let temporary = Temporary::new();
    let (dir, outside) = (temporary.join("spool"), temporary.join("outside"));
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("precious"), "precious").unwrap();
    drop(open(&disk(), &dir));
    let folder = dir.join("1");
    for link in [name(1, "tmp"), name(2, "spool"), name(3, "damaged")] {
        symlink(outside.join("precious"), folder.join(link)).unwrap();
    }
    symlink(&outside, dir.join("2")).unwrap();
    fs::create_dir(dir.join("3")).unwrap();
    fs::write(dir.join("3").join(name(1, "spool")), "of another").unwrap();
    symlink(outside.join("precious"), dir.join("3").join("lock")).unwrap();
    let (mut store, found) = open(&disk(), &dir);
    assert!(found.is_empty(), "{found:?}");
    create(&mut store, 1, "entries").unwrap();
    let (second, _) = open(&disk(), &dir);
    assert_eq!(second.folder(), dir.join("4"));
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 1);
    assert_eq!(fs::read(outside.join("precious")).unwrap(), b"precious");
    assert_eq!(fs::read(folder.join(name(1, "spool"))).unwrap(), b"entries");
}

#[test]
fn the_directory_itself_may_be_a_link() {
    let temporary = Temporary::new();
    fs::create_dir(temporary.join("real")).unwrap();
    symlink(temporary.join("real"), temporary.join("spool")).unwrap();
    create(&mut open(&disk(), &temporary.join("spool")).0, 1, "a").unwrap();
    assert_eq!(open(&disk(), &temporary.join("real")).1.len(), 1);
}

/// Passes the directory to a child that runs as another user.
const CHILD: &str = "LOGTIDE_TESTS_STORE_USER";

/// Runs only in the child: tries to open a store, and to write to it.
#[test]
fn a_store_of_this_user() {
    let Some(dir) = env::var_os(CHILD) else { return };
    match Store::open(disk(), Path::new(&dir), Durability::default()) {
        Err(error @ SpoolError::Permission { .. }) => println!("store: permission: {error}"),
        Err(error) => println!("store: {error:?}"),
        Ok((mut store, found)) => {
            let created = create(&mut store, 9, "a").map_err(|trouble| trouble.detail);
            let notices = store.take_notices();
            println!("store: {:?} {} {created:?} {notices:?}", store.folder(), found.len());
        }
    }
}

/// Returns the error for a user without rights to a directory with these permissions. `None` if that cannot be tested.
#[expect(clippy::print_stdout, reason = "a test says why it did not try")]
fn told(dir: &Path, mode: u32) -> Option<String> {
    fs::set_permissions(dir, fs::Permissions::from_mode(mode)).expect("the disk works");
    let mut child = Command::new(env::current_exe().expect("the disk works"));
    child.args(["--exact", "store::machine::a_store_of_this_user", "--nocapture"]).env(CHILD, dir);
    if is_root(dir) {
        child.uid(65_534).gid(65_534).current_dir("/");
    }
    let output = child.output();
    fs::set_permissions(dir, fs::Permissions::from_mode(0o700)).expect("the disk works");
    let output = match output {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout).into_owned(),
        other => {
            println!("not tried: a child without rights does not run: {other:?}");
            return None;
        }
    };
    let (_, told) = output.split_once("store: ")?;
    Some(told.lines().next()?.to_owned())
}

#[test]
fn a_directory_without_permission_is_an_error_that_says_what_to_do() {
    let temporary = Temporary::new();
    fs::set_permissions(&*temporary, fs::Permissions::from_mode(0o755)).unwrap();
    let dir = temporary.join("spool");
    fs::create_dir(&dir).unwrap();
    for mode in [0o000, 0o555] {
        let Some(told) = told(&dir, mode) else { return };
        assert!(told.starts_with("permission: no permission for"), "{mode:o}: {told}");
        assert!(told.contains("set another directory"), "{told}");
    }
    let Some(told) = told(&dir, 0o777) else { return };
    assert!(told.contains("/1\" 0 Ok"), "{told}");
}

#[test]
fn the_folder_of_another_user_is_left_alone() {
    let temporary = Temporary::new();
    fs::set_permissions(&*temporary, fs::Permissions::from_mode(0o755)).unwrap();
    let dir = temporary.join("spool");
    create(&mut open(&disk(), &dir).0, 1, "of this user").unwrap();
    if !is_root(&temporary) {
        println!("not tried: only root can start a child as another user");
        return;
    }
    let Some(told) = told(&dir, 0o777) else { return };
    assert!(told.contains("/2\" 0 Ok") && told.contains("1 is skipped"), "{told}");
}

/// Whether root, and so this process, created the directory.
fn is_root(dir: &Path) -> bool {
    fs::metadata(dir).expect("the disk works").uid() == 0
}

/// Mounts a small file system. `None` if that is not allowed.
#[expect(clippy::print_stdout, reason = "a test says why it did not try")]
fn small(dir: &Path) -> Option<Mounted<'_>> {
    fs::create_dir(dir).expect("the disk works");
    let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"]).arg(dir).output();
    match mount {
        Ok(output) if output.status.success() => Some(Mounted(dir)),
        other => {
            println!("not tried: a small file system cannot be mounted: {other:?}");
            None
        }
    }
}

struct Mounted<'a>(&'a Path);

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}

#[test]
fn a_small_disk_becomes_full_and_has_room_again() {
    let temporary = Temporary::new();
    let dir = temporary.join("small");
    let Some(_mounted) = small(&dir) else { return };
    let (mut store, _) = open(&disk(), &dir);
    let mut created = 0;
    let trouble = loop {
        match create(&mut store, created + 1, "x".repeat(8_000)) {
            Ok(_) => created += 1,
            Err(trouble) => break trouble,
        }
        assert!(created < 100, "the disk has an end");
    };
    assert!(created > 3 && !trouble.is_final && trouble.detail.contains("the disk is full"), "{trouble}");
    remove(&mut store, own(created + 1)).unwrap();
    assert_eq!(read(&mut store, own(created)).unwrap().len(), 8_000);
    remove(&mut store, own(1)).unwrap();
    create(&mut store, created + 2, "y".repeat(8_000)).unwrap();
    let trouble = append(&mut store, created + 2, "y".repeat(64_000)).unwrap_err();
    assert!(trouble.detail.contains("the disk is full"), "{trouble}");
    drop(store);
    let (_store, found) = open(&disk(), &dir);
    assert_eq!(found.len() as u64, created);
    assert!(fs::read_dir(dir.join("1")).unwrap().count() as u64 == created + 1, "no temporary file is left");
}

#[test]
fn a_disk_that_is_full_from_the_start_is_an_error_that_says_so() {
    let temporary = Temporary::new();
    let dir = temporary.join("small");
    let Some(_mounted) = small(&dir) else { return };
    fs::write(dir.join("filler"), vec![0; 1 << 20]).unwrap_err();
    let error = Store::open(disk(), &dir, Durability::default()).unwrap_err();
    assert!(error.to_string().contains("the disk is full"), "{error}");
}

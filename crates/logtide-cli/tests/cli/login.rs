//! What `login` saves.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use logtide_devserver::DevServer;
use nix::sys::signal::Signal;
use tempfile::tempdir;

use crate::{
    setup::{DAY, Logtide, entry, server_with},
    terminal::OnTerminal,
};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("it is there").permissions().mode() & 0o777
}

#[test]
fn a_profile_is_saved_for_its_owner_and_used() {
    let server = server_with(&[entry("09:00:00", "info", "found", serde_json::json!({}))]);
    let config = tempdir().expect("there is a place for temporary files");
    let logtide = |arguments: &str| Logtide::new(arguments).env("XDG_CONFIG_HOME", config.path());
    let (url, key) = (server.url(), server.api_key());
    let done = logtide(&format!("login --url {url} --key {key}")).run();
    assert_eq!((done.code, &*done.stdout), (0, ""), "{}", done.stderr);
    assert!(done.stderr.contains("which may send and read"), "{}", done.stderr);
    assert!(!done.stderr.contains(key));
    let file = config.path().join("logtide/profiles.json");
    assert_eq!((mode(&file), mode(&config.path().join("logtide"))), (0o600, 0o700));
    assert_eq!(logtide(&format!("query {DAY} --output raw")).output(), "found\n");

    // A second login leaves the first profile as it is.
    let write_key = server.write_key();
    let done = logtide(&format!("login --profile sender --url {url} --key {write_key}")).run();
    assert_eq!(done.code, 0);
    assert!(done.stderr.contains("which may only send"), "{}", done.stderr);
    assert_eq!(logtide("query --profile sender").run().code, 3);
    assert_eq!(logtide(&format!("query {DAY} --output raw")).output(), "found\n");
    assert_eq!(mode(&file), 0o600);
}

#[test]
fn what_the_server_refuses_is_not_saved() {
    let server = DevServer::start().expect("the server starts");
    let config = tempdir().expect("there is a place for temporary files");
    let done = Logtide::new(&format!("login --url {} --key lp_wrong", server.url()))
        .env("XDG_CONFIG_HOME", config.path())
        .run();
    assert_eq!(done.code, 3, "{}", done.stderr);
    assert!(!config.path().join("logtide").exists());
}

#[test]
fn a_file_of_profiles_that_cannot_be_read_is_told_without_the_keys_in_it() {
    for (text, told) in [
        (r#"{"profiles": {"default": "lp_SECRET"}}"#, "line 1 column"),
        (r#"{"profiles": {"default": {"url": "http://h", "key": "lp_SECRET"}"#, "EOF"),
    ] {
        let config = tempdir().expect("there is a place for temporary files");
        let folder = config.path().join("logtide");
        fs::create_dir(&folder).expect("it is made");
        fs::write(folder.join("profiles.json"), text).expect("it is written");
        let done = Logtide::new("query").env("XDG_CONFIG_HOME", config.path()).run();
        assert_eq!(done.code, 3, "{}", done.stderr);
        assert!(done.stderr.contains(told) && !done.stderr.contains("SECRET"), "{}", done.stderr);
    }
}

#[test]
fn without_a_terminal_nothing_is_asked() {
    let done = Logtide::new("login").run();
    assert_eq!(done.code, 2);
    assert!(done.stderr.contains("there is no terminal to ask for it: set --url"), "{}", done.stderr);
}

#[test]
fn on_a_terminal_it_asks_and_does_not_show_the_key() {
    let server = DevServer::start().expect("the server starts");
    let mut login = OnTerminal::start(Logtide::new("login"), 80);
    login.wait_for("Address of the server: ");
    login.enter(server.url());
    login.wait_for("Key of the project: ");
    login.enter(server.api_key());
    let (shown, code) = login.end();
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("may send and read") && !shown.contains(server.api_key()), "{shown}");
}

#[test]
fn a_signal_while_the_key_is_asked_for_leaves_a_terminal_that_shows_what_is_entered() {
    let mut login = OnTerminal::start(Logtide::new("login --url http://127.0.0.1:1"), 80);
    login.wait_for("Key of the project: ");
    assert!(!login.echoes());
    login.kill(Signal::SIGINT);
    assert!(login.echoes());
}

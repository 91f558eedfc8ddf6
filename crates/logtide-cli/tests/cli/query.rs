//! The entries that `query` finds.

use logtide_devserver::DevServer;
use serde_json::{Value, json};

use crate::setup::{DAY, Done, Logtide, entry, server_with};

/// Returns `count` entries, one second apart.
fn numbered(count: u32) -> Vec<Value> {
    let time = |number: u32| format!("{:02}:{:02}:{:02}", number / 3_600, number / 60 % 60, number % 60);
    (0..count)
        .map(|number| entry(&time(number), "info", &format!("entry {number}"), json!({"n": number})))
        .collect()
}

fn raw(server: &DevServer, arguments: &str) -> Done {
    Logtide::with(server, &format!("query {DAY} --output raw {arguments}")).run()
}

fn messages(numbers: impl IntoIterator<Item = u32>) -> String {
    numbers.into_iter().map(|number| format!("entry {number}\n")).collect()
}

#[test]
fn any_limit_is_read_page_by_page() {
    let server = server_with(&numbered(2_500));
    let all = raw(&server, "--limit all");
    assert_eq!((all.code, all.stdout, &*all.stderr), (0, messages(0..2_500), ""));
    let exact = raw(&server, "--limit 2500");
    assert_eq!((exact.stdout, &*exact.stderr), (messages(0..2_500), ""));
    let some = raw(&server, "--limit 1001");
    assert_eq!(some.stdout, messages(1_499..2_500), "the latest, oldest first");
    assert!(some.stderr.contains("there are more entries; these are the latest 1001"), "{}", some.stderr);
}

#[test]
fn the_default_limit_is_told_where_it_cuts() {
    let server = server_with(&numbered(101));
    let done = raw(&server, "");
    assert_eq!((done.code, done.stdout), (0, messages(1..101)));
    assert!(done.stderr.contains("the latest 100: see more with --limit"), "{}", done.stderr);
    assert_eq!(raw(&server, "--text 99").stderr, "");
}

#[test]
fn the_order_can_be_turned() {
    let server = server_with(&numbered(5));
    assert_eq!(raw(&server, "--reverse").stdout, messages((0..5).rev()));
    let two = raw(&server, "--reverse --limit 2");
    assert_eq!(two.stdout, messages([4, 3]));
    assert!(two.stderr.contains("there are more"), "{}", two.stderr);
}

#[test]
fn filters_of_all_kinds() {
    let mut entries = numbered(3);
    entries[1]["service"] = json!("web");
    entries[2]["level"] = json!("error");
    entries[2]["trace_id"] = json!("t1");
    entries[2]["metadata"] = json!({"n": 2, "tenant": "Acme"});
    let server = server_with(&entries);
    for (arguments, expected) in [
        ("--service web", vec![1]),
        ("--service web --service api", vec![0, 1, 2]),
        ("--level warn", vec![2]),
        ("--level =info", vec![0, 1]),
        ("--level =info,error", vec![0, 1, 2]),
        ("--text ENTRY", vec![0, 1, 2]),
        ("--text try2", vec![]),
        ("--trace t1", vec![2]),
        ("--metadata n=1", vec![1]),
        ("--metadata n!=1", vec![0, 2]),
        ("--metadata tenant", vec![2]),
        ("--metadata tenant!=x", vec![0, 1, 2]),
        ("--metadata tenant~cme --metadata n=2", vec![2]),
        ("--metadata tenant~cme --metadata n=1", vec![]),
        ("-m n -m n -m n -m n -m n -m n -m n -m n -m n -m n -m n -m n=2", vec![2]),
    ] {
        let done = raw(&server, arguments);
        assert_eq!((done.code, done.stdout), (0, messages(expected)), "{arguments} {}", done.stderr);
    }
    assert_eq!(
        raw(&server, "--service nobody").stderr,
        "logtide: no entries match from 2026-11-22 01:00:00 to 2026-11-23 01:00:00\n"
    );
}

#[test]
fn context_shows_each_entry_once() {
    let mut entries = numbered(20);
    for number in [3, 5, 12] {
        entries[number]["level"] = json!("error");
    }
    let server = server_with(&entries);
    let context = |count| {
        let pretty = Logtide::with(&server, &format!("query {DAY} --level error --context {count}")).output();
        let shown = pretty.lines().filter(|line| !line.starts_with("-- 2026"));
        shown
            .map(|line| match line.split_once("entry ") {
                Some((_, rest)) => format!("{}{}", &line[..1], rest.split(' ').next().unwrap_or_default()),
                None => line.to_owned(),
            })
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(context(1), " 2 >3  4 >5  6 --  11 >12  13");
    assert_eq!(context(3), " 0  1  2 >3  4 >5  6  7  8  9  10  11 >12  13  14  15");
    let done = Logtide::with(&server, &format!("query {DAY} --context 51")).run();
    assert_eq!(done.code, 2);
}

#[test]
fn times_are_those_of_the_local_zone() {
    let server = server_with(&numbered(3));
    let found = Logtide::with(&server, "query --output raw --since").arg("2026-11-22 01:00:01");
    assert_eq!(found.arg("--to").arg("2026-11-22 01:00:01").output(), messages([1]));
    let done = Logtide::with(&server, "query --since 1h --to 2h").run();
    assert_eq!(done.code, 2);
    assert!(done.stderr.contains("ends earlier"), "{}", done.stderr);
}

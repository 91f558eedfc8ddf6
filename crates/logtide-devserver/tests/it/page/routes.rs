//! The routes that the page reads.

use logtide_devserver::{Database, DevServer};
use serde_json::{Value, json};

use super::send;
use crate::client::Client;

fn get(server: &DevServer, path: &str) -> Value {
    let answer = Client::with_key(server.address(), None).get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer.json()
}

fn messages(page: &Value) -> Vec<&str> {
    page["lines"]
        .as_array()
        .expect("lines")
        .iter()
        .map(|line| line["message"].as_str().expect("a text"))
        .collect()
}

fn sample(database: Database) -> DevServer {
    let server = DevServer::builder().database(database).start().expect("the server starts");
    let at = |second: u32| format!("2026-01-01T00:00:{second:02}.000Z");
    send(
        &server,
        &[
            json!({"message": "a", "time": at(3), "service": "web", "level": "info"}),
            json!({"message": "b", "time": at(1), "service": "web", "level": "error", "metadata": {"k": "v=w"}}),
            json!({"message": "c", "time": at(1), "service": "db", "level": "warn", "trace_id": "t"}),
            json!({"message": "d", "time": at(59), "service": "db", "level": "debug"}),
        ],
    );
    server
}

#[test]
fn entries_are_paged_newest_first_and_by_arrival_within_a_millisecond() {
    let server = sample(Database::Memory);
    let first = get(&server, "/_page/entries?limit=3");
    assert_eq!(
        (messages(&first), &first["more"], &first["last"]),
        (vec!["d", "a", "c"], &json!(true), &json!(4))
    );
    let line = &first["lines"][2];
    let rest = get(&server, &format!("/_page/entries?time={}&sequence={}", line["time"], line["sequence"]));
    assert_eq!((messages(&rest), &rest["more"]), (vec!["b"], &json!(false)));
    for (query, expected) in [
        ("level=warn", &["c", "b"][..]),
        ("service=db&service=none", &["d", "c"]),
        ("field=k=v=w", &["b"]),
        ("text=B", &["b"]),
        ("trace=t", &["c"]),
        ("from=1767225601000&to=1767225603000", &["a", "c", "b"]),
    ] {
        assert_eq!(messages(&get(&server, &format!("/_page/entries?{query}"))), expected, "{query}");
    }
    for wrong in ["level=loud", "from=yesterday", "field=k", "limit=0", "limit=5001", "text=a&text=b"] {
        let answer = Client::with_key(server.address(), None).get(&format!("/_page/entries?{wrong}"));
        assert_eq!(answer.status, 400, "{wrong}");
    }
}

#[test]
fn counts_of_levels_and_services_leave_their_own_filter_out() {
    let folder = std::env::temp_dir().join(format!("logtide-summary-{}", fastrand::u64(..)));
    std::fs::create_dir(&folder).expect("a folder");
    for database in [Database::Memory, Database::File(folder.join("entries.db"))] {
        let server = sample(database);
        let range = "from=1767225600000&to=1767225659999&buckets=6";
        let all = get(&server, &format!("/_page/summary?{range}"));
        assert_eq!((&all["total"], &all["width"]), (&json!(4), &json!(10_000)));
        assert_eq!(
            all["buckets"],
            json!({"1767225600000": {"error": 1, "info": 1, "warn": 1}, "1767225650000": {"debug": 1}})
        );
        let some = get(&server, &format!("/_page/summary?{range}&service=db&level=warn"));
        assert_eq!(some["total"], 1);
        assert_eq!(some["levels"], json!({"debug": 1, "warn": 1}));
        assert_eq!(some["services"], json!({"db": 1, "web": 1}));
        let none = get(&server, &format!("/_page/summary?{range}&service=gone"));
        assert_eq!((&none["total"], &none["services"]["gone"]), (&json!(0), &json!(0)));
        let ever = get(&server, "/_page/summary");
        assert_eq!(ever["total"], 4);
    }
    std::fs::remove_dir_all(folder).expect("the folder is removed");
}

#[test]
fn every_file_that_the_page_names_is_there() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::with_key(server.address(), None);
    let mut names = vec!["/".to_owned()];
    let mut next = 0;
    while next < names.len() {
        let answer = client.get(&names[next]);
        assert_eq!(answer.status, 200, "{}", names[next]);
        assert!(
            !answer.text.contains("http://")
                || names[next].ends_with(".svg")
                || names[next].ends_with("element.js"),
            "{}",
            names[next]
        );
        let quoted = answer.text.split('"').skip(1).step_by(2);
        let found = quoted.filter_map(|name| match name.strip_prefix("./") {
            Some(module) => Some(format!("/_page/files/{module}")),
            None => name.starts_with("/_page/files/").then(|| name.to_owned()),
        });
        for name in found {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        next += 1;
    }
    assert!(names.len() > 15, "{names:?}");
    assert_eq!(client.get("/_page/files/secret.js").status, 404);
}

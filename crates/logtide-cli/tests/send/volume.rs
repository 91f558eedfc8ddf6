//! Many lines.

use std::{io::Write as _, thread};

use logtide_devserver::{Database, DevServer};
use rusqlite::Connection;

use super::run::{LONG, Running, command, success};

/// The number of lines.
const LINES: i64 = 1_000_000;

#[test]
fn a_million_lines_arrive_complete_with_bounded_memory() {
    let directory = tempfile::tempdir().expect("there is a place for temporary files");
    let file = directory.path().join("entries.db");
    let server = DevServer::builder().database(Database::File(file.clone())).start().expect("it starts");
    let mut child = Running::start(&mut command(&server, &["--service", "demo"]));
    let mut stdin = child.stdin();
    thread::scope(|scope| {
        scope.spawn(|| {
            for first in (0..LINES).step_by(1_000) {
                let lines: String = (first..first + 1_000)
                    .map(|number| format!("{{\"level\":\"info\",\"msg\":\"hi\",\"n\":{number}}}\n"))
                    .collect();
                stdin.write_all(lines.as_bytes()).expect("it reads");
            }
        });
        assert!(server.wait_for_stored(LINES as u64, LONG * 3));
    });
    #[cfg(target_os = "linux")]
    {
        let peak = child.peak_memory();
        assert!(peak < 100 * 1024, "{peak} KiB");
    }
    drop(stdin);
    let said = success(&child.end());
    assert!(said.contains("1,000,000 entries delivered"), "{said}");
    drop(server);
    let database = Connection::open(file).expect("it is a database");
    let sql = "WITH numbered AS (SELECT sequence, json_extract(metadata, '$.n') AS n FROM entries)
               SELECT count(*), count(DISTINCT n), max(n), max(sequence - n) - min(sequence - n) FROM numbered";
    let row: Result<[i64; 4], _> =
        database.query_row(sql, [], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]));
    assert_eq!(row.expect("it is queried"), [LINES, LINES, LINES - 1, 0], "each once and in order");
}

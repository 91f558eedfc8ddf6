//! Many lines.

use std::io::Write as _;

use logtide_devserver::DevServer;

use super::run::{LONG, Running, command, success};

/// Lines that are sent.
const LINES: usize = 200_000;

#[test]
fn many_lines_arrive_complete_with_bounded_memory() {
    let server = DevServer::start().expect("it starts");
    let input: String =
        (0..LINES).map(|number| format!("{{\"level\":\"info\",\"msg\":\"hi\",\"n\":{number}}}\n")).collect();
    let mut child = Running::start(&mut command(&server, &["--service", "demo"]));
    let mut stdin = child.stdin();
    stdin.write_all(input.as_bytes()).expect("it reads");
    assert!(server.wait_for_stored(LINES as u64, LONG));
    #[cfg(target_os = "linux")]
    {
        let peak = child.peak_memory();
        assert!(peak < 100 * 1024, "{peak} KiB");
    }
    drop(stdin);
    let said = success(&child.end());
    assert!(said.contains("200,000 entries delivered"), "{said}");
    let stored = server.stored();
    assert_eq!(stored.len(), LINES);
    for (number, entry) in stored.iter().enumerate() {
        assert_eq!(entry.metadata.as_ref().and_then(|metadata| metadata["n"].as_u64()), Some(number as u64));
    }
}

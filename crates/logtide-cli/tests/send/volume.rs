//! Many lines.

use logtide_devserver::DevServer;
use nix::sys::resource::{UsageWho, getrusage};

use super::run::{command, run, success};

/// Lines that are sent.
const LINES: usize = 200_000;

#[test]
fn many_lines_arrive_complete_with_bounded_memory() {
    let server = DevServer::start().expect("it starts");
    let input: String =
        (0..LINES).map(|number| format!("{{\"level\":\"info\",\"msg\":\"hi\",\"n\":{number}}}\n")).collect();
    let said = success(&run(&mut command(&server, &["--service", "demo"]), input.as_bytes()));
    assert!(said.contains("200,000 entries delivered"), "{said}");
    let stored = server.stored();
    assert_eq!(stored.len(), LINES);
    for (number, entry) in stored.iter().enumerate() {
        assert_eq!(entry.metadata.as_ref().and_then(|metadata| metadata["n"].as_u64()), Some(number as u64));
    }
    // Kilobytes on Linux.
    #[cfg(target_os = "linux")]
    {
        let peak = getrusage(UsageWho::RUSAGE_CHILDREN).expect("it is known").max_rss();
        assert!(peak < 100 * 1024, "{peak} KB");
    }
}

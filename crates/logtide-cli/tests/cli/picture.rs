//! The picture in the README, rendered from real output.

use std::{env, fs, path::Path};

use anstyle_svg::Term;
use serde_json::json;

use crate::setup::{DAY, Logtide, entry, server_with};

/// Any value writes the picture again.
const UPDATE: &str = "UPDATE_PICTURE";

#[test]
fn the_readme_shows_what_the_command_writes() {
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let traced = |time, level, service, message, metadata| {
        let mut entry = entry(time, level, message, metadata);
        entry["service"] = json!(service);
        entry["trace_id"] = json!(trace);
        entry
    };
    let refused = json!({
        "amount": 59.9,
        "exception": {
            "type": "payments::Declined", "message": "the card was declined", "language": "rust",
            "stacktrace": [{"file": "src/charge.rs", "function": "payments::charge", "line": 42, "column": 9}],
            "cause": {"type": "std::io::Error", "message": "connection reset by peer", "stacktrace": []}
        }
    });
    let server = server_with(&[
        entry("09:41:06.120", "info", "server started", json!({"port": 3000})),
        traced("09:41:07.301", "info", "shop", "GET /cart 200 (12ms)", json!({})),
        traced(
            "09:41:07.655",
            "warn",
            "shop",
            "slow upstream",
            json!({"upstream": "payments", "took_ms": 340}),
        ),
        traced("09:41:07.702", "error", "payments", "charge failed", refused),
        traced("09:41:07.710", "critical", "shop", "order 1042 is stuck", json!({"order": 1042})),
    ]);
    let output = Logtide::with(&server, &format!("query {DAY} --color always")).output();
    // Dimmed words at half brightness are hard to read on a page.
    let drawn = Term::new()
        .render_svg(&format!("\x1b[1m$ logtide query --since 10m\x1b[0m\n{output}"))
        .replace("opacity: 0.4", "opacity: 0.65");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("output.svg");
    if env::var_os(UPDATE).is_some() {
        fs::write(&path, &drawn).expect("the picture is written");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == drawn, "output.svg is out of date: run this test with {UPDATE}=1, and look at it");
}

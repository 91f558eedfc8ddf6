//! Lines that belong together.

use proptest::prelude::*;

use super::*;
use crate::commands::send::format::{Zone, plain};

fn join(text: &str) -> Vec<String> {
    join_up_to(text, 100_000).into_iter().map(|(text, _)| text).collect()
}

fn join_up_to(text: &str, max: usize) -> Vec<(String, u64)> {
    let (mut joiner, mut found, now) = (Joiner::new(max), Vec::new(), Instant::now());
    let take = |joiner: &mut Joiner, found: &mut Vec<_>| {
        if !joiner.is_empty() {
            found.push((joiner.joined().text.to_owned(), joiner.joined().left_out));
            joiner.clear();
        }
    };
    for line in text.lines() {
        if !joiner.continues(line) {
            take(&mut joiner, &mut found);
            if line.trim().is_empty() {
                continue;
            }
        }
        joiner.add(line, 0, plain(line, Zone::Unknown).level >= Some(logtide::Level::Error), 0, now);
    }
    take(&mut joiner, &mut found);
    found
}

const JAVA: &str = "Exception in thread \"main\" java.lang.RuntimeException: outer
\tat com.shop.Cart.add(Cart.java:10)
\t... 3 more
Caused by: java.io.IOException: inner
\tat com.shop.Disk.read(Disk.java:7)";

const LOGGED_JAVA: &str = "2026-11-27 04:46:01 ERROR com.shop.Cart - failed
java.lang.IllegalStateException: no cart
\tat com.shop.Cart.add(Cart.java:10)
Caused by: java.io.IOException: inner
\tat com.shop.Disk.read(Disk.java:7)";

const PYTHON: &str = "Traceback (most recent call last):
  File \"shop.py\", line 3, in <module>
    cart.add()
KeyError: 'x'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File \"shop.py\", line 5, in <module>
    raise ValueError(\"no\")
ValueError: no";

const LOGGED_PYTHON: &str = "ERROR:root:failed
Traceback (most recent call last):
  File \"shop.py\", line 3, in <module>
ZeroDivisionError: division by zero";

const GO: &str = "panic: runtime error: index out of range [3] with length 1

goroutine 1 [running]:
main.add(0x3, {0xc000, 0x1})
\t/src/main.go:8 +0x1d
main.main()
\t/src/main.go:4 +0x2a
exit status 2";

const RUST: &str = "thread 'main' panicked at src/main.rs:2:5:
index out of bounds: the len is 1 but the index is 3
stack backtrace:
   0: rust_begin_unwind
             at /rustc/std/src/panicking.rs:697:5
   1: core::panicking::panic_fmt
note: Some details are omitted, run with `RUST_BACKTRACE=full` for a verbose backtrace.";

#[test]
fn each_trace_is_one_entry_and_what_is_around_it_is_not() {
    for trace in [JAVA, LOGGED_JAVA, LOGGED_PYTHON, GO, RUST] {
        let text = format!("starting up\n{trace}\ngoing on\n");
        assert_eq!(join(&text), ["starting up", trace, "going on"]);
        let text = format!("INFO before\n{trace}\n\nINFO after\n{trace}\n");
        assert_eq!(join(&text), ["INFO before", trace, "INFO after", trace]);
    }
    assert_eq!(join(&format!("starting up\n{PYTHON}\ngoing on\n")), ["starting up", PYTHON, "going on"]);
}

#[test]
fn lines_that_stand_alone_stay_alone() {
    let text =
        "one\ntwo\n\nthree\nInternal Server Error\njava is fine\nValueError: said in passing\n(main.go)\n";
    assert_eq!(join(text), text.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>());
}

#[test]
fn indented_lines_belong_to_the_one_before() {
    assert_eq!(join("select\n  a,\n  b\nfrom t\n"), ["select\n  a,\n  b", "from t"]);
    assert_eq!(join("{\n  \"a\": 1\n}\n{\n  \"a\": 2\n}\n"), ["{\n  \"a\": 1\n}", "{\n  \"a\": 2\n}"]);
    assert_eq!(join("  indented first\nnext\n"), ["  indented first", "next"]);
}

#[test]
fn what_is_joined_is_bounded_in_bytes_and_lines() {
    let text = format!("start\n{}", "  more\n".repeat(20));
    let [(text, left_out)] = &join_up_to(&text, 50)[..] else { panic!("it is one") };
    assert_eq!(text.len() as u64 + left_out, 5 + 20 * 7);
    assert!(text.len() <= 50);
    let many = format!("start\n{}", "  more\n".repeat(MAX_LINES + 10));
    assert_eq!(join(&many).len(), 2);
}

proptest! {
    #[test]
    fn no_line_is_lost_or_changes_its_place(lines in prop::collection::vec(prop_oneof![
        Just("Traceback (most recent call last):"), Just("  indented"), Just("\tat A.b(A.java)"), Just("panic: x"), Just(""),
        Just("goroutine 1 [running]:"), Just("ERROR x"), Just("java.lang.Error: x"), Just("thread 'a' panicked at b:1:2:"),
        Just("note: x"), Just("Caused by: y"), Just("plain"), Just("}"), Just("{\"a\":1}"), Just("ValueError: no"),
    ], 0..30)) {
        let found = join(&lines.join("\n")).join("\n");
        let filled = |text: &str| text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>();
        prop_assert_eq!(filled(&found), filled(&lines.join("\n")));
    }
}

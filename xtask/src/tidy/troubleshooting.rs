//! The troubleshooting guide lists every message of the libraries.
//!
//! Every string literal of three words or more counts as a message, or as a part of one. Literals in tests, in attributes other
//! than `#[error(…)]`, and in calls of `expect` do not count.

mod guide;
mod messages;

use self::{guide::Guide, messages::messages};
use super::exceptions::Exceptions;
use crate::{repository::Repository, rust_source::is_test_file};

const GUIDE: &str = "crates/logtide/src/guides/troubleshooting.md";

/// The texts that are not messages, with `…` for each placeholder.
const LIST: &str = "xtask/not-messages.txt";

/// The errors of the embedded server. Its other texts are those of the LogTide server.
const SERVER_ERRORS: &str = "crates/logtide-devserver/src/error.rs";

/// Assertions for tests, and model checks of the client.
const CHECKS: [&str; 4] =
    ["/src/testing", "/json/testing.rs", "logtide-client/src/handover", "logtide-client/src/sync/checked/"];

pub(super) fn check(repository: &Repository) -> Vec<String> {
    let Some(guide) = repository.file(GUIDE) else { return vec![format!("{GUIDE}: the file is missing")] };
    let guide = Guide::parse(&guide.text);
    let mut exceptions = Exceptions::read(repository, LIST);
    let mut violations = Vec::new();
    for file in repository.rust_files().filter(|file| is_library(&file.path)) {
        for message in messages(&file.text) {
            if !exceptions.allow(&message) && !guide.lists(&message) {
                violations.push(format!(
                    "{GUIDE}: there is no row for \"{message}\" of {}; say what to do, or add it to {LIST}",
                    file.path
                ));
            }
        }
    }
    violations.extend(exceptions.finish());
    violations
}

fn is_library(path: &str) -> bool {
    let is_server = path.starts_with("crates/logtide-devserver/") && path != SERVER_ERRORS;
    let is_check = CHECKS.iter().any(|part| path.contains(part));
    path.starts_with("crates/")
        && path.contains("/src/")
        && !path.starts_with("crates/logtide-cli/")
        && !is_server
        && !is_check
        && !is_test_file(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"
        #[derive(Debug, thiserror::Error)]
        enum E {
            #[error("the port {0} is in use: choose another")]
            Port(u16),
            #[doc = "not a message at all"]
            Other,
        }
        fn f() { g().expect("never a message here"); fail("gave up after {time:?}"); }
        #[cfg(test)]
        mod tests {
            const A: &str = "only a text of tests";
        }
    "#;

    const ROW: &str = "| `could not listen: the port … is in use: choose another` | Choose another. |\n";
    const OTHER_ROW: &str = "| `no answer: gave up after …` | Wait. |\n";

    fn violations(guide: &str, list: &str) -> Vec<String> {
        let files =
            [(GUIDE, guide), (LIST, list), ("crates/a/src/lib.rs", SOURCE), ("crates/a/tests/b.rs", SOURCE)];
        check(&Repository::of(&files))
    }

    #[test]
    fn a_guide_with_every_message_passes() {
        assert_eq!(violations(&format!("{ROW}{OTHER_ROW}"), ""), Vec::<String>::new());
    }

    #[test]
    fn a_message_without_a_row_is_found() {
        let found = violations(OTHER_ROW, "");
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("\"the port … is in use: choose another\""), "{found:?}");
        assert_eq!(violations(ROW, "").len(), 1);
        assert_eq!(violations("the port … is in use: choose another, gave up after …", "").len(), 2);
    }

    #[test]
    fn an_exception_needs_a_reason_and_a_text() {
        assert_eq!(violations(ROW, "gave up after … — a part\n"), Vec::<String>::new());
        assert_eq!(violations(ROW, "gave up after …\n").len(), 2);
        assert_eq!(violations(&format!("{ROW}{OTHER_ROW}"), "no such text — a part\n").len(), 1);
    }
}

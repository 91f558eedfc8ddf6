//! Completions and manual pages.

use crate::setup::Logtide;

#[test]
fn completions_know_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = Logtide::new(&format!("completions {shell}")).output();
        for command in ["tail", "query", "heartbeat"] {
            assert!(script.contains(command), "{shell}: {command}");
        }
    }
}

#[test]
fn each_command_has_a_manual_page() {
    let page = Logtide::new("man").output();
    assert!(page.contains(".TH logtide 1") && page.contains("Exit codes"), "{page}");
    let page = Logtide::new("man tail").output();
    assert!(page.contains(".TH logtide-tail 1") && page.contains("lookback"), "{page}");
    let done = Logtide::new("man tial").run();
    assert_eq!(
        (done.code, &*done.stderr),
        (2, "logtide: there is no command `tial`: see `logtide --help`\n")
    );
}

//! The page without a pointer.

use logtide_devserver::DevServer;
use serde_json::json;

use super::{COUNT, ago, messages, send};
use crate::browser::Browser;

#[test]
fn the_keyboard_is_enough() {
    let server = DevServer::start().expect("the server starts");
    let entries: Vec<_> = (0..100)
        .map(|number| {
            let level = ["debug", "info", "warn", "error", "critical"][number % 5];
            json!({"message": format!("entry {number}"), "level": level, "time": ago(200 - number as i64)})
        })
        .collect();
    send(&server, &entries);
    let Some(mut browser) = Browser::open(&server) else { return };
    browser.until(&format!("{COUNT} === 100"));
    let selected =
        |text: &str| format!("document.querySelector('.line.selected .message')?.textContent === '{text}'");
    browser.press("j");
    browser.until(&selected("entry 99"));
    browser.press("ArrowDown");
    browser.until(&selected("entry 98"));
    browser.press("k");
    browser.until(&selected("entry 99"));
    browser.press("G");
    browser.until(&selected("entry 0"));
    browser.press("Enter");
    browser.until("document.querySelector('.detail .message')?.textContent === 'entry 0'");
    browser.until("document.querySelector('.detail').getBoundingClientRect().bottom <= innerHeight");
    browser.press("Escape");
    browser.until("!document.querySelector('.detail')");
    browser.press("g");
    browser.until("document.getElementById('list').scrollTop === 0 && !document.querySelector('.selected')");
    browser.press("4");
    browser.until(&format!("{COUNT} === 40"));
    browser.press("1");
    browser.until(&format!("{COUNT} === 100"));
    browser.press("/");
    browser.until("document.activeElement.id === 'query'");
    // Letters in the search box are text, not shortcuts.
    browser.type_text("entry 5");
    browser.press("7");
    browser.press("Enter");
    browser.until(&messages(&["entry 57"]));
    browser.until("document.activeElement.id === 'list'");
    browser.press("?");
    browser.until("document.getElementById('help').open");
    let help = browser.texts("#help").join("");
    for word in ["next entry", "search box", "histogram", "user=42", "Esc"] {
        assert!(help.contains(word), "{word} in {help}");
    }
    browser.press("Escape");
    browser.until("!document.getElementById('help').open");
    // Every control can be reached with the keyboard, and has a name.
    let nameless = "Array.from(document.querySelectorAll('button, input, select'), (found) => \
        found.innerText || found.ariaLabel || found.title || found.outerHTML).filter((name) => name.startsWith('<'))";
    assert_eq!(browser.evaluate(nameless), json!([]));
    assert!(browser.errors.is_empty(), "{:?}", browser.errors);
}

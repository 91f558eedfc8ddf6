//! A hundred thousand entries.

use logtide_devserver::DevServer;
use serde_json::json;

use super::{COUNT, send};
use crate::browser::Browser;

const ENTRIES: usize = 100_000;

/// The most lines in the document: a screen of them and some around it.
const LINES: i64 = 70;

#[test]
fn a_hundred_thousand_entries_scroll_with_few_elements() {
    let server = DevServer::start().expect("the server starts");
    for batch in 0..ENTRIES / 1_000 {
        let entries: Vec<_> = (0..1_000)
            .map(|number| json!({"message": format!("entry {}", batch * 1_000 + number), "metadata": {"number": number}}))
            .collect();
        send(&server, &entries);
    }
    let Some(mut browser) = Browser::open(&server) else { return };
    browser.until(&format!("{COUNT} === {ENTRIES}"));
    browser.until("document.getElementById('status').textContent === '100,000 entries'");
    // Each frame while scrolling draws the lines in view, and touches no others.
    let scrolled = browser.evaluate(
        "(async () => {
             const list = document.getElementById('list');
             let [most, touched, blank] = [0, 0, 0];
             let lines = new Set();
             const seen = new MutationObserver((changes) => {
                 for (const {target} of changes) lines.add(target.nodeType === 1 ? target.closest('.line') ?? target : target.parentNode);
             });
             seen.observe(list, {subtree: true, childList: true, characterData: true, attributes: true});
             const frame = () => new Promise(requestAnimationFrame);
             for (let step = 1; step <= 120; step += 1) {
                 lines = new Set();
                 list.scrollTop = (list.scrollHeight / 120) * step;
                 await frame();
                 await frame();
                 await frame();
                 most = Math.max(most, list.querySelectorAll('.line').length);
                 touched = Math.max(touched, lines.size);
                 const box = list.getBoundingClientRect();
                 const middle = document.elementFromPoint(box.left + 200, box.top + box.height / 2);
                 if (!middle?.closest('.line')) blank += 1;
             }
             return {most, touched, blank, last: list.querySelector('.line[data-index=\"99999\"] .message')?.textContent};
         })()",
    );
    assert_eq!((&scrolled["blank"], &scrolled["last"]), (&json!(0), &json!("entry 0")), "{scrolled}");
    assert!(scrolled["most"].as_i64().unwrap_or(i64::MAX) <= LINES, "{scrolled}");
    assert!(scrolled["touched"].as_i64().unwrap_or(i64::MAX) <= 2 * LINES, "{scrolled}");
    // What is being read stays in view while new entries arrive, and the oldest stay too.
    send(&server, &[json!({"message": "new"})]);
    browser.until(&format!("{COUNT} === {}", ENTRIES + 1));
    browser
        .until("document.querySelector('.line[data-index=\"100000\"] .message')?.textContent === 'entry 0'");
    browser.press("Home");
    browser.until("document.querySelector('.line[data-index=\"0\"] .message')?.textContent === 'new'");
    assert!(browser.errors.is_empty(), "{:?}", browser.errors);
}

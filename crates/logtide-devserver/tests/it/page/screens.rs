//! Wide and narrow screens, light and dark themes.

use logtide_devserver::DevServer;
use serde_json::json;

use super::{COUNT, send};
use crate::browser::Browser;

#[test]
fn nothing_is_cut_off_on_wide_and_narrow_screens() {
    let server = DevServer::start().expect("the server starts");
    let long = "word".repeat(100);
    let entries: Vec<_> = (0..40)
        .map(|number| {
            let service = format!("service-with-a-long-name-{}", number % 20);
            json!({"message": long, "service": service, "trace_id": "t1", "metadata": {&long: &long, "a": {"b": &long}}})
        })
        .collect();
    send(&server, &entries);
    let Some(mut browser) = Browser::open(&server) else { return };
    browser.until(&format!("{COUNT} === 40"));
    for (width, height) in [(1_920, 1_080), (1_280, 800), (720, 900), (390, 844), (320, 568)] {
        browser.resize(width, height);
        browser.until(&format!("innerWidth === {width}"));
        browser.evaluate("document.getElementById('list').scrollTop = 0");
        browser.until("document.querySelector('.line[data-index=\"1\"]')");
        browser.press("j");
        browser.press("t");
        browser.until("document.querySelector('.trace')");
        let over = "Array.from(document.querySelectorAll('header *, nav, nav *, .line, .detail, .detail table, .trace, footer'), (found) => \
            [found.tagName + '.' + found.className, found.getBoundingClientRect()]).filter(([, box]) => box.width > 0 && \
            (box.right > innerWidth + 1 || box.left < -1)).map(([name]) => name)";
        assert_eq!(browser.evaluate(over), json!([]), "{width}");
        let room = browser.evaluate("document.getElementById('list').clientHeight").as_i64().unwrap_or(0);
        assert!(room >= 130, "{width}: {room} pixels for the list");
        browser.press("Escape");
        browser.press("Escape");
        browser.until("!document.querySelector('.detail')");
    }
}

#[test]
fn the_theme_follows_the_system_or_the_choice() {
    let server = DevServer::start().expect("the server starts");
    let Some(mut browser) = Browser::open(&server) else { return };
    let bright = "getComputedStyle(document.documentElement).backgroundColor === 'rgb(255, 255, 255)'";
    browser.prefer("dark");
    browser.until(&format!("!({bright})"));
    browser.prefer("light");
    browser.until(bright);
    browser.press("d");
    browser.press("d");
    browser.until(&format!("document.getElementById('theme').innerText.includes('Dark') && !({bright})"));
    browser.reload();
    browser.until(&format!("document.getElementById('theme')?.innerText.includes('Dark') && !({bright})"));
    browser.click("#theme");
    browser.until(bright);
}

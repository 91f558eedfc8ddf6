//! The files of the page, which are embedded in the program.

use axum::extract::Path;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;

use crate::reply;

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

macro_rules! files {
    ($($name:literal: $kind:expr),+ $(,)?) => {
        [$(($name, $kind, include_str!(concat!("../../page/", $name)))),+]
    };
}

/// Name, content type and text.
const FILES: [(&str, &str, &str); 20] = files! {
    "page.css": CSS,
    "icon.svg": SVG,
    "clock.js": SCRIPT,
    "detail.js": SCRIPT,
    "element.js": SCRIPT,
    "entries.js": SCRIPT,
    "exception.js": SCRIPT,
    "feed.js": SCRIPT,
    "filter.js": SCRIPT,
    "help.js": SCRIPT,
    "histogram.js": SCRIPT,
    "keyboard.js": SCRIPT,
    "levels.js": SCRIPT,
    "list.js": SCRIPT,
    "metadata.js": SCRIPT,
    "page.js": SCRIPT,
    "range.js": SCRIPT,
    "services.js": SCRIPT,
    "theme.js": SCRIPT,
    "trace.js": SCRIPT,
};

pub(super) async fn index() -> Response {
    answer(HTML, include_str!("../../page/index.html"))
}

pub(super) async fn file(Path(name): Path<String>) -> Response {
    match FILES.iter().find(|(known, ..)| *known == name) {
        Some((_, kind, text)) => answer(kind, text),
        None => reply::nothing("File not found"),
    }
}

fn answer(kind: &'static str, text: &'static str) -> Response {
    let mut response = Response::new(text.into());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

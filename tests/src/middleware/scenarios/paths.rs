//! Renamed paths, see [`Options::path_name`].

use logtide_middleware::Options;
use serde_json::json;

use crate::middleware::{Serve, Site};

const TOKEN: &str = "7";

/// A named path appears under its name everywhere: in messages, in metadata and in spans. Other paths appear as the function
/// returns them.
pub fn logs_a_path_under_its_name(serve: Serve) {
    let settings =
        Options::new().spans(true).path_name(|request| match request.path().strip_prefix("/users/") {
            Some(token) if token == TOKEN => "/users/{token}".into(),
            _ => request.path().into(),
        });
    let site = Site::new(serve, settings);
    assert_eq!(site.get("/users/7", &[]).map(|answer| answer.status), Some(200));
    assert_eq!(site.get("/ok", &[]).map(|answer| answer.status), Some(200));
    let (entries, spans) = site.finish_with_spans(6, 2);
    assert_eq!(entries[0]["message"], "GET /users/{token}");
    super::assert_message(&entries[2], "GET /users/{token} 200 (");
    assert_eq!(entries[3]["message"], "GET /ok");
    let paths = [0, 2, 3, 5].map(|index| &entries[index]["metadata"]["path"]);
    assert_eq!(paths, ["/users/{token}", "/users/{token}", "/ok", "/ok"]);
    assert_eq!([&spans[0], &spans[1]].map(|span| &span.attributes["url.path"]), ["/users/{token}", "/ok"]);
    let text = json!([entries, spans.iter().map(|span| &span.attributes).collect::<Vec<_>>()]).to_string();
    assert!(!text.contains("/users/7"), "{text}");
}

/// The function receives the route of the request for the last entry, and for the first if the framework knows it early.
pub fn names_a_path_by_its_route(serve: Serve, route: &str, is_known_early: bool) {
    let settings = Options::new().spans(true).path_name(|request| {
        assert_eq!(request.method(), "GET");
        request.route().unwrap_or("(unknown)").into()
    });
    let site = Site::new(serve, settings);
    assert!(site.get("/users/7", &[]).is_some());
    assert!(site.get("/missing/7", &[]).is_some());
    let (entries, spans) = site.finish_with_spans(5, 2);
    let early = if is_known_early { route } else { "(unknown)" };
    assert_eq!(entries[0]["message"], format!("GET {early}"));
    super::assert_message(&entries[2], &format!("GET {route} 200 ("));
    super::assert_message(&entries[4], "GET (unknown) 404 (");
    let paths = [0, 2, 3, 4].map(|index| &entries[index]["metadata"]["path"]);
    assert_eq!(paths, [early, route, "(unknown)", "(unknown)"]);
    assert_eq!([&spans[0], &spans[1]].map(|span| &span.attributes["url.path"]), [route, "(unknown)"]);
    assert_eq!(entries[2]["metadata"]["route"], route);
}

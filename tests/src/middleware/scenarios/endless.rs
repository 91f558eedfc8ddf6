//! Endless responses, which end when the client disconnects.

use logtide_core::Level;
use logtide_middleware::Options;
use serde_json::json;

use crate::middleware::{Serve, Site, browser};

/// An event stream ends when its client disconnects: without a warning, and without a failed span.
pub fn closes_an_event_stream_without_a_warning(serve: Serve) {
    for (level, logged) in [
        (None, "info"),
        (Some(Level::Error), "info"),
        (Some(Level::Info), "info"),
        (Some(Level::Debug), "debug"),
    ] {
        let mut settings = Options::new().spans(true);
        if let Some(level) = level {
            settings = settings.cancelled_level(level);
        }
        let site = Site::new(serve, settings);
        browser::hang_up(site.server().address(), "/events");
        let (entries, spans) = site.finish_with_spans(2, 1);
        assert_eq!((&entries[1]["level"], &entries[1]["metadata"]["status"]), (&json!(logged), &json!(200)));
        super::assert_message(&entries[1], "GET /events closed (");
        assert_eq!((spans[0].status, spans[0].attributes.get("error.type")), (0, None), "{level:?}");
    }
}

/// The level of any other request whose client disconnects can be set. Its span fails if that is a warning or higher.
pub fn logs_a_client_that_hangs_up_at_the_level_that_is_set(serve: Serve) {
    for (level, logged, status) in [
        (Level::Debug, "debug", 0),
        (Level::Info, "info", 0),
        (Level::Warn, "warn", 2),
        (Level::Error, "error", 2),
    ] {
        let site = Site::new(serve, Options::new().spans(true).cancelled_level(level));
        browser::hang_up(site.server().address(), "/endless");
        let (entries, spans) = site.finish_with_spans(2, 1);
        assert_eq!(entries[1]["level"], logged);
        super::assert_message(&entries[1], "GET /endless cancelled (");
        let error = (status == 2).then(|| json!("cancelled"));
        assert_eq!((spans[0].status, spans[0].attributes.get("error.type")), (status, error.as_ref()));
    }
}

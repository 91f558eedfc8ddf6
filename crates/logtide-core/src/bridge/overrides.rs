//! Fields of an event that override entry data.

use std::fmt::{Display, Write as _};

use crate::{Head, Level, limits::MAX_TRACE_ID_BYTES, record::Guarded};

/// The fields of an event that set data of the entry itself. They are removed from its metadata.
///
/// | field | what it sets |
/// |---|---|
/// | `critical = true` | the level |
/// | `service`, or another name | the service |
/// | `trace_id`, 1 to 256 bytes | the trace |
/// | `session_id` | the session, when it is a UUID with dashes |
///
/// A field with an unsuitable value stays in the metadata. So does text with white space, double quotes, braces,
/// brackets or parentheses: it is probably the `Debug` form of a larger value, whose name matches by chance.
///
/// ```
/// use logtide_core::{Head, Level, bridge::Overrides};
///
/// let mut overrides = Overrides::new("service");
/// overrides.flag("critical", true);
/// overrides.text("service", "billing");
/// let mut head = Head::new(Level::Error, "api");
/// overrides.apply(&mut head);
/// assert_eq!((head.level, head.service), (Level::Critical, "billing"));
/// ```
#[derive(Clone, Debug)]
pub struct Overrides<'k> {
    service_key: &'k str,
    service: Option<String>,
    trace_id: Option<String>,
    session_id: Option<String>,
    critical: Option<bool>,
}

impl<'k> Overrides<'k> {
    /// Creates an empty set. `service_key` is the name of the field that sets the service.
    #[must_use]
    pub const fn new(service_key: &'k str) -> Self {
        Self { service_key, service: None, trace_id: None, session_id: None, critical: None }
    }

    /// Whether a field of this name may be one of them.
    #[must_use]
    pub fn knows(&self, key: &str) -> bool {
        matches!(key, "trace_id" | "session_id" | "critical") || key == self.service_key
    }

    /// Takes a text, if the name is one of them and the text is suitable.
    pub fn text(&mut self, key: &str, text: impl Display) {
        let (place, limit) = match key {
            "trace_id" => (&mut self.trace_id, MAX_TRACE_ID_BYTES),
            "session_id" => (&mut self.session_id, usize::MAX),
            _ if key == self.service_key => (&mut self.service, usize::MAX),
            _ => return,
        };
        let mut taken = String::new();
        // If `Display` fails, the text up to that point is kept.
        let _ = write!(taken, "{}", Guarded(text));
        *place = Some(taken).filter(|text| (1..=limit).contains(&text.len()) && is_name(text));
    }

    /// Takes a boolean, if the name is one of them.
    pub fn flag(&mut self, key: &str, value: bool) {
        if key == "critical" {
            self.critical = Some(value);
        }
    }

    /// Whether the field of this name was taken, and is not metadata.
    #[must_use]
    pub fn took(&self, key: &str) -> bool {
        match key {
            "trace_id" => self.trace_id.is_some(),
            "session_id" => self.session_id.is_some(),
            "critical" => self.critical.is_some(),
            _ => self.service.is_some() && key == self.service_key,
        }
    }

    /// The trace.
    #[must_use]
    pub fn trace_id(&self) -> Option<&str> {
        self.trace_id.as_deref()
    }

    /// The session.
    #[must_use]
    pub fn session_id(&self) -> Option<&str> {
        self.session_id.as_deref()
    }

    /// The service.
    #[must_use]
    pub fn service(&self) -> Option<&str> {
        self.service.as_deref()
    }

    /// Sets the values in a head. An invalid session id moves to the metadata when the entry is sent.
    pub fn apply<'h>(&'h self, head: &mut Head<'h>) {
        if self.critical == Some(true) {
            head.level = Level::Critical;
        }
        head.service = self.service().unwrap_or(head.service);
        head.ids.trace_id = self.trace_id().map(Into::into).or(head.ids.trace_id);
        head.ids.session_id = self.session_id().or(head.ids.session_id);
    }
}

/// Whether a text is a name or an id, and not a value that was formatted.
fn is_name(text: &str) -> bool {
    !text.contains(|sign: char| sign.is_whitespace() || "\"(){}[]".contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_taken_and_the_rest_stays() {
        let mut overrides = Overrides::new("svc");
        assert!(["svc", "trace_id", "session_id", "critical"].iter().all(|key| overrides.knows(key)));
        assert!(!overrides.knows("service"));
        overrides.text("svc", "");
        overrides.text("trace_id", "t".repeat(257));
        overrides.text("session_id", "any");
        overrides.text("other", "any");
        for formatted in ["Config { name: 1 }", "\"quoted\"", "Some(1)", "[1]", "{}", "two words", "line\n"] {
            overrides.text("svc", formatted);
            assert!(!overrides.took("svc"), "{formatted}");
        }
        overrides.flag("other", true);
        let taken = ["svc", "trace_id", "session_id", "critical", "other"].map(|key| overrides.took(key));
        assert_eq!(taken, [false, false, true, false, false]);
        overrides.text("svc", "billing");
        overrides.flag("critical", false);
        assert!(overrides.took("svc") && overrides.took("critical"));
        let mut head = Head::new(Level::Warn, "api");
        overrides.apply(&mut head);
        assert_eq!((head.level, head.service), (Level::Warn, "billing"));
        assert_eq!((head.ids.trace_id, head.ids.session_id), (None, Some("any")));
    }
}

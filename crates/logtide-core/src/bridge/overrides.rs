//! Fields of an event that override entry data.

use std::fmt::{Display, Write as _};

use crate::{Head, Level, limits::MAX_TRACE_ID_BYTES, record::Guarded};

/// The fields of an event that set data of the entry itself. They are removed from its metadata.
///
/// | field | what it sets |
/// |---|---|
/// | `logtide.critical = true` | the level |
/// | `logtide.service` | the service |
/// | `logtide.trace_id`, 1 to 256 bytes | the trace |
/// | `logtide.session_id` | the session, when it is a UUID with dashes |
///
/// The prefix keeps apart what an application says to LogTide and what a library happens to call `service`.
///
/// A field with an unsuitable value stays in the metadata. So does text with white space, double quotes, braces,
/// brackets or parentheses: it is probably the `Debug` form of a larger value, whose name matches by chance.
///
/// ```
/// use logtide_core::{Head, Level, bridge::Overrides};
///
/// let mut overrides = Overrides::new(Overrides::PREFIX, None);
/// overrides.flag("logtide.critical", true);
/// overrides.text("logtide.service", "billing");
/// overrides.text("service", "of a library");
/// let mut head = Head::new(Level::Error, "api");
/// overrides.apply(&mut head);
/// assert_eq!((head.level, head.service), (Level::Critical, "billing"));
/// ```
#[derive(Clone, Debug)]
pub struct Overrides<'k> {
    prefix: &'k str,
    service_key: Option<&'k str>,
    service: Option<String>,
    /// What the service key says.
    keyed_service: Option<String>,
    trace_id: Option<String>,
    session_id: Option<String>,
    critical: Option<bool>,
}

/// What a field sets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Critical,
    Service,
    KeyedService,
    TraceId,
    SessionId,
}

impl<'k> Overrides<'k> {
    /// What the names of the fields begin with by default.
    pub const PREFIX: &'static str = "logtide.";

    /// Nothing taken yet. The names of the fields begin with the prefix, which may be empty; another field may set the service too, where
    /// there is none with the prefix.
    #[must_use]
    pub const fn new(prefix: &'k str, service_key: Option<&'k str>) -> Self {
        Self {
            prefix,
            service_key,
            service: None,
            keyed_service: None,
            trace_id: None,
            session_id: None,
            critical: None,
        }
    }

    /// Whether a field of this name may be one of them.
    #[must_use]
    pub fn knows(&self, key: &str) -> bool {
        self.kind(key).is_some()
    }

    /// Takes a text, if the name is one of them and the text is suitable.
    pub fn text(&mut self, key: &str, text: impl Display) {
        let (place, limit) = match self.kind(key) {
            Some(Kind::TraceId) => (&mut self.trace_id, MAX_TRACE_ID_BYTES),
            Some(Kind::SessionId) => (&mut self.session_id, usize::MAX),
            Some(Kind::Service) => (&mut self.service, usize::MAX),
            Some(Kind::KeyedService) => (&mut self.keyed_service, usize::MAX),
            Some(Kind::Critical) | None => return,
        };
        let mut taken = String::new();
        // If `Display` fails, the text up to that point is kept.
        let _ = write!(taken, "{}", Guarded(text));
        *place = Some(taken).filter(|text| (1..=limit).contains(&text.len()) && is_name(text));
    }

    /// Takes a boolean, if the name is one of them.
    pub fn flag(&mut self, key: &str, value: bool) {
        if self.kind(key) == Some(Kind::Critical) {
            self.critical = Some(value);
        }
    }

    /// Whether the field of this name was taken, and is not metadata.
    #[inline]
    #[must_use]
    pub fn took(&self, key: &str) -> bool {
        // Most events override nothing, which spares a look at each of their names.
        !self.is_empty() && self.took_kind(key)
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
        self.service.as_deref().or(self.keyed_service.as_deref())
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

    const fn is_empty(&self) -> bool {
        self.critical.is_none()
            && self.service.is_none()
            && self.keyed_service.is_none()
            && self.trace_id.is_none()
            && self.session_id.is_none()
    }

    fn took_kind(&self, key: &str) -> bool {
        match self.kind(key) {
            Some(Kind::TraceId) => self.trace_id.is_some(),
            Some(Kind::SessionId) => self.session_id.is_some(),
            Some(Kind::Critical) => self.critical.is_some(),
            Some(Kind::Service) => self.service.is_some(),
            Some(Kind::KeyedService) => self.service.is_none() && self.keyed_service.is_some(),
            None => false,
        }
    }

    #[inline]
    fn kind(&self, key: &str) -> Option<Kind> {
        let kind = match key.strip_prefix(self.prefix) {
            Some("critical") => Kind::Critical,
            Some("service") => Kind::Service,
            Some("trace_id") => Kind::TraceId,
            Some("session_id") => Kind::SessionId,
            _ if self.service_key == Some(key) => Kind::KeyedService,
            _ => return None,
        };
        Some(kind)
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
        let mut overrides = Overrides::new("", Some("svc"));
        assert!(
            ["svc", "service", "trace_id", "session_id", "critical"].iter().all(|key| overrides.knows(key))
        );
        assert!(!overrides.knows("logtide.service"));
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

    #[test]
    fn each_field_is_taken_on_its_own() {
        for key in ["svc", "logtide.service", "logtide.trace_id", "logtide.session_id"] {
            let mut overrides = Overrides::new(Overrides::PREFIX, Some("svc"));
            overrides.text(key, "any");
            assert!(overrides.took(key), "{key}");
        }
        let mut overrides = Overrides::new(Overrides::PREFIX, None);
        overrides.flag("logtide.critical", true);
        assert!(overrides.took("logtide.critical"));
    }

    #[test]
    fn a_field_without_the_prefix_is_metadata() {
        let mut overrides = Overrides::new(Overrides::PREFIX, None);
        for name in ["service", "trace_id", "session_id", "critical", "LOGTIDE.service", "logtide_service"] {
            assert!(!overrides.knows(name), "{name}");
            overrides.text(name, "any");
            overrides.flag(name, true);
            assert!(!overrides.took(name), "{name}");
        }
        assert!(!overrides.knows("logtide.other") && !overrides.knows("logtide."));
        overrides.text("logtide.trace_id", "legacy-123");
        assert_eq!((overrides.trace_id(), overrides.service()), (Some("legacy-123"), None));
    }

    #[test]
    fn the_service_with_the_prefix_goes_before_the_other_field() {
        let mut overrides = Overrides::new(Overrides::PREFIX, Some("svc"));
        overrides.text("svc", "mail");
        assert_eq!((overrides.service(), overrides.took("svc")), (Some("mail"), true));
        overrides.text("logtide.service", "billing");
        assert_eq!((overrides.service(), overrides.took("svc")), (Some("billing"), false));
    }
}

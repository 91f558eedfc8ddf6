//! Header fields, whatever the framework.

use http::{HeaderMap, HeaderName, HeaderValue, header};
use logtide_core::{TraceContext, TraceParent};
use serde::{Serialize, Serializer};

/// Header fields, in the form in which a framework has them.
pub trait Headers {
    /// All values of a field, in their order; an empty text for one that is not text, so that it counts. The name is in lower case.
    fn values(&self, name: &str) -> impl Iterator<Item = &str>;

    /// The first value of a field that is text and not empty.
    fn value(&self, name: &str) -> Option<&str> {
        self.values(name).find(|value| !value.is_empty())
    }
}

impl Headers for HeaderMap {
    fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        // The names that every request is asked for need not be read each time.
        let known = KNOWN.iter().find(|known| known.as_str() == name);
        known.map_or_else(|| self.get_all(name), |known| self.get_all(known)).iter().map(text)
    }
}

static KNOWN: [HeaderName; 5] = [
    HeaderName::from_static(TraceParent::HEADER),
    HeaderName::from_static(TraceContext::X_TRACE_ID),
    header::CONTENT_TYPE,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
];

fn text(value: &HeaderValue) -> &str {
    std::str::from_utf8(value.as_bytes()).unwrap_or_default()
}

/// Copies of the fields that are logged.
#[derive(Debug, Default)]
pub(crate) struct Captured(Vec<(String, String)>);

impl Captured {
    /// Takes the named fields. Several values of one are joined with commas, which means the same in HTTP. Empty ones are left out.
    pub(crate) fn new(headers: &impl Headers, names: &[String]) -> Self {
        let capture = |name: &String| {
            let values: Vec<&str> = headers.values(name).filter(|value| !value.is_empty()).collect();
            (!values.is_empty()).then(|| (name.clone(), values.join(", ")))
        };
        Self(names.iter().filter_map(capture).collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Captured {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

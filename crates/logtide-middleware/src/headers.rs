//! Header fields, independent of the framework.

use std::{borrow::Cow, collections::BTreeSet};

use http::{HeaderMap, HeaderName, HeaderValue, header};
use logtide_core::{TraceContext, TraceHeaders, TraceParent};
use serde::{Serialize, Serializer};

use crate::Options;

/// Access to the header fields of a framework.
pub trait Headers {
    /// Returns the names of the fields, in any case. A name can occur several times if it has several values.
    fn names(&self) -> impl Iterator<Item = String>;

    /// Returns all values of a field, in order. `name` is in lower case. A value that is not valid text must be
    /// returned as an empty string, so that it is counted.
    fn values(&self, name: &str) -> impl Iterator<Item = &str>;

    /// Returns the first value of a field that is valid text and not empty.
    fn value(&self, name: &str) -> Option<&str> {
        self.values(name).find(|value| !value.is_empty())
    }
}

impl Headers for HeaderMap {
    fn names(&self) -> impl Iterator<Item = String> {
        self.keys().map(ToString::to_string)
    }

    #[inline]
    fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        // Names that are looked up for every request need no parsing.
        let values = match name {
            TraceParent::HEADER => self.get_all(&TRACEPARENT),
            TraceContext::X_TRACE_ID => self.get_all(&X_TRACE_ID),
            TraceHeaders::TRACE_STATE => self.get_all(&TRACE_STATE),
            TraceHeaders::BAGGAGE => self.get_all(&BAGGAGE),
            "content-type" => self.get_all(header::CONTENT_TYPE),
            "content-length" => self.get_all(header::CONTENT_LENGTH),
            "transfer-encoding" => self.get_all(header::TRANSFER_ENCODING),
            _ => self.get_all(name),
        };
        values.iter().map(text)
    }
}

static TRACEPARENT: HeaderName = HeaderName::from_static(TraceParent::HEADER);
static X_TRACE_ID: HeaderName = HeaderName::from_static(TraceContext::X_TRACE_ID);
static TRACE_STATE: HeaderName = HeaderName::from_static(TraceHeaders::TRACE_STATE);
static BAGGAGE: HeaderName = HeaderName::from_static(TraceHeaders::BAGGAGE);

fn text(value: &HeaderValue) -> &str {
    std::str::from_utf8(value.as_bytes()).unwrap_or_default()
}

/// Which fields to log, never including [sensitive](Options::SENSITIVE_HEADERS) ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Capture {
    /// The fields of these names, in lower case.
    Named(Vec<String>),
    All,
}

impl Capture {
    pub(crate) fn named(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let names = names.into_iter().map(|name| name.into().to_ascii_lowercase());
        Self::Named(names.filter(|name| !is_sensitive(name)).collect())
    }

    /// The names of the fields to log.
    fn names<'a>(&'a self, headers: &'a impl Headers) -> Cow<'a, [String]> {
        match self {
            Self::Named(names) => Cow::Borrowed(names),
            Self::All => {
                let names = headers.names().map(|name| name.to_ascii_lowercase());
                let names: BTreeSet<String> = names.filter(|name| !is_sensitive(name)).collect();
                names.into_iter().collect()
            }
        }
    }
}

fn is_sensitive(name: &str) -> bool {
    Options::SENSITIVE_HEADERS.contains(&name)
}

/// Copies of the fields to log.
#[derive(Debug, Default)]
pub(crate) struct Captured(Vec<(String, String)>);

impl Captured {
    /// Copies the fields to log. Several values of one field are joined with commas, which is equivalent in HTTP. Empty
    /// values are left out.
    pub(crate) fn new(headers: &impl Headers, capture: &Capture) -> Self {
        let names = capture.names(headers);
        let take = |name: &String| {
            let values: Vec<&str> = headers.values(name).filter(|value| !value.is_empty()).collect();
            (!values.is_empty()).then(|| (name.clone(), values.join(", ")))
        };
        Self(names.iter().filter_map(take).collect())
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

//! Text form of headers.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{file::Private, text::Text};

/// Header values by name.
#[derive(Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Headers(BTreeMap<String, Private>);

impl Headers {
    /// The headers that have a value.
    pub(super) fn given(self) -> impl Iterator<Item = (String, String)> {
        self.0.into_iter().filter_map(|(name, Private(value))| Some((name, Text::given(value)?)))
    }
}

//! Serialized form of wire formats and collectors.

use serde::Deserialize;

use super::{
    file::Private,
    headers::Headers,
    text::{FromText, Read, Text},
};
use crate::{Collector, Wire};

/// A wire read from `"json"`, `"otlp"` or `{"collector": {"endpoint": "http://localhost:4318"}}`.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum WireSetting {
    Collector { collector: CollectorSetting },
    Text(Read<Wire>),
}

/// The options of a [`Collector`] that are set.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CollectorSetting {
    endpoint: Private,
    #[serde(default)]
    headers: Headers,
    gzip: Option<Read<bool>>,
}

impl FromText for Wire {
    const EXPECTED: &'static str =
        "json, otlp, or a JSON object such as {\"collector\": {\"endpoint\": \"http://localhost:4318\"}}";

    fn from_text(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "json" => Some(Self::Json),
            "otlp" => Some(Self::Otlp),
            _ => None,
        }
    }
}

impl From<WireSetting> for Wire {
    fn from(wire: WireSetting) -> Self {
        match wire {
            WireSetting::Text(Read(wire)) => wire,
            WireSetting::Collector { collector } => Collector::from(collector).into(),
        }
    }
}

impl From<CollectorSetting> for Collector {
    fn from(setting: CollectorSetting) -> Self {
        let Private(Text(endpoint)) = setting.endpoint;
        let collector = setting.headers.given();
        let collector =
            collector.fold(Wire::otlp(endpoint), |collector, (name, value)| collector.header(name, value));
        match setting.gzip {
            Some(Read(compress)) => collector.gzip(compress),
            None => collector,
        }
    }
}

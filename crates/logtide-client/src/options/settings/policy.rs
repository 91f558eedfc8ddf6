//! Drop policies as they are written.

use serde::Deserialize;

use super::{
    duration::Span,
    text::{FromText, Read},
};
use crate::DropPolicy;

/// A policy that is read from `"newest"`, `"oldest"`, `"block:50ms"` or `{"block": "50ms"}`.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Policy {
    Block { block: Read<Span> },
    Text(Read<DropPolicy>),
}

impl FromText for DropPolicy {
    const EXPECTED: &'static str = "newest, oldest, or block with a duration as in block:50ms";

    fn from_text(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "newest" => Some(Self::Newest),
            "oldest" => Some(Self::Oldest),
            text => {
                let Span(timeout) = Span::from_text(text.strip_prefix("block:")?.trim_start())?;
                Some(Self::Block(timeout))
            }
        }
    }
}

impl From<Policy> for DropPolicy {
    fn from(policy: Policy) -> Self {
        match policy {
            Policy::Block { block: Read(Span(timeout)) } => Self::Block(timeout),
            Policy::Text(Read(policy)) => policy,
        }
    }
}

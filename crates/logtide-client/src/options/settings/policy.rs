//! Text form of drop policies.

use std::str::FromStr;

use logtide_core::ParseNameError;
use serde::Deserialize;

use super::{
    duration::Span,
    text::{FromText, Read, trim},
};
use crate::DropPolicy;

/// A policy read from `"newest"`, `"oldest"`, `"block:50ms"` or `{"block": "50ms"}`.
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

/// Parses `newest`, `oldest`, or `block` with a duration as in `block:50ms`.
impl FromStr for DropPolicy {
    type Err = ParseNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_text(trim(text)).ok_or(ParseNameError::new("drop policy", Self::EXPECTED))
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

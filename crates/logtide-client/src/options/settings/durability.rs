//! Text form of a durability.

use std::str::FromStr;

use logtide_core::ParseNameError;

use super::{
    duration::Span,
    text::{FromText, trim},
};
use crate::Durability;

impl FromText for Durability {
    const EXPECTED: &'static str = "always, never, or a duration such as \"1s\" or \"250ms\"";

    fn from_text(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "always" => Some(Self::Always),
            "never" => Some(Self::Never),
            text => Span::from_text(text).map(|Span(interval)| Self::Every(interval)),
        }
    }
}

/// Parses `always`, `never`, or a duration such as `1s`.
impl FromStr for Durability {
    type Err = ParseNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_text(trim(text)).ok_or(ParseNameError::new("durability", Self::EXPECTED))
    }
}

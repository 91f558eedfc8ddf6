//! Durabilities as they are written.

use super::{duration::Span, text::FromText};
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

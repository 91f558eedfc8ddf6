//! Errors of an entry.

use super::{
    frames::read_frame,
    layout::{AT_CALL_SITE, AT_FRAME},
    value::{byte, text},
};
use crate::Frame;

/// An error of an entry, with its causes.
#[derive(Clone, Copy, Debug)]
pub struct ErrorValue<'a> {
    /// Where it is reported.
    pub place: ErrorPlace<'a>,
    links: &'a [u8],
}

/// Where an error is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorPlace<'a> {
    /// Unknown.
    Unknown,
    /// At the entry's call site.
    CallSite,
    /// At this location.
    Frame(Frame<'a>),
}

impl<'a> ErrorValue<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let mut links = bytes;
        let place = match byte(&mut links) {
            Some(AT_CALL_SITE) => ErrorPlace::CallSite,
            Some(AT_FRAME) => read_frame(&mut links).map_or(ErrorPlace::Unknown, ErrorPlace::Frame),
            _ => ErrorPlace::Unknown,
        };
        Self { place, links }
    }

    /// Iterates over the name and message of the error and of each cause.
    pub fn links(self) -> impl Iterator<Item = (&'a str, &'a str)> + Clone {
        let mut rest = self.links;
        std::iter::from_fn(move || Some((text(&mut rest)?, text(&mut rest)?)))
    }
}

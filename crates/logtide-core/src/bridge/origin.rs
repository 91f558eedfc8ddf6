//! The origin of an event.

use crate::{Fields, Frame, IntoMetadata};

/// The origin of an event, written as `logger`, `module`, `file` and `line`.
///
/// `logger` is the field in which the SDKs of all languages write the logger, category or target. A module that
/// equals the logger is omitted.
///
/// ```
/// use logtide_core::{Metadata, bridge::Origin};
///
/// let mut origin = Origin::default();
/// (origin.logger, origin.module) = (Some("app::db"), Some("app::db"));
/// (origin.file, origin.line) = (Some("src/db.rs"), Some(12));
/// let metadata = Metadata::from_fields(origin);
/// assert_eq!(metadata.iter().map(|(key, _)| key).collect::<Vec<_>>(), ["file", "line", "logger"]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Origin<'a> {
    /// The name that the program filters by.
    pub logger: Option<&'a str>,
    /// The module's path.
    pub module: Option<&'a str>,
    /// The source file.
    pub file: Option<&'a str>,
    /// The line, from 1.
    pub line: Option<u32>,
}

impl<'a> Origin<'a> {
    /// The origin as the location of an error.
    #[must_use]
    pub fn frame(&self) -> Option<Frame<'a>> {
        self.file?;
        let mut frame = Frame::default();
        (frame.file, frame.line) = (self.file, self.line);
        Some(frame)
    }
}

impl<'a> Origin<'a> {
    /// The fields that are texts.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&'static str, &'a str)> {
        let texts = [
            ("logger", self.logger),
            ("module", self.module.filter(|_| self.module != self.logger)),
            ("file", self.file),
        ];
        texts.into_iter().filter_map(|(key, text)| Some((key, text?)))
    }

    /// Returns the origin without module, file and line.
    #[must_use]
    pub fn without_place(self) -> Self {
        Self { logger: self.logger, ..Self::default() }
    }
}

impl IntoMetadata for Origin<'_> {
    fn write_to(self, fields: &mut Fields<'_>) {
        for (key, text) in self.texts() {
            fields.field(key, text);
        }
        if let Some(line) = self.line {
            fields.field("line", &line);
        }
    }
}

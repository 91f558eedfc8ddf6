//! Where an event of a framework comes from.

use crate::{Fields, Frame, IntoMetadata};

/// Where an event comes from, written as `logger`, `module`, `file` and `line`.
///
/// `logger` is the name under which the SDKs of all languages write what frameworks call logger, category or target. A module that is
/// the logger's name is not written a second time.
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
    /// The line in it, from 1.
    pub line: Option<u32>,
}

impl<'a> Origin<'a> {
    /// The origin as the place of an error.
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

    /// The same without module, file and line.
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

//! A stack frame.

use std::panic::Location;

use serde::Serialize;

/// A stack frame: the function, and the location in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Frame<'a> {
    /// The source file, relative to the working directory if it is below it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<&'a str>,
    /// The path of the function.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function: Option<&'a str>,
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The column, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
}

/// The path before `library/` of a standard library file: where the compiler was built, or where it is installed.
const TOOLCHAIN: [&str; 2] = ["/rustc/", "/rustlib/src/rust/"];

impl Frame<'_> {
    /// Returns the frame with the path of a standard library file shortened, as in `library/alloc/src/vec/mod.rs`.
    /// The rest of the path depends on the compiler, and the server groups by it.
    pub(crate) fn without_toolchain(mut self) -> Self {
        self.file = self.file.map(|file| match file.find("library") {
            Some(start) if TOOLCHAIN.iter().any(|part| has_part(file, part)) => &file[start..],
            _ => file,
        });
        self
    }

    /// Writes the frame as a line of a stack, preceded by a line end.
    pub(crate) fn write_line(&self, text: &mut String) {
        text.push_str("\n    at ");
        match self.function {
            Some(function) if self.has_place() => {
                text.push_str(function);
                text.push_str(" (");
                self.write_place(text);
                text.push(')');
            }
            Some(function) => text.push_str(function),
            None => self.write_place(text),
        }
    }

    /// `file:line:column`, as far as it is known.
    pub(crate) fn place(&self) -> String {
        let mut place = String::new();
        self.write_place(&mut place);
        place
    }

    fn has_place(&self) -> bool {
        self.file.is_some_and(|file| !file.is_empty()) || self.line.is_some() || self.column.is_some()
    }

    fn write_place(&self, text: &mut String) {
        text.push_str(self.file.unwrap_or_default());
        for number in [self.line, self.column].into_iter().flatten() {
            text.push(':');
            text.push_str(itoa::Buffer::new().format(number));
        }
    }
}

impl<'a> From<&'a Location<'_>> for Frame<'a> {
    fn from(location: &'a Location<'_>) -> Self {
        Self {
            file: Some(location.file()),
            function: None,
            line: Some(location.line()),
            column: Some(location.column()),
        }
    }
}

/// Whether a path has this part, with slashes of either kind.
fn has_part(file: &str, part: &str) -> bool {
    let slash = |byte: &u8| if *byte == b'\\' { b'/' } else { *byte };
    file.as_bytes().windows(part.len()).any(|bytes| bytes.iter().map(slash).eq(part.bytes()))
}

//! One call.

use std::panic::Location;

use serde::Serialize;

/// One call of a stack: which function, and where it stood at that moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Frame<'a> {
    /// The source file: relative to the working directory where it lies below it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<&'a str>,
    /// The function's path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function: Option<&'a str>,
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The column, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
}

/// What a file of the standard library has in front of `library/`: where the compiler was built, or where it is installed.
const TOOLCHAIN: [&str; 2] = ["/rustc/", "/rustlib/src/rust/"];

impl Frame<'_> {
    /// The frame with a file of the standard library named as from its root, as `library/alloc/src/vec/mod.rs`. The rest of its path
    /// changes with the compiler, and the server groups by it.
    pub(crate) fn without_toolchain(mut self) -> Self {
        self.file = self.file.map(|file| {
            let is_of_toolchain = TOOLCHAIN.iter().any(|part| file.replace('\\', "/").contains(part));
            let start = file.find("library").filter(|_| is_of_toolchain);
            &file[start.unwrap_or(0)..]
        });
        self
    }

    /// The frame as a line of a stack, with the line end in front.
    pub(crate) fn line_of_stack(&self) -> String {
        let place = self.place();
        match (self.function, place.is_empty()) {
            (Some(function), true) => format!("\n    at {function}"),
            (Some(function), false) => format!("\n    at {function} ({place})"),
            (None, _) => format!("\n    at {place}"),
        }
    }

    /// `file:line:column`, as far as it is known.
    pub(crate) fn place(&self) -> String {
        let mut place = self.file.unwrap_or_default().to_owned();
        for number in [self.line, self.column].into_iter().flatten() {
            place.push(':');
            place.push_str(&number.to_string());
        }
        place
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

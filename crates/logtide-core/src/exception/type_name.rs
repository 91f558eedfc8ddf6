//! Names of error types.
//!
//! The only source for the type of an error behind `dyn Error` is its `Debug` form. That form is used for every
//! error, even if the compiler knows the type. The server groups by the name, so the name must not depend on how the
//! error is passed.

use std::{
    error::Error,
    fmt::{self, Write},
};

use crate::record::Guarded;

/// The maximum length of the name in bytes: the server records no exception with a longer type.
const MAX_LENGTH: usize = 255;

/// The name of an error whose `Debug` form does not start with the name of a type.
const UNKNOWN: &str = "Error";

/// Returns the name of an error's type as it appears in entries: what its `Debug` form starts with, or `Error`.
///
/// `#[derive(Debug)]` writes the name of the struct or of the enum's variant, followed by `(` or ` {` if there are
/// fields. Anything else is not taken for a name: errors whose `Debug` form is their message are called `Error`.
#[must_use]
pub fn error_type<E: Error + ?Sized>(error: &E) -> String {
    let mut start = Start::default();
    // The writer stops formatting with an error as soon as the name is complete.
    let _ = write!(start, "{}", Guarded(format_args!("{error:?}")));
    start.into_name().unwrap_or_else(|| UNKNOWN.to_owned())
}

/// Accepts the path at the start of a text, and as much of what follows as is needed to decide whether it is a
/// type's. Rejects the rest.
#[derive(Default)]
struct Start {
    path: String,
    after: After,
}

/// What follows the path.
#[derive(Default, PartialEq, Eq)]
enum After {
    /// The text ends here so far.
    #[default]
    Nothing,
    /// A space, which may be followed by named fields.
    Space,
    Fields,
    Other,
}

impl Start {
    fn push(&mut self, character: char) -> fmt::Result {
        self.after = match (&self.after, character) {
            (After::Nothing, _) if character.is_alphanumeric() || matches!(character, '_' | ':') => {
                self.path.push(character);
                return if self.path.len() > MAX_LENGTH { Err(fmt::Error) } else { Ok(()) };
            }
            (After::Nothing, ' ') => After::Space,
            (After::Nothing, '(') | (After::Space, '{') => After::Fields,
            _ => After::Other,
        };
        if self.after == After::Space { Ok(()) } else { Err(fmt::Error) }
    }

    fn into_name(self) -> Option<String> {
        let is_complete = matches!(self.after, After::Nothing | After::Fields);
        let is_path = self.path.split("::").all(is_identifier);
        let is_type = self.path.rsplit("::").next().is_some_and(|name| name.starts_with(char::is_uppercase));
        (is_complete && is_path && is_type && self.path.len() <= MAX_LENGTH).then_some(self.path)
    }
}

impl Write for Start {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|character| self.push(character))
    }
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphabetic() || first == '_') && !text.contains(':')
}

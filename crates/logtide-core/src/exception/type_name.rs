//! Names of error types.
//!
//! An error behind `dyn Error` tells its type only through its `Debug` form. So that name is used in every case, also where the
//! compiler knows another: the same error has one name however it is passed, and the server groups by it.

use std::{
    error::Error,
    fmt::{self, Write},
};

use crate::record::Guarded;

/// Bytes of a type's name: the server records no exception whose type is longer.
const MAX_LENGTH: usize = 255;

/// The name of an error whose `Debug` form does not begin with a type's name.
const UNKNOWN: &str = "Error";

/// The name of an error's type, as its entries have it: what its `Debug` form begins with, else `Error`.
///
/// `#[derive(Debug)]` writes the name of the struct or of the enum's variant, and `(` or ` {` where fields follow. Whatever does not
/// look like that is not taken for a name: errors whose `Debug` form is their message are all called `Error`.
#[must_use]
pub fn error_type<E: Error + ?Sized>(error: &E) -> String {
    let mut start = Start::default();
    // Ends with an error as soon as it is clear what the name is.
    let _ = write!(start, "{}", Guarded(format_args!("{error:?}")));
    start.into_name().unwrap_or_else(|| UNKNOWN.to_owned())
}

/// Takes the path at the start of a text, and as much of what follows as tells whether it is a type's. Refuses the rest.
#[derive(Default)]
struct Start {
    path: String,
    after: After,
}

/// What follows the path.
#[derive(Default, PartialEq, Eq)]
enum After {
    /// The text ends there, so far.
    #[default]
    Nothing,
    /// A space, which may be the one in front of named fields.
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

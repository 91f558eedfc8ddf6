//! Names of error types.

use std::{
    error::Error,
    fmt::{self, Write},
};

use crate::encode::Guarded;

/// Bytes of a type's name: the server records no exception whose type is longer.
const MAX_LENGTH: usize = 255;

/// The name of an error's type; behind `dyn Error` it is read off the start of its `Debug` form.
pub(super) fn type_name<E: Error + ?Sized>(error: &E) -> String {
    let name = std::any::type_name::<E>();
    if !name.starts_with("dyn ") {
        return name[..name.floor_char_boundary(MAX_LENGTH)].to_owned();
    }
    let mut start = Identifier::default();
    // Ends with an error at the first character that is not part of the name.
    let _ = write!(start, "{}", Guarded(format_args!("{error:?}")));
    if start.0.is_empty() { "Error".to_owned() } else { start.0 }
}

/// Takes the identifier at the start of a text, and refuses the rest of it.
#[derive(Default)]
struct Identifier(String);

impl Write for Identifier {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = text
            .find(|character: char| !(character.is_alphanumeric() || character == '_'))
            .unwrap_or(text.len());
        let end = text.floor_char_boundary(end.min(MAX_LENGTH.saturating_sub(self.0.len())));
        self.0.push_str(&text[..end]);
        if end == text.len() { Ok(()) } else { Err(fmt::Error) }
    }
}

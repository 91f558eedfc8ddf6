//! Errors as metadata.

mod type_name;

use std::{
    error::Error,
    fmt::{self, Display},
    panic::Location,
};

use serde::{
    Serialize, Serializer,
    ser::{SerializeMap as _, SerializeSeq as _},
};

use self::type_name::type_name;
use crate::{Fields, IntoMetadata};

/// Causes that are followed from an error: those further down rarely say more, and a chain may be a circle.
pub const MAX_CAUSES: usize = 10;

/// Writes `error` (`name`, `message`, `stack`), the form that the SDKs document, and `exception`, the form that the
/// server groups by.
impl<E: Error + ?Sized> IntoMetadata for &E {
    fn write_to(self, fields: &mut Fields<'_>) {
        let name = type_name(self);
        let location = fields.location();
        fields.field("error", &Summary { name: &name, error: self, location });
        fields.field(
            "exception",
            &Exception { name: &name, message: self, cause: self.source(), location, depth: 0 },
        );
    }
}

struct Summary<'a, E: ?Sized> {
    name: &'a str,
    error: &'a E,
    location: Option<&'static Location<'static>>,
}

impl<E: Error + ?Sized> Serialize for Summary<'_, E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", self.name)?;
        map.serialize_entry("message", &Text(self.error, self.name))?;
        map.serialize_entry("stack", &Displayed(Stack(self)))?;
        map.end()
    }
}

/// The error, its causes and the place of the log call, a line each.
struct Stack<'a, E: ?Sized>(&'a Summary<'a, E>);

impl<E: Error + ?Sized> Display for Stack<'_, E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.0.name, self.0.error)?;
        let mut cause = self.0.error.source();
        for _ in 0..MAX_CAUSES {
            let Some(error) = cause else { break };
            write!(formatter, "\ncaused by: {error}")?;
            cause = error.source();
        }
        match self.0.location {
            Some(location) => write!(formatter, "\n    at {location}"),
            None => Ok(()),
        }
    }
}

struct Exception<'a, M: ?Sized> {
    name: &'a str,
    message: &'a M,
    cause: Option<&'a (dyn Error + 'static)>,
    location: Option<&'static Location<'static>>,
    depth: usize,
}

impl<M: Display + ?Sized> Serialize for Exception<'_, M> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", self.name)?;
        map.serialize_entry("message", &Text(self.message, self.name))?;
        map.serialize_entry("language", "rust")?;
        if let Some(location) = self.location {
            map.serialize_entry("stacktrace", &Frames(location))?;
        }
        if let Some(cause) = self.cause.filter(|_| self.depth < MAX_CAUSES) {
            let name = type_name(cause);
            let depth = self.depth + 1;
            map.serialize_entry(
                "cause",
                &Exception { name: &name, message: cause, cause: cause.source(), location: None, depth },
            )?;
        }
        map.end()
    }
}

/// The one frame that is always known: the log call's place.
struct Frames(&'static Location<'static>);

impl Serialize for Frames {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Frame<'a> {
            file: &'a str,
            line: u32,
            column: u32,
        }
        let mut frames = serializer.serialize_seq(Some(1))?;
        frames.serialize_element(&Frame {
            file: self.0.file(),
            line: self.0.line(),
            column: self.0.column(),
        })?;
        frames.end()
    }
}

/// A message, or the type's name where the message is blank: the server records no exception without one.
struct Text<'a, M: ?Sized>(&'a M, &'a str);

impl<M: Display + ?Sized> Serialize for Text<'_, M> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let message = self.0.to_string();
        serializer.serialize_str(if message.trim().is_empty() { self.1 } else { &message })
    }
}

struct Displayed<D>(D);

impl<D: Display> Serialize for Displayed<D> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

#[cfg(test)]
mod tests;

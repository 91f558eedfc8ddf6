//! JSON as the server's JavaScript reads it: doubles only, lone surrogates allowed, `__proto__` left out.

mod parse;
mod write;

use std::borrow::Cow;

pub(crate) use parse::{ParseError, parse};
pub(crate) use write::{write, write_object};

/// A JSON value that borrows from the text if possible.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    Number(f64),
    String(Text<'a>),
    Array(Vec<Self>),
    Object(Object<'a>),
}

/// A string as JavaScript has it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Text<'a> {
    /// The text, each lone surrogate replaced by U+FFFD.
    pub(crate) text: Cow<'a, str>,
    /// Whether a lone surrogate was replaced.
    pub(crate) lone_surrogate: bool,
}

/// The members of an object in the order of the text, repeated keys included.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Object<'a> {
    pub(crate) members: Vec<(Text<'a>, Value<'a>)>,
}

impl From<&'static str> for Text<'_> {
    fn from(text: &'static str) -> Self {
        Self { text: text.into(), lone_surrogate: false }
    }
}

impl From<String> for Text<'_> {
    fn from(text: String) -> Self {
        Self { text: text.into(), lone_surrogate: false }
    }
}

impl<'a> Object<'a> {
    /// The value of a key; of repeated keys the last one wins.
    pub(crate) fn get(&self, key: &str) -> Option<&Value<'a>> {
        self.members.iter().rev().find(|(name, _)| name.text == key).map(|(_, value)| value)
    }
}

impl<'a> Value<'a> {
    pub(crate) fn as_object(&self) -> Option<&Object<'a>> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    pub(crate) fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(&text.text),
            _ => None,
        }
    }
}

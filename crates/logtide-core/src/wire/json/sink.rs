//! Sinks for metadata.

mod json_text;
mod outside;
mod tree;

pub(super) use self::{json_text::JsonText, outside::Outside, tree::Tree};
use super::{name::Name, rendered::Rendered};

/// Receives metadata in which everything but NUL is fixed. A sink writes NUL as U+FFFD. Each field has one value.
pub(super) trait Sink {
    /// Starts a field of the entry, or of what [`open_fields`](Self::open_fields) opened. Returns false if there is
    /// one with that name already, and then no value may follow.
    fn field(&mut self, name: &Name) -> bool;

    /// Opens an object in which each name is written once.
    fn open_fields(&mut self);

    /// Closes it.
    fn close_fields(&mut self);

    /// Adds rendered fields, or none and returns false.
    fn copy(&mut self, rendered: &Rendered) -> bool;

    /// Like [`copy`](Self::copy), for the last fields of the entry.
    fn copy_last(&mut self, rendered: &Rendered) -> bool {
        self.copy(rendered)
    }

    /// Opens any other object, in which a name may occur more than once.
    fn open_object(&mut self);

    /// Starts a field of it.
    fn key(&mut self, key: &str);

    /// Closes it.
    fn close_object(&mut self);

    /// Opens an array.
    fn open_array(&mut self);

    /// Starts an element of it.
    fn element(&mut self);

    /// Closes it.
    fn close_array(&mut self);

    /// Adds null.
    fn null(&mut self);

    /// Adds a boolean.
    fn bool(&mut self, value: bool);

    /// Adds a valid JSON number.
    fn number(&mut self, digits: &str);

    /// Adds an integer.
    #[inline]
    fn integer(&mut self, value: i64) {
        self.number(itoa::Buffer::new().format(value));
    }

    /// Adds a finite float.
    #[inline]
    fn float(&mut self, value: f64) {
        self.number(zmij::Buffer::new().format_finite(value));
    }

    /// Whether it accepts integers that a double cannot represent.
    fn takes_large(&self) -> bool {
        false
    }

    /// Adds a text of two parts.
    fn text_and_end(&mut self, text: &str, end: &str);

    /// Adds a value unchanged.
    fn value(&mut self, value: serde_json::Value);

    /// Whether it accepts the bytes of a text with [`plain`](Self::plain).
    fn takes_plain(_: &[u8]) -> bool {
        false
    }

    /// Adds a text of such bytes.
    fn plain(&mut self, _: &[u8]) {}

    /// Adds a text.
    #[inline]
    fn text(&mut self, text: &str) {
        self.text_and_end(text, "");
    }
}

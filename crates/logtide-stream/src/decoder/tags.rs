//! The name and id of an event.

use super::{Frame, field::Field};

/// The longest name or id, in bytes. An id is sent back in a header, and servers accept headers of about 8 KiB.
const MAX_TAG_BYTES: usize = 4 << 10;

/// The name of an event without one.
const DEFAULT_NAME: &str = "message";

/// The name and the id.
#[derive(Default)]
pub(super) struct Tags {
    name: String,
    id: String,
}

impl Tags {
    /// Applies a field that is not data. Returns whether it is within the limit.
    #[must_use]
    pub(super) fn apply(&mut self, field: Field<'_>, each: &mut impl FnMut(Frame<'_>)) -> bool {
        match field {
            Field::Name(name) => return set(&mut self.name, name),
            Field::Id(id) => return set(&mut self.id, id),
            Field::Comment(text) => each(Frame::Comment(text)),
            Field::Retry(wait) => each(Frame::Retry(wait)),
            Field::Data(_) | Field::Ignored => {}
        }
        true
    }

    /// The name of the event, or the default.
    pub(super) fn name(&self) -> &str {
        if self.name.is_empty() { DEFAULT_NAME } else { &self.name }
    }

    /// The last id.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Ends the event: its name is cleared, its id stays.
    pub(super) fn end_event(&mut self) {
        self.name.clear();
    }
}

fn set(tag: &mut String, value: &str) -> bool {
    let fits = value.len() <= MAX_TAG_BYTES;
    if fits {
        tag.clear();
        tag.push_str(value);
    }
    fits
}

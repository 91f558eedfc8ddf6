//! The id and number of an entry, in its metadata.

use super::fixed_name::FixedName;
use crate::{EventId, Identity, Value};

/// Where the text of an event id is written.
#[derive(Debug)]
pub(super) struct IdText([u8; EventId::CHARACTERS]);

impl Default for IdText {
    fn default() -> Self {
        Self([0; EventId::CHARACTERS])
    }
}

/// The fields that there are, with their values.
pub(super) fn fields_of(
    identity: Identity,
    text: &mut IdText,
) -> impl Iterator<Item = (FixedName, Value<'_>)> {
    let id = identity.event_id.map(|id| (FixedName::EVENT_ID, Value::Text(id.write(&mut text.0))));
    let number = identity.sequence.map(|number| (FixedName::SEQUENCE, Value::Unsigned(number)));
    id.into_iter().chain(number)
}

#[cfg(test)]
mod tests;

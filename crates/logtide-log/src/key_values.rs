//! The key-values of a record.

use log::{
    Record,
    kv::{Error, Key, Value, VisitSource},
};
use logtide_core::{
    Fields, IntoMetadata,
    bridge::{Overrides, catch},
};

/// The text of `metadata.logtide_error` if the source of the key-values panicked.
const PANICKED: &str = "the key-values panicked while they were read";

/// Extracts the overrides from a record's key-values, by keys that start with the prefix.
pub(crate) fn take<'k>(prefix: &'k str, record: &Record<'_>) -> Overrides<'k> {
    let mut taker = Taker(Overrides::new(prefix, None));
    if is_plain(record) {
        return taker.0;
    }
    // If the source fails or panics, the overrides up to that point are used.
    let _ = catch(|| record.key_values().visit(&mut taker));
    taker.0
}

/// Whether a record has no key-values. A source that cannot tell counts as having some.
fn is_plain(record: &Record<'_>) -> bool {
    catch(|| record.key_values().count()).is_ok_and(|count| count == 0)
}

struct Taker<'k>(Overrides<'k>);

impl<'kvs> VisitSource<'kvs> for Taker<'_> {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), Error> {
        let key = key.as_str();
        if self.0.knows(key) {
            if let Some(flag) = value.to_bool() {
                self.0.flag(key, flag);
            } else if !is_number(&value) {
                // Numbers are not texts, and stay in the metadata.
                self.0.text(key, value);
            }
        }
        Ok(())
    }
}

/// Each conversion to a number rejects some numbers: the one to a float rejects whole numbers of more than 32 bits.
fn is_number(value: &Value<'_>) -> bool {
    value.to_f64().is_some() || value.to_i128().is_some() || value.to_u128().is_some()
}

/// The metadata of a record. Its own values come first, so they take precedence.
pub(crate) struct OfRecord<'a> {
    pub(crate) record: &'a Record<'a>,
    pub(crate) overrides: &'a Overrides<'a>,
}

impl IntoMetadata for OfRecord<'_> {
    fn write_to(self, fields: &mut Fields<'_>) {
        if is_plain(self.record) {
            return;
        }
        let mut recorder =
            Recorder { fields, overrides: self.overrides, has_error: false, is_writing: false };
        let visited = catch(|| self.record.key_values().visit(&mut recorder).is_ok());
        let is_writing = recorder.is_writing;
        match visited {
            // The field is incomplete, so the client must start the metadata again.
            Err(panic) if is_writing => panic.resume(),
            Err(_) => fields.field("logtide_error", PANICKED),
            Ok(_) => {}
        }
    }
}

struct Recorder<'r, 'f> {
    fields: &'r mut Fields<'f>,
    overrides: &'r Overrides<'r>,
    has_error: bool,
    is_writing: bool,
}

impl<'kvs> VisitSource<'kvs> for Recorder<'_, '_> {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), Error> {
        let key = key.as_str();
        self.is_writing = true;
        match value.to_borrowed_error() {
            Some(error) if !self.has_error => {
                self.has_error = true;
                error.write_to(self.fields);
            }
            Some(error) => self.fields.display(key, error),
            None if !self.overrides.took(key) => self.fields.field(key, &value),
            None => {}
        }
        self.is_writing = false;
        Ok(())
    }
}

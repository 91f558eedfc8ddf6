//! The server's receipt for a batch.

use std::fmt;

use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor},
};

/// `{"received":3,"timestamp":"…","rejected":[{"index":0,"reason":"…"}]}`
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Receipt {
    /// How many entries the server accepted.
    pub(super) received: usize,
    /// How many it reports as rejected.
    pub(super) rejected: usize,
}

impl Receipt {
    /// Reads the receipt at the start of a body and ignores what follows it. `None` is an empty object, which gives
    /// no counts. If only the beginning of the body is known, it must contain all digits of the count.
    ///
    /// # Errors
    ///
    /// The body does not start with a receipt.
    pub(super) fn read(body: &[u8], is_whole: bool) -> Result<Option<Self>, serde_json::Error> {
        let mut seen = Seen::default();
        let mut reader = serde_json::Deserializer::from_slice(body);
        match seen.deserialize(&mut reader) {
            Err(error) if is_whole || !error.is_eof() => return Err(error),
            _ => {}
        }
        // If the body is truncated, a number at its end may be incomplete.
        let is_cut_number = !is_whole && seen.ends_in_received && body.last().is_some_and(u8::is_ascii_digit);
        match seen.received.filter(|_| !is_cut_number) {
            Some(received) => Ok(Some(Self { received, rejected: seen.rejected.unwrap_or_default().len() })),
            None if is_whole && !seen.has_fields => Ok(None),
            None => Err(Error::missing_field("received")),
        }
    }
}

/// What is known of a receipt while it is read.
#[derive(Default)]
struct Seen {
    has_fields: bool,
    /// Whether nothing follows the number so far.
    ends_in_received: bool,
    received: Option<usize>,
    rejected: Option<Vec<IgnoredAny>>,
}

impl<'de> DeserializeSeed<'de> for &mut Seen {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for &mut Seen {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the receipt of a LogTide server")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        while let Some(name) = fields.next_key::<String>()? {
            self.has_fields = true;
            self.ends_in_received = false;
            match name.as_str() {
                "received" => {
                    self.received = Some(fields.next_value()?);
                    self.ends_in_received = true;
                }
                "rejected" => self.rejected = fields.next_value()?,
                _ => {
                    let _: IgnoredAny = fields.next_value()?;
                }
            }
        }
        Ok(())
    }
}

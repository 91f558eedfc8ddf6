//! Owned ids.

use std::{fmt, ops::Deref};

use uuid::{Uuid, fmt::Hyphenated};

use super::{SpanId, TraceId};
use crate::Id;

/// The longest text that needs no allocation: a UUID with dashes.
const SHORT: usize = 36;

/// The id of a trace, span or session that is kept: one of the form that the server wants, or any text.
///
/// A text of up to 36 bytes, such as a UUID with dashes, needs no allocation.
///
/// ```
/// use logtide_core::{OwnedId, TraceId};
///
/// let id = OwnedId::<TraceId>::from("4bf92f3577b34da6a3ce929d0e0e4736");
/// assert_eq!(id, "4bf92f3577b34da6a3ce929d0e0e4736");
/// assert!(id.w3c().is_some() && OwnedId::<TraceId>::from("legacy-123").w3c().is_none());
/// ```
#[derive(Clone)]
pub struct OwnedId<T>(Form<T>);

#[derive(Clone)]
enum Form<T> {
    Short { w3c: Option<T>, text: [u8; SHORT], length: u8 },
    Long(Box<str>),
}

impl OwnedId<TraceId> {
    /// Returns an id of the W3C form: the id itself, or one derived from its text, which is always the same for the
    /// same text.
    ///
    /// The derived id is the 128-bit FNV-1a hash of the text.
    #[must_use]
    pub fn to_w3c(&self) -> TraceId {
        const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
        const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
        let add = |hash: u128, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME);
        self.w3c().unwrap_or_else(|| TraceId::from_random(self.as_str().bytes().fold(BASIS, add)))
    }
}

impl<T: Copy> OwnedId<T> {
    /// The text of the id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Form::Short { text, length, .. } => text
                .get(..usize::from(*length))
                .and_then(|text| std::str::from_utf8(text).ok())
                .unwrap_or_default(),
            Form::Long(text) => text,
        }
    }

    /// The id, where it is of the form that the server wants: for traces and spans that of W3C Trace Context, for sessions a UUID.
    #[must_use]
    pub const fn w3c(&self) -> Option<T> {
        match self.0 {
            Form::Short { w3c, .. } => w3c,
            Form::Long(_) => None,
        }
    }

    /// The same, borrowed.
    #[must_use]
    #[inline]
    pub fn as_id(&self) -> Id<'_, T> {
        self.w3c().map_or_else(|| Id::Text(self.as_str()), Id::W3c)
    }

    fn new(text: &str, w3c: Option<T>) -> Self {
        let mut short = [0; SHORT];
        Self(match short.get_mut(..text.len()) {
            Some(start) => {
                start.copy_from_slice(text.as_bytes());
                Form::Short { w3c, text: short, length: text.len() as u8 }
            }
            None => Form::Long(text.into()),
        })
    }
}

impl<T: Copy> PartialEq for OwnedId<T> {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl<T: Copy> Eq for OwnedId<T> {}

impl<T: Copy> PartialEq<str> for OwnedId<T> {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl<T: Copy> PartialEq<&str> for OwnedId<T> {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl<T: Copy> Deref for OwnedId<T> {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl<T: Copy> AsRef<str> for OwnedId<T> {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl<T: Copy> fmt::Display for OwnedId<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl<T: Copy> fmt::Debug for OwnedId<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), formatter)
    }
}

impl<T: Copy> From<OwnedId<T>> for String {
    fn from(id: OwnedId<T>) -> Self {
        id.as_str().to_owned()
    }
}

macro_rules! owned_ids {
    ($($name:ident),*) => {$(
        impl From<$name> for OwnedId<$name> {
            fn from(id: $name) -> Self {
                Self::new(id.write(&mut [0; $name::DIGITS]), Some(id))
            }
        }

        impl From<&str> for OwnedId<$name> {
            fn from(text: &str) -> Self {
                Self::new(text, text.parse().ok())
            }
        }

        impl From<&String> for OwnedId<$name> {
            fn from(text: &String) -> Self {
                text.as_str().into()
            }
        }

        impl From<String> for OwnedId<$name> {
            fn from(text: String) -> Self {
                text.as_str().into()
            }
        }
    )*};
}

owned_ids!(TraceId, SpanId);

/// The id of a session. A UUID is written with dashes and in lower case, as the server wants it, whatever the form of the text.
impl From<Uuid> for OwnedId<Uuid> {
    fn from(id: Uuid) -> Self {
        Self::new(id.hyphenated().encode_lower(&mut [0; Hyphenated::LENGTH]), Some(id))
    }
}

impl From<&str> for OwnedId<Uuid> {
    fn from(text: &str) -> Self {
        Uuid::try_parse(text).map_or_else(|_| Self::new(text, None), Self::from)
    }
}

impl From<&String> for OwnedId<Uuid> {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<String> for OwnedId<Uuid> {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_in_any_form_of_a_uuid_has_dashes() {
        let id = uuid::uuid!("5f0c6f7e-0c1a-4d0a-9d8e-2c3b4a5d6e7f");
        for text in [id.to_string(), id.simple().to_string(), id.to_string().to_uppercase()] {
            assert_eq!(OwnedId::<Uuid>::from(text), OwnedId::from(id));
        }
        assert_eq!(OwnedId::<Uuid>::from("cart 7"), "cart 7");
    }

    #[test]
    fn texts_of_any_length_are_kept() {
        for length in [0, 1, 31, 32, 33, SHORT, SHORT + 1, 256] {
            let text = "a".repeat(length);
            let id = OwnedId::<TraceId>::from(&text);
            assert_eq!((id.as_str(), id.is_empty()), (text.as_str(), length == 0));
            assert_eq!(id.w3c(), text.parse().ok());
            assert_eq!(matches!(id.as_id(), Id::W3c(_)), length == 32);
            assert_eq!((id.clone(), id.to_string()), (id, text));
        }
    }

    #[test]
    fn an_id_and_its_text_are_the_same() {
        let id = SpanId::from_random(0x00f0_67aa_0ba9_02b7);
        assert_eq!(OwnedId::from(id), OwnedId::from("00f067aa0ba902b7"));
        assert_eq!(OwnedId::<SpanId>::from("00f067aa0ba902b7").w3c(), Some(id));
    }
}

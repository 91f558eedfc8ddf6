//! Values of a record.

use super::layout::{
    ARRAY, F32, F64, FALSE, I32, I64, I128, NULL, NUMBER, OBJECT, TEXT_8, TEXT_32, TOO_DEEP, TRUE, U8, U32,
    U64, U128, UNSERIALIZABLE,
};

/// A value of a field.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// None, or no value.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer that is not negative.
    Unsigned(u64),
    /// A negative integer.
    Signed(i64),
    /// An unsigned integer of 128 bits.
    Unsigned128(u128),
    /// A signed integer of 128 bits.
    Signed128(i128),
    /// A float of 32 bits.
    F32(f32),
    /// A float of 64 bits.
    F64(f64),
    /// A text.
    Text(&'a str),
    /// A number as its digits, which may not be valid JSON.
    Number(&'a str),
    /// An array.
    Array(Values<'a>),
    /// An object.
    Object(Entries<'a>),
    /// A value that is nested deeper than [`MAX_METADATA_DEPTH`](crate::limits::MAX_METADATA_DEPTH).
    TooDeep,
    /// A value whose serialization failed, and why.
    Unserializable(&'a str),
}

/// The values of an array.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Values<'a>(&'a [u8]);

/// The fields of an object, in the order in which they were written. A name may occur several times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entries<'a>(&'a [u8]);

impl<'a> Value<'a> {
    /// The value at the start of some bytes.
    pub(crate) fn first(mut bytes: &'a [u8]) -> Option<Self> {
        Self::read(&mut bytes)
    }

    /// Removes the value at the start of some bytes.
    #[inline]
    pub(super) fn read(rest: &mut &'a [u8]) -> Option<Self> {
        let tag = byte(rest)?;
        Some(match tag {
            NULL => Self::Null,
            FALSE => Self::Bool(false),
            TRUE => Self::Bool(true),
            U8 => Self::Unsigned(byte(rest)?.into()),
            U32 => Self::Unsigned(u32::from_le_bytes(array(rest)?).into()),
            U64 => Self::Unsigned(u64::from_le_bytes(array(rest)?)),
            I32 => Self::Signed(i32::from_le_bytes(array(rest)?).into()),
            I64 => Self::Signed(i64::from_le_bytes(array(rest)?)),
            U128 => Self::Unsigned128(u128::from_le_bytes(array(rest)?)),
            I128 => Self::Signed128(i128::from_le_bytes(array(rest)?)),
            F32 => Self::F32(f32::from_le_bytes(array(rest)?)),
            F64 => Self::F64(f64::from_le_bytes(array(rest)?)),
            TEXT_8 => Self::Text(short_text(rest)?),
            TEXT_32 => Self::Text(long_text(rest)?),
            NUMBER => Self::Number(long_text(rest)?),
            ARRAY => Self::Array(Values(part(rest)?)),
            OBJECT => Self::Object(Entries(part(rest)?)),
            TOO_DEEP => Self::TooDeep,
            UNSERIALIZABLE => Self::Unserializable(long_text(rest)?),
            _ => return None,
        })
    }
}

impl<'a> Entries<'a> {
    /// The bytes after the first name, if there is one.
    pub(super) fn without_name(self) -> Option<&'a [u8]> {
        let mut rest = self.0;
        text(&mut rest)?;
        Some(rest)
    }
}

impl<'a> Iterator for Values<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        Value::read(&mut self.0)
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = (&'a str, Value<'a>);

    fn next(&mut self) -> Option<(&'a str, Value<'a>)> {
        Some((text(&mut self.0)?, Value::read(&mut self.0)?))
    }
}

/// Removes a text.
#[inline]
pub(super) fn text<'a>(rest: &mut &'a [u8]) -> Option<&'a str> {
    match byte(rest)? {
        TEXT_8 => short_text(rest),
        TEXT_32 => long_text(rest),
        _ => None,
    }
}

/// Like [`text`], without checking that it is UTF-8.
pub(super) fn skip_text(rest: &mut &[u8]) -> Option<()> {
    match byte(rest)? {
        TEXT_8 => {
            let length = byte(rest)?.into();
            take(rest, length)
        }
        TEXT_32 => part(rest),
        _ => None,
    }
    .map(drop)
}

#[inline]
pub(super) fn short_text<'a>(rest: &mut &'a [u8]) -> Option<&'a str> {
    let length = byte(rest)?.into();
    std::str::from_utf8(take(rest, length)?).ok()
}

pub(super) fn long_text<'a>(rest: &mut &'a [u8]) -> Option<&'a str> {
    std::str::from_utf8(part(rest)?).ok()
}

/// Removes as many bytes as the number before them says.
#[inline]
pub(super) fn part<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = u32::from_le_bytes(array(rest)?);
    take(rest, length as usize)
}

#[inline]
pub(super) fn array<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    chunk(rest).copied()
}

#[inline]
pub(super) fn chunk<'a, const N: usize>(rest: &mut &'a [u8]) -> Option<&'a [u8; N]> {
    let (chunk, behind) = rest.split_first_chunk::<N>()?;
    *rest = behind;
    Some(chunk)
}

#[inline]
pub(super) fn byte(rest: &mut &[u8]) -> Option<u8> {
    let (byte, behind) = rest.split_first()?;
    *rest = behind;
    Some(*byte)
}

#[inline]
fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, behind) = rest.split_at_checked(length)?;
    *rest = behind;
    Some(taken)
}

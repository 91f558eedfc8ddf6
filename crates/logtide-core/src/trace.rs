//! Trace and span ids of the W3C Trace Context form.

mod owned_id;
#[cfg(feature = "random")]
mod random;

use std::{
    fmt,
    num::{NonZeroU64, NonZeroU128},
    str::FromStr,
};

pub use self::owned_id::OwnedId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident: $integer:ty, $nonzero:ty, $digits:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($nonzero);

        impl $name {
            /// The number of digits of the id.
            pub const DIGITS: usize = $digits;

            /// Creates an id from a random number. Zero, which is not a valid id, counts as one.
            #[must_use]
            pub const fn from_random(random: $integer) -> Self {
                Self(match <$nonzero>::new(random) {
                    Some(id) => id,
                    None => <$nonzero>::MIN,
                })
            }

            /// Makes a new id, which no other process has, nor a forked child. Not for secrets: it can be guessed.
            #[cfg(feature = "random")]
            #[must_use]
            pub fn random() -> Self {
                Self::from_random(random::draw() as $integer)
            }

            /// The id as a number, whose big-endian bytes are those of the id.
            #[must_use]
            pub const fn number(self) -> $integer {
                self.0.get()
            }

            /// Writes the id into a buffer and returns its text, without an allocation.
            #[must_use]
            pub fn write(self, buffer: &mut [u8; $digits]) -> &str {
                let mut rest = self.0.get();
                for digits in buffer.rchunks_exact_mut(8) {
                    digits.copy_from_slice(&hex_digits(rest as u32));
                    rest >>= 32;
                }
                std::str::from_utf8(buffer).unwrap_or_default()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.pad(self.write(&mut [0; $digits]))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let refusal = ParseIdError { digits: $digits };
                let digits: &[u8; $digits] = text.as_bytes().try_into().map_err(|_| refusal)?;
                let mut number = 0;
                for digits in digits.as_chunks::<8>().0 {
                    number = number << 32 | <$integer>::from(hex_number(*digits).ok_or(refusal)?);
                }
                <$nonzero>::new(number).map(Self).ok_or(refusal)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.write(&mut [0; $digits]).to_owned()
            }
        }
    )*};
}

ids! {
    /// A trace id: 32 lowercase hex digits, not all zero.
    ///
    /// ```
    /// let id: logtide_core::TraceId = "4bf92f3577b34da6a3ce929d0e0e4736".parse()?;
    /// assert_eq!(id.to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
    /// # Ok::<(), logtide_core::ParseIdError>(())
    /// ```
    TraceId: u128, NonZeroU128, 32;
    /// A span id: 16 lowercase hex digits, not all zero.
    SpanId: u64, NonZeroU64, 16;
}

/// The string is not a valid trace or span id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid id: use {digits} lowercase hex digits, not all zero")]
pub struct ParseIdError {
    digits: usize,
}

const HEX: [u8; 16] = *b"0123456789abcdef";

/// The eight digits of a number, all at once.
const fn hex_digits(number: u32) -> [u8; 8] {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let mut digits = number as u64;
    digits = (digits | digits << 16) & 0x0000_ffff_0000_ffff;
    digits = (digits | digits << 8) & 0x00ff_00ff_00ff_00ff;
    digits = (digits | digits << 4) & (EACH * 0x0f);
    // A value from 10 on has bit 4 set when 6 is added.
    let letters = (digits + EACH * 6) >> 4 & EACH;
    (digits + EACH * b'0' as u64 + letters * (b'a' - b'0' - 10) as u64).to_be_bytes()
}

/// The number that eight digits stand for.
const fn hex_number(digits: [u8; 8]) -> Option<u32> {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let text = u64::from_be_bytes(digits);
    // Letters have bit 6 set, digits have not.
    let letters = text >> 6 & EACH;
    let mut values = (text & (EACH * 0x0f)) + letters * 9;
    values = (values | values >> 4) & 0x00ff_00ff_00ff_00ff;
    values = (values | values >> 8) & 0x0000_ffff_0000_ffff;
    let number = (values | values >> 16) as u32;
    // Any byte that is not a digit changes in the round trip.
    if u64::from_be_bytes(hex_digits(number)) == text { Some(number) } else { None }
}

/// The value of a lowercase hex digit.
const VALUES: [u8; 256] = {
    let mut values = [NO_DIGIT; 256];
    let mut value = 0;
    while value < HEX.len() {
        values[HEX[value] as usize] = value as u8;
        value += 1;
    }
    values
};

/// What stands for a byte that is no digit. With any value in it, it stays what it is.
const NO_DIGIT: u8 = u8::MAX;

/// Two lower-case hex digits.
pub(crate) fn hex_byte(digits: [u8; 2]) -> Option<u8> {
    let [high, low] = digits.map(|digit| VALUES[usize::from(digit)]);
    (high | low != NO_DIGIT).then_some(high << 4 | low)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn zero_is_no_id() {
        assert_eq!(TraceId::from_random(0).to_string(), format!("{:032x}", 1));
        assert_eq!(SpanId::from_random(0).to_string(), format!("{:016x}", 1));
        assert!("0".repeat(32).parse::<TraceId>().is_err());
        assert!("0".repeat(16).parse::<SpanId>().is_err());
    }

    #[test]
    fn only_the_strict_form_is_read() {
        for text in ["", "abc", &"A".repeat(32), &"g".repeat(32), &"a".repeat(31), &"a".repeat(33)] {
            assert!(text.parse::<TraceId>().is_err(), "{text}");
        }
        assert!(format!("+{}", "a".repeat(31)).parse::<TraceId>().is_err(), "a sign is no digit");
        let error = "x".parse::<SpanId>().unwrap_err();
        assert_eq!(error.to_string(), "invalid id: use 16 lowercase hex digits, not all zero");
    }

    proptest! {
        #[test]
        fn digits_are_read_as_a_number_is_read(digits: [u8; 8], number: u32) {
            prop_assert_eq!(hex_number(hex_digits(number)), Some(number));
            let is_form = |digit: &u8| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
            let expected = digits.iter().all(is_form).then(|| u32::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
            prop_assert_eq!(hex_number(digits), expected);
        }

        #[test]
        fn no_other_byte_is_a_digit(number: u32, at in 0..8_usize, byte: u8) {
            let mut digits = hex_digits(number);
            digits[at] = byte;
            prop_assert_eq!(hex_number(digits).is_some(), matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        }

        #[test]
        fn ids_read_back(trace: u128, span: u64) {
            let (trace, span) = (TraceId::from_random(trace), SpanId::from_random(span));
            prop_assert_eq!(trace.to_string().parse(), Ok(trace));
            prop_assert_eq!(span.to_string().parse(), Ok(span));
            prop_assert_eq!((trace.to_string().len(), span.to_string().len()), (32, 16));
        }
    }
}

//! Keys that could reach a JavaScript object's prototype: servers drop them silently or refuse the batch for them.

use std::{borrow::Cow, collections::HashMap};

use serde::de::IgnoredAny;

use super::write_string;

/// Refused whatever its value is.
pub(super) const PROTO: &str = "__proto__";

pub(super) const QUOTED_PROTO: &[u8] = b"\"__proto__\"";

pub(super) const HARMLESS_PROTO: &str = "_proto_";

/// Refused when its value is an object with a `prototype`, or by some versions of the server's JSON parser, null.
pub(in crate::encode) const CONSTRUCTOR: &str = "constructor";

pub(in crate::encode) const HARMLESS_CONSTRUCTOR: &str = "_constructor_";

const CONSTRUCTOR_FIELD: &[u8] = b"\"constructor\":";

/// Renames the field that starts there and ends the buffer, where its key is `constructor` and its value refused.
#[inline]
pub(super) fn mend_constructor(out: &mut Vec<u8>, start: usize) {
    // Most keys are left after a look at their first letter.
    if out.get(start + 1) == Some(&CONSTRUCTOR_FIELD[1]) {
        mend_candidate(out, start);
    }
}

#[cold]
fn mend_candidate(out: &mut Vec<u8>, start: usize) {
    if out[start..].starts_with(CONSTRUCTOR_FIELD) && is_refused(&out[start + CONSTRUCTOR_FIELD.len()..]) {
        let value = out.split_off(start + CONSTRUCTOR_FIELD.len());
        out.truncate(start);
        write_string(out, HARMLESS_CONSTRUCTOR);
        out.push(b':');
        out.extend_from_slice(&value);
    }
}

/// Whether servers refuse this value, as JSON, under the key `constructor`.
#[cold]
pub(in crate::encode) fn is_refused(value: &[u8]) -> bool {
    value == b"null"
        || value.starts_with(b"{")
            && serde_json::from_slice::<HashMap<Cow<'_, str>, IgnoredAny>>(value)
                .is_ok_and(|fields| fields.contains_key("prototype"))
}

//! Keys that could reach the prototype of a JavaScript object: servers drop them silently, or reject the batch.

use crate::record::Value;

/// Rejected with any value.
const PROTO: &str = "__proto__";

const HARMLESS_PROTO: &str = "_proto_";

/// Rejected if its value is an object with a `prototype`, or, by some versions of the server's JSON parser, null.
pub(crate) const CONSTRUCTOR: &str = "constructor";

pub(crate) const HARMLESS_CONSTRUCTOR: &str = "_constructor_";

/// A field that makes the value of a `constructor` rejected.
pub(super) const PROTOTYPE: &str = "prototype";

/// The key under which any value is accepted, except some values of [`CONSTRUCTOR`].
#[inline]
pub(super) fn fixed_key(key: &str) -> &str {
    if key == PROTO { HARMLESS_PROTO } else { key }
}

/// Like [`fixed_key`], for a known value.
#[inline]
pub(super) fn fixed_key_of<'k>(key: &'k str, value: &Value<'_>) -> &'k str {
    if key == CONSTRUCTOR && is_refused(value) { HARMLESS_CONSTRUCTOR } else { fixed_key(key) }
}

/// Whether servers reject this value under the key `constructor`.
#[cold]
pub(super) fn is_refused(value: &Value<'_>) -> bool {
    match value {
        Value::Null => true,
        Value::Object(entries) => entries.into_iter().any(|(key, _)| key == PROTOTYPE),
        _ => false,
    }
}

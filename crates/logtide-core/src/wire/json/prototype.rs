//! Keys that could reach a JavaScript object's prototype: servers drop them silently or refuse the batch for them.

use crate::record::Value;

/// Refused whatever its value is.
const PROTO: &str = "__proto__";

const HARMLESS_PROTO: &str = "_proto_";

/// Refused when its value is an object with a `prototype`, or by some versions of the server's JSON parser, null.
pub(crate) const CONSTRUCTOR: &str = "constructor";

pub(crate) const HARMLESS_CONSTRUCTOR: &str = "_constructor_";

/// What makes the value of a `constructor` refused.
pub(super) const PROTOTYPE: &str = "prototype";

/// The key under which any value is taken, but for some under [`CONSTRUCTOR`].
#[inline]
pub(super) fn fixed_key(key: &str) -> &str {
    if key == PROTO { HARMLESS_PROTO } else { key }
}

/// As [`fixed_key`], for a value that is sent as it is.
#[inline]
pub(super) fn fixed_key_of<'k>(key: &'k str, value: &Value<'_>) -> &'k str {
    if key == CONSTRUCTOR && is_refused(value) { HARMLESS_CONSTRUCTOR } else { fixed_key(key) }
}

/// Whether servers refuse this value under the key `constructor`.
#[cold]
pub(super) fn is_refused(value: &Value<'_>) -> bool {
    match value {
        Value::Null => true,
        Value::Object(entries) => entries.into_iter().any(|(key, _)| key == PROTOTYPE),
        _ => false,
    }
}

//! Decodes JSON with a limited depth.

use std::borrow::Cow;

use serde::de::DeserializeOwned;

/// The maximum depth. The server stores metadata with thousands of levels, and serde_json reads 127.
const MAX_DEPTH: usize = 100;

/// Replaces an object or array below that depth.
const TOO_DEEP: &[u8] = br#""(nested too deeply to be read)""#;

/// Decodes JSON. Parts that are nested too deeply are replaced by a text, without losing the rest.
///
/// # Errors
///
/// The text is not the expected JSON.
pub(crate) fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, serde_json::Error> {
    serde_json::from_slice(json).or_else(|error| match cut(json) {
        Cow::Borrowed(_) => Err(error),
        Cow::Owned(cut) => serde_json::from_slice(&cut),
    })
}

/// Replaces parts that are nested too deeply. Returns the text unchanged if there are none.
fn cut(json: &[u8]) -> Cow<'_, [u8]> {
    let (mut out, mut depth, mut in_string, mut escaped) = (Vec::new(), 0, false, false);
    // The part from here on is still to be copied, unless it is removed.
    let (mut kept_from, mut is_cut) = (0, false);
    for (at, byte) in json.iter().enumerate() {
        if in_string {
            (in_string, escaped) = (escaped || *byte != b'"', !escaped && *byte == b'\\');
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => {
                depth += 1;
                if depth == MAX_DEPTH + 1 {
                    out.extend_from_slice(&json[kept_from..at]);
                    out.extend_from_slice(TOO_DEEP);
                    is_cut = true;
                }
            }
            b'}' | b']' => {
                if depth == MAX_DEPTH + 1 {
                    kept_from = at + 1;
                }
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
    }
    if !is_cut {
        return Cow::Borrowed(json);
    }
    if depth <= MAX_DEPTH {
        out.extend_from_slice(&json[kept_from..]);
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn nested(depth: usize) -> String {
        ["[".repeat(depth), r#""]{\"""#.to_owned(), "]".repeat(depth)].concat()
    }

    #[test]
    fn what_is_nested_too_deeply_costs_only_itself() {
        let json = format!(r#"{{"deep":{},"beside":[1,{}],"after":"x"}}"#, nested(5_000), nested(3_000));
        let value: Value = read(json.as_bytes()).unwrap();
        assert_eq!((&value["beside"][0], &value["after"]), (&1.into(), &"x".into()));
        assert!(value.to_string().contains("(nested too deeply to be read)"));
    }

    #[test]
    fn what_is_not_stays_as_it_is() {
        let json = nested(MAX_DEPTH);
        assert!(matches!(cut(json.as_bytes()), Cow::Borrowed(_)));
        assert!(read::<Value>(&nested(5_000).as_bytes()[..9_000]).is_err());
    }
}

//! Headers that the user adds to every request.

use super::{EndpointError, key::KEY_HEADER};
use http::{HeaderMap, HeaderName, HeaderValue};

/// Headers that are not the user's to set, beside the key of a server.
const OWN: [&str; 13] = [
    "accept",
    "connection",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "range",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// How the names of others begin: those that describe a body, or what an answer may be like.
const OWN_PREFIXES: [&str; 2] = ["accept-", "content-"];

/// Whose key is an option of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum To {
    Server,
    /// Its key is a header like any other.
    Collector,
}

/// Reads headers, of which none is shown. Of several with one name the last counts.
pub(super) fn read<'h>(
    given: impl IntoIterator<Item = (&'h str, &'h str)>,
    to: To,
) -> Result<HeaderMap, EndpointError> {
    let mut headers = HeaderMap::with_capacity(4);
    for (name, value) in given {
        let refusal = || EndpointError::Header { name: shown(name).to_owned() };
        let name: HeaderName = name.trim().parse().map_err(|_| refusal())?;
        if is_own(name.as_str()) || (to == To::Server && name == KEY_HEADER) {
            return Err(EndpointError::OwnHeader { name: name.as_str().to_owned() });
        }
        let mut value = HeaderValue::from_str(value.trim()).map_err(|_| refusal())?;
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    Ok(headers)
}

fn is_own(name: &str) -> bool {
    OWN.contains(&name) || OWN_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// What may be shown of a name: a whole header that was given as one holds its value too.
fn shown(name: &str) -> &str {
    name.trim().split([':', '=', ' ', '\t']).next().unwrap_or_default()
}

//! Headers that the user adds to every request.

use super::{EndpointError, key::KEY_HEADER};
use http::{HeaderMap, HeaderName, HeaderValue};

/// Headers that are not the user's to set, beside the key of a server.
const OWN: [&str; 17] = [
    "accept",
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
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
        let refusal = || EndpointError::Header { name: name.to_owned() };
        let name: HeaderName = name.trim().parse().map_err(|_| refusal())?;
        if OWN.contains(&name.as_str()) || (to == To::Server && name == KEY_HEADER) {
            return Err(EndpointError::OwnHeader { name: name.as_str().to_owned() });
        }
        let mut value = HeaderValue::from_str(value.trim()).map_err(|_| refusal())?;
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    Ok(headers)
}

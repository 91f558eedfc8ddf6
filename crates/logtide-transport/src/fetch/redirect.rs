//! The target of a redirect, if it may be followed.

use crate::Request;
use http::{HeaderMap, Method, StatusCode, Uri, header, uri::Authority};

/// The address to continue with, or `None` if the response is to be returned.
pub(super) fn target(request: &Request, status: StatusCode, headers: &HeaderMap) -> Option<Uri> {
    let follows = match status {
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => true,
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND | StatusCode::SEE_OTHER => {
            request.method == Method::GET || request.method == Method::HEAD
        }
        _ => false,
    };
    if !follows {
        return None;
    }
    let location = headers.get(header::LOCATION)?.to_str().ok()?;
    let target = resolve(&request.uri, location)?;
    same_origin(&request.uri, &target).then_some(target)
}

fn resolve(base: &Uri, location: &str) -> Option<Uri> {
    let location = location.split('#').next()?;
    let (scheme, authority) = (base.scheme_str()?, base.authority()?);
    let before_path = location.split(['/', '?']).next()?;
    let absolute = if before_path.ends_with(':') && location[before_path.len()..].starts_with("//") {
        location.to_owned()
    } else if location.starts_with("//") {
        format!("{scheme}:{location}")
    } else if location.starts_with('/') {
        format!("{scheme}://{authority}{location}")
    } else if location.starts_with('?') {
        format!("{scheme}://{authority}{}{location}", base.path())
    } else {
        let (folder, _) = base.path().rsplit_once('/')?;
        format!("{scheme}://{authority}{folder}/{location}")
    };
    absolute.parse().ok()
}

fn same_origin(left: &Uri, right: &Uri) -> bool {
    let user_info = |uri: &Uri| uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
    left.scheme() == right.scheme()
        && left.host().zip(right.host()).is_some_and(|(left, right)| left.eq_ignore_ascii_case(right))
        && port(left) == port(right)
        && !user_info(right)
}

fn port(uri: &Uri) -> Option<u16> {
    uri.authority().and_then(Authority::port_u16).or_else(|| match uri.scheme_str() {
        Some("http") => Some(80),
        Some("https") => Some(443),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn followed(location: &str) -> Option<String> {
        let base = Uri::from_static("https://logs.example/base/old?q=a");
        resolve(&base, location).filter(|target| same_origin(&base, target)).map(|uri| uri.to_string())
    }

    #[test]
    fn every_form_of_location_is_resolved() {
        for (location, expected) in [
            ("/new", "https://logs.example/new"),
            ("new?x=1", "https://logs.example/base/new?x=1"),
            ("?x=1", "https://logs.example/base/old?x=1"),
            ("//LOGS.example/new", "https://LOGS.example/new"),
            ("/login?next=https://evil.example/", "https://logs.example/login?next=https://evil.example/"),
            ("https://logs.example:443/new#top", "https://logs.example:443/new"),
        ] {
            assert_eq!(followed(location).as_deref(), Some(expected), "{location}");
        }
    }

    #[test]
    fn another_origin_is_never_followed() {
        for location in [
            "http://logs.example/",
            "https://logs.example:444/",
            "https://logs.example.evil/",
            "https://user@logs.example/",
            "//evil.example/",
            "ftp://logs.example/",
            "https://",
        ] {
            assert_eq!(followed(location), None, "{location}");
        }
    }
}

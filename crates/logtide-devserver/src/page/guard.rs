//! Blocks web pages of other origins from what needs no key: the page and the control API.

use std::net::{IpAddr, Ipv6Addr};

use axum::extract::Request;
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use crate::reply::{self, Failure};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// Responds with 403 to a request from a web page of another origin.
pub(crate) async fn pass(request: Request, next: Next) -> Response {
    match check(request.method(), request.uri().path(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(reason) => {
            let body = Failure { error: "Forbidden", message: Some(reason), ..Failure::default() };
            reply::json(StatusCode::FORBIDDEN, &body)
        }
    }
}

/// Programs send neither `Origin` nor `Sec-Fetch-Site`; browsers send them, and a web page cannot change them.
fn check(method: &Method, path: &str, headers: &HeaderMap) -> Result<(), &'static str> {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let host = text(HOST);
    // A domain of another site may resolve to this machine, and that site's pages then have the origin of this server.
    if host.is_some_and(|host| !is_local(host)) {
        return Err("This host name is not served: use an IP address, `localhost` or a name without a dot.");
    }
    if let Some(origin) = text(ORIGIN) {
        let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        if authority.is_none() || authority != host {
            return Err("Requests of web pages of another origin are refused.");
        }
    }
    let opens_page = method == Method::GET && path == "/" && text(SEC_FETCH_DEST) == Some("document");
    match text(SEC_FETCH_SITE) {
        None | Some("same-origin" | "none") => Ok(()),
        Some(_) if opens_page => Ok(()),
        Some(_) => Err("Requests of web pages of another origin are refused."),
    }
}

/// Whether a `Host` is one that no other site can have.
fn is_local(host: &str) -> bool {
    if let Some(rest) = host.strip_prefix('[') {
        return rest.split_once(']').is_some_and(|(address, _)| address.parse::<Ipv6Addr>().is_ok());
    }
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name).to_ascii_lowercase();
    !name.contains('.') || name.ends_with(".localhost") || name.parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn passes(method: Method, path: &str, headers: &[(&'static str, &'static str)]) -> bool {
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        check(&method, path, &headers).is_ok()
    }

    #[test]
    fn hosts_that_a_foreign_site_cannot_have_pass() {
        for (host, expected) in [
            ("127.0.0.1:8080", true),
            ("localhost:8080", true),
            ("LOCALHOST", true),
            ("app.localhost:8080", true),
            ("devserver:8080", true),
            ("[::1]:8080", true),
            ("192.168.1.2", true),
            ("evil.example", false),
            ("evil.example:8080", false),
            ("127.0.0.1.evil.example", false),
            ("localhost.evil.example:8080", false),
            ("[evil.example]:8080", false),
            ("evil.example.", false),
        ] {
            assert_eq!(passes(Method::GET, "/_page/entries", &[("host", host)]), expected, "{host}");
        }
    }

    #[test]
    fn requests_of_other_origins_are_refused() {
        let host = ("host", "127.0.0.1:8080");
        for (method, path, header, expected) in [
            (Method::GET, "/_page/entries", ("sec-fetch-site", "same-origin"), true),
            (Method::GET, "/_dev/entries", ("sec-fetch-site", "none"), true),
            (Method::GET, "/_page/entries", ("sec-fetch-site", "cross-site"), false),
            (Method::GET, "/_page/entries", ("sec-fetch-site", "same-site"), false),
            (Method::POST, "/_dev/reset", ("origin", "http://127.0.0.1:8080"), true),
            (Method::POST, "/_dev/reset", ("origin", "http://127.0.0.1:3000"), false),
            (Method::POST, "/_dev/reset", ("origin", "https://evil.example"), false),
            (Method::POST, "/_dev/reset", ("origin", "null"), false),
        ] {
            assert_eq!(passes(method, path, &[host, header]), expected, "{path} {header:?}");
        }
    }

    #[test]
    fn a_link_from_elsewhere_opens_the_page_and_nothing_else() {
        let headers = [("sec-fetch-site", "cross-site"), ("sec-fetch-dest", "document")];
        assert!(passes(Method::GET, "/", &headers));
        assert!(!passes(Method::GET, "/_page/entries", &headers));
        assert!(!passes(Method::GET, "/", &[("sec-fetch-site", "cross-site"), ("sec-fetch-dest", "iframe")]));
    }
}

//! Proxies that can be used, and those that cannot.

use super::*;

fn refused(url: &str) -> String {
    let error = Proxy::new(&ProxySetting::Url(url.to_owned())).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Request);
    error.to_string()
}

fn from(variables: &[(&str, &str)]) -> Proxy {
    Proxy::of(Variables::read(|name| {
        variables.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into())
    }))
}

fn picked(variables: &[(&str, &str)], uri: &'static str) -> Option<String> {
    from(variables).intercept(&Uri::from_static(uri)).unwrap().map(|proxy| place(&proxy))
}

const HTTP: &str = "http://logs.example/";
const HTTPS: &str = "https://logs.example/";

#[test]
fn an_unusable_proxy_is_refused_without_showing_its_password() {
    for url in
        ["http://user:hidden@", "ftp://user:hidden@proxy", "", "http://proxy:99999", "http://proxy:0", "a b"]
    {
        let told = refused(url);
        assert!(told.contains("http://proxy.example:3128") && !told.contains("hidden"), "{url}: {told}");
    }
    for old in ["socks4://user:hidden@proxy:1080", "socks4a://user:hidden@proxy:1080"] {
        let told = refused(old);
        assert!(
            told.contains("socks5://") && told.contains("NO_PROXY") && !told.contains("hidden"),
            "{told}"
        );
    }
    let long = refused(&format!("socks5://user:{}@proxy", "h".repeat(256)));
    assert!(long.contains("at most 249 bytes") && !long.contains("hhh"), "{long}");
    let options = crate::HttpOptions::new().proxy("http://user:hidden@proxy");
    assert!(!format!("{options:?}").contains("hidden"));
}

#[test]
fn credentials_reach_the_proxy_and_never_a_server_behind_its_tunnel() {
    let proxy = Proxy::new(&ProxySetting::Url(" http://user:pass@proxy:3128\r\n".to_owned())).unwrap();
    let forwarding = |uri| proxy.forwarding(&Uri::from_static(uri)).unwrap();
    let forwarded = forwarding(HTTP).unwrap();
    let credentials = forwarded.basic_auth().unwrap();
    assert_eq!(credentials, "Basic dXNlcjpwYXNz");
    assert!(credentials.is_sensitive());
    assert!(forwarding(HTTPS).is_none());
}

#[test]
fn the_credentials_of_every_proxy_are_secrets() {
    let proxies = [("HTTP_PROXY", "http://user:pass@own"), ("HTTPS_PROXY", "http://u:p@other")];
    assert_eq!(from(&proxies).secrets(), ["dXNlcjpwYXNz", "dTpw"]);
    assert_eq!(from(&[("ALL_PROXY", "http://proxy")]).secrets(), [""; 0]);
    assert_eq!(from(&[("ALL_PROXY", "socks5://user:p%40ss@proxy")]).secrets(), ["p@ss"; 2]);
}

#[test]
fn a_socks_proxy_passes_on_whatever_the_server_speaks() {
    let variables = [("all_proxy", "socks5h://user:p%40ss@proxy")];
    for uri in [HTTP, HTTPS] {
        let uri = Uri::from_static(uri);
        let proxy = from(&variables).intercept(&uri).unwrap().unwrap();
        assert_eq!(place(&proxy), "the proxy socks5h://proxy");
        assert_eq!(socks_credentials(&proxy), Some(("user", "p@ss")));
        assert_eq!(over_tcp(proxy.uri().clone()).unwrap(), "http://proxy:1080/");
        assert!(from(&variables).forwarding(&uri).unwrap().is_none());
    }
    for with_port in ["socks5://proxy:9050/", "socks5://[::1]:9050/", "http://proxy/"] {
        assert_eq!(over_tcp(Uri::from_static(with_port)).unwrap(), with_port);
    }
    assert_eq!(over_tcp(Uri::from_static("socks5://[::1]/")).unwrap(), "http://[::1]:1080/");
}

#[test]
fn credentials_that_leave_no_room_for_the_host_are_refused_for_that_host() {
    let url = format!("socks5://user:{}@proxy", "h".repeat(233));
    let of_options = Proxy::new(&ProxySetting::Url(url.clone())).unwrap();
    for proxy in [of_options, from(&[("ALL_PROXY", &url)])] {
        assert!(proxy.intercept(&Uri::from_static(HTTP)).unwrap().is_some(), "12 bytes are left");
        let error = proxy.intercept(&Uri::from_static("https://logs2.example/")).unwrap_err();
        let told = error.to_string();
        assert!(error.kind() == ErrorKind::Request && !told.contains("hhh"), "{told}");
        assert!(told.contains("at most 249 bytes for both and the server's host"), "{told}");
    }
    let without = Proxy::new(&ProxySetting::Url(format!("http://user:{}@proxy", "h".repeat(500)))).unwrap();
    assert!(without.intercept(&Uri::from_static(HTTP)).is_ok(), "it is no SOCKS proxy");
}

#[test]
fn the_environment_names_a_proxy_for_each_scheme() {
    let all = ("ALL_PROXY", "http://all:1");
    assert_eq!(picked(&[all], HTTPS).as_deref(), Some("the proxy http://all:1"));
    assert_eq!(picked(&[all, ("http_proxy", "own:2\r")], HTTP).as_deref(), Some("the proxy http://own:2"));
    assert_eq!(picked(&[all, ("https_proxy", " ")], HTTPS).as_deref(), Some("the proxy http://all:1"));
    assert_eq!(picked(&[("HTTP_PROXY", "u:p@own")], HTTP).as_deref(), Some("the proxy http://own"));
    for none in [&[][..], &[("HTTP_PROXY", "http://own:2")], &[all, ("REQUEST_METHOD", "GET")]] {
        assert_eq!(picked(none, HTTPS), None);
    }
}

#[test]
fn what_the_environment_holds_wrongly_is_refused_by_the_name_of_its_variable() {
    for (name, value) in [
        ("ALL_PROXY", "socks4://user:hidden@proxy:1080"),
        ("all_proxy", "socks4a://proxy"),
        ("HTTPS_PROXY", "http://user:hidden@"),
        ("https_proxy", "ht tp://hidden"),
        ("HTTPS_PROXY", "http://proxy:port"),
        ("HTTPS_PROXY", "http://proxy:0"),
    ] {
        let error = from(&[(name, value)]).intercept(&Uri::from_static(HTTPS)).unwrap_err();
        let told = error.to_string();
        assert_eq!(error.kind(), ErrorKind::Request);
        assert!(told.contains(name) && !told.contains("hidden"), "{told}");
        let exempt = [(name, value), ("NO_PROXY", "localhost, .example")];
        assert_eq!(picked(&exempt, HTTPS), None, "the server is exempt");
        if name.starts_with("HTTPS") {
            assert_eq!(picked(&[(name, value)], HTTP), None, "it is for another scheme");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_proxy_that_is_not_unicode_is_refused() {
    use std::{ffi::OsString, os::unix::ffi::OsStringExt};
    let proxy = Proxy::of(Variables::read(|name| {
        (name == "HTTP_PROXY").then(|| OsString::from_vec(b"http://pr\xffxy".to_vec()))
    }));
    let error = proxy.intercept(&Uri::from_static(HTTP)).unwrap_err();
    assert!(error.to_string().contains("HTTP_PROXY"), "{error}");
}

#[test]
fn exempt_hosts_go_direct_and_a_list_that_cannot_be_meant_is_refused() {
    let proxy = ("HTTPS_PROXY", "http://proxy:3128");
    for exempt in
        ["logs.example", ".example", "*.example", "*", "a,logs.example\r\n", "a logs.example", "10.0.0.0/8,*"]
    {
        assert_eq!(picked(&[proxy, ("NO_PROXY", exempt)], HTTPS), None, "{exempt}");
    }
    for other in ["", "logs", "ogs.example", "10.0.0.0/8", "fd00::/8"] {
        assert!(picked(&[proxy, ("NO_PROXY", other)], HTTPS).is_some(), "{other}");
    }
    for wrong in ["https://logs.example", "10.0.0.0/33", "logs.example/path", "10.0.0/8"] {
        let error = from(&[proxy, ("no_proxy", wrong)]).intercept(&Uri::from_static(HTTPS)).unwrap_err();
        assert!(error.to_string().contains("no_proxy"), "{error}");
        assert_eq!(picked(&[("NO_PROXY", wrong)], HTTPS), None, "there is no proxy to exempt from");
    }
}

//! Invalid variables of the environment are errors of `Client::new`.

use std::{env, process::Command};

use logtide_client::{Client, ClientOptions};

/// Passes the server's address to the child, whose environment is tested.
const CHILD: &str = "LOGTIDE_TESTS_ENVIRONMENT_CHILD";

/// Returns the result of creating a client in an environment with these variables.
fn told(server: &str, variables: &[(&str, &str)]) -> String {
    let mut child = Command::new(env::current_exe().expect("the test knows its program"));
    for name in ["ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"] {
        child.env_remove(name).env_remove(name.to_lowercase());
    }
    let child = child
        .args(["--exact", "environment::a_client_in_this_environment", "--nocapture"])
        .env(CHILD, server)
        .envs(variables.iter().copied())
        .output()
        .expect("the child runs");
    assert!(child.status.success(), "{child:?}");
    let out = String::from_utf8_lossy(&child.stdout);
    out.lines().find_map(|line| line.split_once("client: ")).expect("the child says it").1.to_owned()
}

/// Runs only in the child.
#[test]
fn a_client_in_this_environment() {
    let Ok(server) = env::var(CHILD) else { return };
    let wrong = Client::new(ClientOptions::new(server.as_str(), "lp_k").batch_size(0)).map(drop);
    assert!(wrong.is_err_and(|error| error.to_string().contains("batch_size")), "options are checked first");
    let client = Client::new(ClientOptions::new(server, "lp_k"));
    println!("client: {}", client.map_or_else(|error| error.to_string(), |_| "works".to_owned()));
}

const HTTP: &str = "http://logs.example:8080";
const HTTPS: &str = "https://logs.example";

#[test]
fn a_proxy_that_cannot_be_used_is_an_error_of_the_client() {
    for (server, variable, value) in [
        (HTTP, "ALL_PROXY", "socks4://user:hidden@127.0.0.1:1080"),
        (HTTPS, "all_proxy", "socks4a://127.0.0.1:1080"),
        (HTTPS, "HTTPS_PROXY", "http://user:hidden@"),
        (HTTP, "http_proxy", "ftp://127.0.0.1"),
        (HTTP, "HTTP_PROXY", "http://127.0.0.1:99999"),
    ] {
        let error = told(server, &[(variable, value)]);
        assert!(error.starts_with(variable) && !error.contains("hidden"), "{error}");
        assert_eq!(told(server, &[(variable, value), ("NO_PROXY", "logs.example")]), "works");
    }
    let proxy = ("HTTP_PROXY", "http://127.0.0.1:3128");
    assert!(told(HTTP, &[proxy, ("NO_PROXY", "10.0.0.0/64")]).contains("NO_PROXY"));
    for works in [
        &[proxy][..],
        &[("HTTPS_PROXY", "socks4://127.0.0.1")],
        &[("ALL_PROXY", "socks5://127.0.0.1")],
        &[("HTTP_PROXY", " \r")],
    ] {
        assert_eq!(told(HTTP, works), "works");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_system_without_authorities_is_an_error_of_the_client_and_says_what_to_do() {
    let none = [("SSL_CERT_FILE", "/nonexistent"), ("SSL_CERT_DIR", "/nonexistent")];
    let error = told(HTTPS, &none);
    for remedy in ["ca-certificates", "`webpki-roots`", "`ca_certificates`"] {
        assert!(error.contains(remedy), "{error}");
    }
    assert_eq!(told(HTTP, &none), "works", "plain http needs none");
}

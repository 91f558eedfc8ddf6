//! Authorities that the operating system trusts.

use crate::{
    https::{identity, serving},
    server::{direct, send, with_timeout},
};
use http::{Method, Uri};
use logtide_transport::Request;
use std::{env, fs, path::Path, process::Command};

/// Holds the port of the server for the child.
const CHILD: &str = "LOGTIDE_TESTS_SYSTEM_CHILD";

#[tokio::test(flavor = "multi_thread")]
async fn an_authority_of_the_system_is_trusted() {
    let (acceptor, ca) = identity(&["localhost"]);
    let server = serving(acceptor).await;
    let authorities = Path::new(env!("CARGO_TARGET_TMPDIR")).join("authorities-of-the-system.pem");
    // What cannot be read among them does not matter.
    fs::write(&authorities, format!("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n{ca}"))
        .unwrap();
    let port = server.address.port().to_string();
    let child = tokio::task::spawn_blocking(move || {
        Command::new(env::current_exe().unwrap())
            .args(["--exact", "system::a_request_that_trusts_the_system", "--nocapture"])
            .env(CHILD, port)
            .env("SSL_CERT_FILE", authorities)
            .output()
            .unwrap()
    });
    let child = child.await.unwrap();
    let told = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && told.contains("answered ok"), "{}: {told}", child.status);
}

/// Runs in the child alone.
#[tokio::test]
async fn a_request_that_trusts_the_system() {
    let Ok(port) = env::var(CHILD) else { return };
    let uri: Uri = format!("https://localhost:{port}/").parse().unwrap();
    let answer = send(&direct(), with_timeout(Request::new(Method::GET, uri))).await.unwrap();
    println!("answered {}", String::from_utf8_lossy(&answer.body));
}

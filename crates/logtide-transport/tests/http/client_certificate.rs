//! Servers that ask for the certificate of the client.

use crate::{
    https::{get, serving},
    server::{Server, read_request, send},
};
use logtide_transport::{ErrorKind, HttpOptions, HttpTransport, Pem};
use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair};
use std::{fs, sync::Arc};
use tokio::io::AsyncWriteExt;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        RootCertStore, ServerConfig, crypto::ring, pki_types::PrivateKeyDer, server::WebPkiClientVerifier,
    },
};

/// An authority that vouches for servers and clients.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: rcgen::Certificate,
}

/// A certificate and its key as PEM.
struct Identity {
    certificate: String,
    key: String,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self { issuer: Issuer::new(params, key), certificate }
    }

    fn pem(&self) -> String {
        self.certificate.pem()
    }

    fn client(&self) -> Identity {
        let mut params = CertificateParams::new(["client.example".to_owned()]).unwrap();
        params.extended_key_usages.push(ExtendedKeyUsagePurpose::ClientAuth);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap().pem();
        Identity { certificate, key: key.serialize_pem() }
    }

    /// Takes connections of the clients of this authority alone.
    fn acceptor(&self) -> TlsAcceptor {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.der().clone()).unwrap();
        let provider = Arc::new(ring::default_provider());
        let verifier =
            WebPkiClientVerifier::builder_with_provider(roots.into(), provider.clone()).build().unwrap();
        let key = KeyPair::generate().unwrap();
        let leaf =
            CertificateParams::new(["localhost".to_owned()]).unwrap().signed_by(&key, &self.issuer).unwrap();
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(verifier)
            .with_single_cert(vec![leaf.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}

fn options(authority: &Authority) -> HttpOptions {
    HttpOptions::new().no_proxy().ca_certificates(authority.pem())
}

#[tokio::test]
async fn a_server_that_asks_for_a_certificate_gets_it() {
    let authority = Authority::new("An authority");
    let server = serving(authority.acceptor()).await;
    let Identity { certificate, key } = authority.client();
    let both = format!("{key}{certificate}");
    let folder = std::env::temp_dir().join(format!("logtide-client-certificate-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let (certificate_file, key_file) = (folder.join("client.pem"), folder.join("client.key"));
    fs::write(&certificate_file, &certificate).unwrap();
    fs::write(&key_file, &key).unwrap();
    for options in [
        options(&authority).client_certificate(&*certificate, &*key),
        options(&authority).client_certificate(&*both, &*both),
        options(&authority).client_certificate(Pem::file(&certificate_file), Pem::file(&key_file)),
    ] {
        assert!(!format!("{options:?}").contains("PRIVATE KEY"), "{options:?}");
        let transport = HttpTransport::new(options).unwrap();
        assert_eq!(send(&transport, get(&server, "localhost")).await.unwrap().body, "ok");
    }
    fs::remove_dir_all(folder).unwrap();
}

/// Reads on after a handshake that the server refuses, so that its alert is not lost in a reset of the connection.
async fn refusing(acceptor: TlsAcceptor) -> Server {
    Server::start(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let (_, failed) = acceptor.accept(stream).into_fallible().await.err().unwrap();
            let mut stream = failed;
            let _ = stream.flush().await;
            let _ = read_request(&mut stream).await;
        }
    })
    .await
}

#[tokio::test]
async fn a_server_that_gets_none_or_one_of_a_stranger_says_what_to_do() {
    let authority = Authority::new("An authority");
    let stranger = Authority::new("A stranger").client();
    for (options, told) in [
        (options(&authority), "asks for a client certificate: give one with `client_certificate`"),
        (
            options(&authority).client_certificate(stranger.certificate, stranger.key),
            "does not accept the client certificate",
        ),
    ] {
        let server = refusing(authority.acceptor()).await;
        let transport = HttpTransport::new(options).unwrap();
        let error = send(&transport, get(&server, "localhost")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Tls, "{error:?}");
        assert!(error.to_string().contains(told), "{error}");
    }
}

#[tokio::test]
async fn a_proxy_is_not_shown_the_certificate() {
    let authority = Authority::new("An authority");
    let Identity { certificate, key } = authority.client();
    let proxy = refusing(authority.acceptor()).await;
    let options = options(&authority)
        .proxy(format!("https://localhost:{}", proxy.address.port()))
        .client_certificate(certificate, key);
    let error = send(&HttpTransport::new(options).unwrap(), get(&proxy, "localhost")).await.unwrap_err();
    assert!(error.to_string().contains("asks for a client certificate"), "{error}");
}

#[test]
fn what_is_no_certificate_with_its_key_is_refused_at_once() {
    let authority = Authority::new("An authority");
    let (one, other) = (authority.client(), authority.client());
    let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nc2VjcmV0\n-----END ENCRYPTED PRIVATE KEY-----\n";
    for (certificate, key, told) in [
        (&*one.certificate, &*other.key, "the private key of it"),
        (&one.certificate, "hidden", "a private key that is not encrypted"),
        (&one.certificate, encrypted, "a private key that is not encrypted"),
        (&one.certificate, &one.certificate, "a private key that is not encrypted"),
        ("", &one.key, "there is no certificate in it"),
        (&one.key, &one.key, "there is no certificate in it"),
    ] {
        let error = HttpTransport::new(HttpOptions::new().client_certificate(certificate, key)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request);
        let text = error.to_string();
        assert!(text.contains(told) && text.contains("`client_certificate`"), "{text}");
        assert!(!format!("{error} {error:?}").contains("hidden"));
    }
    for options in [
        HttpOptions::new()
            .client_certificate(Pem::file("/nowhere/client.pem"), Pem::file("/nowhere/client.key")),
        HttpOptions::new().ca_certificates(Pem::file("/nowhere/client.pem")),
    ] {
        let error = HttpTransport::new(options).unwrap_err().to_string();
        assert!(error.contains("cannot read /nowhere/client.pem"), "{error}");
    }
}

#[test]
fn a_text_that_lost_its_line_breaks_is_refused_without_showing_the_key_in_it() {
    let Identity { certificate, key } = Authority::new("An authority").client();
    let both = format!("{key}{certificate}");
    let losses: [fn(&str) -> String; 3] = [
        |text| text.trim().replace('\n', " "),
        |text| text.trim().replace('\n', "\\n"),
        |text| text.replace('\n', "\\n"),
    ];
    // As text, and as the numbers of its bytes.
    let hidden = key.lines().nth(1).unwrap();
    let bytes = format!("{:?}", hidden.as_bytes());
    let bytes = bytes.trim_matches(['[', ']']);
    for lose in losses {
        for options in [
            HttpOptions::new().client_certificate(&*certificate, lose(&key)),
            HttpOptions::new().client_certificate(lose(&both), &*key),
            HttpOptions::new().ca_certificates(lose(&both)),
        ] {
            let error = HttpTransport::new(options).unwrap_err();
            let told = error.to_string();
            assert!(told.contains("line breaks") && told.contains("certificate"), "{told}");
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains(hidden) && !shown.contains(bytes), "{shown}");
        }
    }
}

/// As `openssl x509 -req` makes it without extensions.
const OF_VERSION_1: &str = "-----BEGIN CERTIFICATE-----
MIIBGjCBwQIUCdSEeSUHJISFEDgHbqeMFFBUJIIwCgYIKoZIzj0EAwIwDTELMAkG
A1UEAwwCY2EwIBcNMjYxMTI3MTIwNjE5WhgPMjEyNjExMDMxMjA2MTlaMBExDzAN
BgNVBAMMBmNsaWVudDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABKMMIXjgfXIM
W8fXIr+BOTemBV827O56mFmAjfGhJlBFGQHh3ua8FdropsS/lIyoN/Q71E0oMaEG
/NrqMVLhyzswCgYIKoZIzj0EAwIDSAAwRQIhAIgYyZW5YHE2ahVdKOfHWjZQaf8n
DuR3uTyeTYxy+GvEAiAB4tMPRyhDf4G45vFEaR6lZ6kR/eu3s/0TAAu/RKAhQw==
-----END CERTIFICATE-----
";

#[test]
fn a_certificate_of_version_1_is_for_the_server_to_judge() {
    let key = KeyPair::generate().unwrap().serialize_pem();
    let options = HttpOptions::new().no_proxy().client_certificate(OF_VERSION_1, key);
    HttpTransport::new(options).unwrap();
}

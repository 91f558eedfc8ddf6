//! Certificates that were given themselves, and what is wrong with others.

use crate::{
    https::{get, presenting, serving, trusting},
    server::{direct, send},
};
use logtide_transport::{ErrorKind, HttpTransport, TransportError};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    date_time_ymd,
};
use std::{env, fs, process::Command, sync::Arc};
use tokio_rustls::{
    TlsAcceptor,
    rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

/// What a server shows, and its PEM text.
struct Shown(TlsAcceptor, String);

/// A certificate that signs itself and is a CA certificate, as `openssl req -x509` makes it.
fn own(names: &[&str], set: impl FnOnce(&mut CertificateParams)) -> Shown {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    set(&mut params);
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let config = presenting(certificate.der().clone(), PrivateKeyDer::Pkcs8(key.serialize_der().into()));
    Shown(TlsAcceptor::from(Arc::new(config)), certificate.pem())
}

async fn ask(Shown(acceptor, _): Shown, transport: HttpTransport) -> Result<(), TransportError> {
    let server = serving(acceptor).await;
    send(&transport, get(&server, "localhost")).await.map(|answer| assert_eq!(answer.body, "ok"))
}

fn giving(pem: &str) -> HttpTransport {
    trusting(pem, |options| options.no_proxy())
}

async fn refused(shown: Shown, transport: HttpTransport) -> String {
    let error = ask(shown, transport).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tls, "{error:?}");
    error.to_string()
}

#[tokio::test]
async fn the_server_s_own_certificate_works_when_it_is_given() {
    for is_ca in [IsCa::Ca(BasicConstraints::Unconstrained), IsCa::NoCa, IsCa::ExplicitNoCa] {
        let shown = own(&["localhost"], |params| params.is_ca = is_ca);
        let transport = giving(&shown.1);
        ask(shown, transport).await.unwrap();
    }
}

/// A certificate of which only itself is given, not who signed it.
fn signed_by_a_stranger(name: &str, until: i32) -> Shown {
    let mut authority = CertificateParams::new([]).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.distinguished_name.push(DnType::CommonName, "A stranger");
    let issuer = Issuer::new(authority, KeyPair::generate().unwrap());
    let mut params = CertificateParams::new([name.to_owned()]).unwrap();
    params.not_after = date_time_ymd(until, 1, 1);
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap();
    let config = presenting(certificate.der().clone(), PrivateKeyDer::Pkcs8(key.serialize_der().into()));
    Shown(TlsAcceptor::from(Arc::new(config)), certificate.pem())
}

#[tokio::test]
async fn a_given_certificate_works_whoever_signed_it() {
    let shown = signed_by_a_stranger("localhost", 2090);
    let transport = giving(&shown.1);
    ask(shown, transport).await.unwrap();
    for (name, until, told) in [("localhost", 2021, "expired"), ("logs.example", 2090, "not for localhost")] {
        let shown = signed_by_a_stranger(name, until);
        let transport = giving(&shown.1);
        let error = refused(shown, transport).await;
        assert!(error.contains(told), "{error}");
    }
}

#[tokio::test]
async fn another_certificate_with_the_same_name_does_not() {
    let (given, shown) = (own(&["localhost"], |_| {}), own(&["localhost"], |_| {}));
    let told = refused(shown, giving(&given.1)).await;
    assert!(told.contains("`ca_certificates`"), "{told}");
}

#[tokio::test]
async fn a_given_certificate_is_no_pass_for_another_key() {
    let given = own(&["localhost"], |_| {});
    let other = KeyPair::generate().unwrap();
    let certificate = CertificateDer::from_pem_slice(given.1.as_bytes()).unwrap();
    let key: PrivateKeyDer<'_> = PrivateKeyDer::Pkcs8(other.serialize_der().into());
    // A server that shows a certificate whose key it does not have.
    let provider = tokio_rustls::rustls::crypto::ring::default_provider();
    let signer = provider.key_provider.load_private_key(key).unwrap();
    let shown = tokio_rustls::rustls::sign::CertifiedKey::new(vec![certificate], signer);
    let config = tokio_rustls::rustls::ServerConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(tokio_rustls::rustls::sign::SingleCertAndKey::from(shown)));
    let transport = giving(&given.1);
    refused(Shown(TlsAcceptor::from(Arc::new(config)), String::new()), transport).await;
}

#[tokio::test]
async fn name_and_dates_of_a_given_certificate_are_checked() {
    for is_ca in [IsCa::Ca(BasicConstraints::Unconstrained), IsCa::NoCa] {
        for (name, from, to, told) in [
            ("logs.example", 2020, 2090, "is for logs.example, not for localhost"),
            ("localhost", 2020, 2021, "expired at 2021-01-01T00:00:00"),
            ("localhost", 2090, 2091, "not valid before 2090-01-01T00:00:00"),
        ] {
            let shown = own(&[name], |params| {
                params.is_ca = is_ca;
                params.not_before = date_time_ymd(from, 1, 1);
                params.not_after = date_time_ymd(to, 1, 1);
            });
            let transport = giving(&shown.1);
            let error = refused(shown, transport).await;
            assert!(error.contains(told), "{error}");
        }
    }
}

#[tokio::test]
async fn each_fault_of_a_certificate_says_what_to_do() {
    let shown = own(&["localhost"], |_| {});
    let authority = refused(shown, direct()).await;
    assert!(authority.contains("a CA certificate") && authority.contains("`ca_certificates`"), "{authority}");

    let shown = own(&["localhost"], |params| params.is_ca = IsCa::NoCa);
    let unknown = refused(shown, direct()).await;
    assert!(
        unknown.contains("not signed by a trusted authority") && unknown.contains("`ca_certificates`"),
        "{unknown}"
    );

    let shown = own(&[], |_| {});
    let transport = giving(&shown.1);
    let nameless = refused(shown, transport).await;
    assert!(nameless.contains("-addext subjectAltName=DNS:localhost"), "{nameless}");

    let shown = own(&["localhost"], |params| {
        params.is_ca = IsCa::NoCa;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    });
    let transport = giving(&shown.1);
    let purpose = refused(shown, transport).await;
    assert!(purpose.contains("serverAuth"), "{purpose}");
}

#[tokio::test]
async fn what_openssl_makes_by_default_works() {
    let folder = env::temp_dir().join(format!("logtide-certificates-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let (key, certificate) = (folder.join("key.pem"), folder.join("certificate.pem"));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost"])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output();
    let files = made.is_ok_and(|made| made.status.success()).then(|| (fs::read(key), fs::read(certificate)));
    fs::remove_dir_all(&folder).unwrap();
    let Some((Ok(key), Ok(pem))) = files else {
        println!("skipped: there is no openssl that makes a certificate");
        return;
    };
    let certificate = CertificateDer::from_pem_slice(&pem).unwrap();
    let config = presenting(certificate, PrivateKeyDer::from_pem_slice(&key).unwrap());
    let pem = String::from_utf8(pem).unwrap();
    let transport = giving(&pem);
    ask(Shown(TlsAcceptor::from(Arc::new(config)), pem), transport).await.unwrap();
}

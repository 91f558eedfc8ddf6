//! TLS with a certificate authority of one's own.

use crate::{
    proxy::tunnelling,
    server::{OK, Server, direct, read_request, send, with_timeout},
};
use http::{Method, Uri};
use logtide_transport::{ErrorKind, HttpOptions, HttpTransport, Request};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use std::sync::Arc;
use tokio::io::AsyncWriteExt;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer},
    },
};

#[tokio::test]
async fn a_private_authority_works_when_it_is_given() {
    let (server, ca) = secure_server(&["localhost", "127.0.0.1"]).await;
    let transport = trusting(&ca, |options| options.no_proxy());
    for host in ["localhost", "127.0.0.1"] {
        for _ in 0..2 {
            assert_eq!(send(&transport, get(&server, host)).await.unwrap().body, "ok");
        }
    }
    assert_eq!(server.connections(), 2, "one for each name");
}

#[tokio::test]
async fn an_unknown_authority_is_refused_and_says_what_to_do() {
    let (server, _) = secure_server(&["localhost"]).await;
    let error = send(&direct(), get(&server, "localhost")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tls, "{error:?}");
    assert!(error.to_string().contains("`ca_certificates`"), "{error}");
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let (server, ca) = secure_server(&["logs.example"]).await;
    let transport = trusting(&ca, |options| options.no_proxy());
    let error = send(&transport, get(&server, "localhost")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tls, "{error:?}");
}

#[tokio::test]
async fn https_to_a_port_without_tls_says_so() {
    let server = Server::start(|mut stream| async move {
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        read_request(&mut stream).await;
    })
    .await;
    let error = send(&direct(), get(&server, "localhost")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tls, "{error:?}");
    assert!(error.to_string().contains("use http://"), "{error}");
}

#[tokio::test]
async fn a_tunnel_through_a_proxy_is_secured_end_to_end() {
    let (server, ca) = secure_server(&["localhost"]).await;
    let proxy = tunnelling(server.address).await;
    let transport = trusting(&ca, |options| options.proxy(format!("http://{}", proxy.address)));
    for _ in 0..2 {
        assert_eq!(send(&transport, get(&server, "localhost")).await.unwrap().body, "ok");
    }
    assert_eq!(proxy.connections(), 1);
}

#[tokio::test]
async fn the_way_to_the_proxy_can_be_secured_too() {
    let (target, ca) = secure_server(&["localhost"]).await;
    let (acceptor, proxy_ca) = identity(&["localhost"]);
    let address = target.address;
    let proxy = Server::start(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let mut stream = acceptor.accept(stream).await.unwrap();
            assert!(read_request(&mut stream).await.unwrap().starts_with("CONNECT localhost:"));
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
            let mut server = tokio::net::TcpStream::connect(address).await.unwrap();
            let _ = tokio::io::copy_bidirectional(&mut stream, &mut server).await;
        }
    })
    .await;
    let url = format!("https://localhost:{}", proxy.address.port());
    let transport = trusting(&(ca + &proxy_ca), |options| options.proxy(url));
    assert_eq!(send(&transport, get(&target, "localhost")).await.unwrap().body, "ok");
}

pub(crate) fn trusting(ca: &str, set: impl FnOnce(HttpOptions) -> HttpOptions) -> HttpTransport {
    HttpTransport::new(set(HttpOptions::new().ca_certificates(ca))).unwrap()
}

pub(crate) fn get(server: &Server, host: &str) -> Request {
    let uri: Uri = format!("https://{host}:{}/", server.address.port()).parse().unwrap();
    with_timeout(Request::new(Method::GET, uri))
}

/// A server that answers `ok`, and the PEM text of the authority that vouches for it.
async fn secure_server(names: &[&str]) -> (Server, String) {
    let (acceptor, ca) = identity(names);
    (serving(acceptor).await, ca)
}

/// A server that answers `ok`.
pub(crate) async fn serving(acceptor: TlsAcceptor) -> Server {
    Server::start(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            while read_request(&mut stream).await.is_some() {
                stream.write_all(OK.as_bytes()).await.unwrap();
            }
        }
    })
    .await
}

pub(crate) fn identity(names: &[&str]) -> (TlsAcceptor, String) {
    let (config, ca) = server_config(names);
    (TlsAcceptor::from(Arc::new(config)), ca)
}

pub(crate) fn server_config(names: &[&str]) -> (ServerConfig, String) {
    let mut authority = CertificateParams::new([]).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().unwrap();
    let ca = authority.self_signed(&authority_key).unwrap().pem();
    let issuer = Issuer::new(authority, authority_key);
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(names).unwrap().signed_by(&key, &issuer).unwrap();
    (presenting(leaf.der().clone(), PrivateKeyDer::Pkcs8(key.serialize_der().into())), ca)
}

pub(crate) fn presenting(certificate: CertificateDer<'static>, key: PrivateKeyDer<'static>) -> ServerConfig {
    ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap()
}

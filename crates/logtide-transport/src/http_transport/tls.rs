//! TLS, and the certificates to trust.

mod identity;
mod own;
mod system;

pub(super) use own::{is_authority_as_server, is_of_version_1};

use super::{
    failure::from_tls,
    pem::{ClientCertificate, Pem, certificates},
};
use crate::{ErrorKind, PerProcess, TransportError};
use hyper_rustls::HttpsConnector;
use identity::Nobody;
use own::Trust;
use rustls::{
    ClientConfig, RootCertStore,
    client::{ResolvesClientCert, Resumption},
    crypto::ring,
    pki_types::CertificateDer,
};
use std::{error::Error, sync::Arc};
use tokio::sync::OnceCell;

/// The TLS configuration, created for the first `https` address.
///
/// The certificates of the operating system are in files that may be missing, which must not matter for plain `http`.
/// A failure is not cached, so the next connection tries again.
#[derive(Clone)]
pub(super) struct Tls(Arc<Inner>);

struct Inner {
    given: Vec<CertificateDer<'static>>,
    extra_roots: Vec<CertificateDer<'static>>,
    identity: Arc<dyn ResolvesClientCert>,
    /// A child does not wait for its parent's thread that was just making it.
    config: PerProcess<OnceCell<Arc<ClientConfig>>>,
}

impl Tls {
    pub(super) fn new(
        ca_certificates: &[Pem],
        client_certificate: Option<&ClientCertificate>,
    ) -> Result<Self, TransportError> {
        let mut given = Vec::new();
        for pem in ca_certificates {
            given.extend(parse(&pem.read("ca_certificates")?)?);
        }
        let identity = match client_certificate {
            Some(certificate) => identity::read(certificate)?,
            None => Arc::new(Nobody),
        };
        #[cfg(feature = "webpki-roots")]
        let extra_roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.to_vec();
        #[cfg(not(feature = "webpki-roots"))]
        let extra_roots = Vec::new();
        let config = PerProcess::new(OnceCell::new(), inherit);
        Ok(Self(Arc::new(Inner { given, extra_roots, identity, config })))
    }

    /// Checks that TLS can be used. It reads files, and keeps the result.
    pub(super) fn check(&self) -> Result<(), TransportError> {
        let config = self.0.config.get();
        if config.get().is_none() {
            let loaded = self.load()?;
            // If another thread was faster, its configuration is equivalent.
            let _ = config.set(Arc::new(loaded));
        }
        Ok(())
    }

    /// Adds TLS to the connections of `connector`.
    pub(super) async fn over<C>(&self, connector: C) -> Result<HttpsConnector<C>, TransportError> {
        Ok(HttpsConnector::from((connector, self.config().await?)))
    }

    /// Secures the way to a proxy, where HTTP/2 must not be offered, and which is not shown who the client is.
    pub(super) async fn over_to_proxy<C>(&self, connector: C) -> Result<HttpsConnector<C>, TransportError> {
        let mut config = self.config().await?;
        if !config.alpn_protocols.is_empty() || config.client_auth_cert_resolver.has_certs() {
            let config = Arc::make_mut(&mut config);
            config.alpn_protocols.clear();
            config.client_auth_cert_resolver = Arc::new(Nobody);
        }
        Ok(HttpsConnector::from((connector, config)))
    }

    async fn config(&self) -> Result<Arc<ClientConfig>, TransportError> {
        let load = || async {
            let tls = self.clone();
            // It reads files.
            let loading = tokio::task::spawn_blocking(move || tls.load());
            let loaded = loading.await.map_err(|error| TransportError::new(ErrorKind::Tls, error))?;
            loaded.map(Arc::new)
        };
        self.0.config.get().get_or_try_init(load).await.cloned()
    }

    fn load(&self) -> Result<ClientConfig, TransportError> {
        let Inner { given, extra_roots, identity, .. } = &*self.0;
        load(given.clone(), extra_roots.clone(), identity.clone()).map_err(|error| from_tls(error.into()))
    }
}

/// A parent's configuration with new sessions: a thread of the parent may have held the lock on its sessions.
fn inherit(parents: &OnceCell<Arc<ClientConfig>>) -> OnceCell<Arc<ClientConfig>> {
    OnceCell::new_with(parents.get().map(|config| {
        let mut config = ClientConfig::clone(config);
        config.resumption = Resumption::default();
        Arc::new(config)
    }))
}

fn parse(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TransportError> {
    let certificates = certificates(pem).map_err(refuse)?;
    let mut checked = RootCertStore::empty();
    for certificate in &certificates {
        checked.add(certificate.clone()).map_err(refuse)?;
    }
    Ok(certificates)
}

fn refuse(cause: impl Into<Box<dyn Error + Send + Sync>>) -> TransportError {
    TransportError::new(ErrorKind::Request, cause)
        .with_hint("pass the contents of a PEM file to `ca_certificates`")
}

/// Uses ring explicitly, because the application may have set another provider as the default of the process.
fn load(
    given: Vec<CertificateDer<'static>>,
    extra_roots: Vec<CertificateDer<'static>>,
    identity: Arc<dyn ResolvesClientCert>,
) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(ring::default_provider());
    let verifier = Trust::new(given, extra_roots, provider.clone())?;
    #[cfg_attr(not(feature = "http2"), expect(unused_mut, reason = "only HTTP/2 is negotiated"))]
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_client_cert_resolver(identity);
    #[cfg(feature = "http2")]
    {
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    }
    Ok(config)
}

#[cfg(test)]
mod tests {
    use rustls::client::{ClientSessionMemoryCache, ClientSessionStore};

    use super::*;

    #[test]
    fn a_child_has_the_configuration_of_its_parent_and_sessions_of_its_own() {
        let sessions: Arc<dyn ClientSessionStore> = Arc::new(ClientSessionMemoryCache::new(1));
        let mut parents = load(Vec::new(), Vec::new(), Arc::new(Nobody)).unwrap();
        parents.resumption = Resumption::store(sessions.clone());
        let parents = OnceCell::new_with(Some(Arc::new(parents)));
        let child = inherit(&parents);
        assert!(!Arc::ptr_eq(child.get().unwrap(), parents.get().unwrap()));
        assert_eq!(Arc::strong_count(&sessions), 2, "the test and the parent");
    }

    #[test]
    fn what_is_no_certificate_is_refused_at_once() {
        let garbage = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for pem in [b"".as_slice(), b"/etc/ssl/ca.pem", garbage] {
            let error = Tls::new(&[pem.into()], None).err().unwrap();
            assert_eq!(error.kind(), ErrorKind::Request);
            assert!(error.to_string().contains("`ca_certificates`"), "{error}");
        }
    }
}

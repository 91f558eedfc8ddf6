//! TLS, and whom to trust.

use crate::{ErrorKind, PerProcess, TransportError};
use hyper_rustls::HttpsConnector;
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};
use rustls_platform_verifier::Verifier;
use std::{error::Error, sync::Arc};
use tokio::sync::OnceCell;

/// The configuration of TLS, made when the first `https` address needs it.
///
/// It is late because the authorities of the operating system are in files that may be missing, which must not
/// matter to those who use plain `http`. A failure is not kept, so that the next connection looks again.
#[derive(Clone)]
pub(super) struct Tls(Arc<Inner>);

struct Inner {
    extra_roots: Vec<CertificateDer<'static>>,
    /// A child does not wait for its parent's thread that was just making it.
    config: PerProcess<OnceCell<Arc<ClientConfig>>>,
}

impl Tls {
    pub(super) fn new(ca_certificates: &[Vec<u8>]) -> Result<Self, TransportError> {
        let mut extra_roots = Vec::new();
        for pem in ca_certificates {
            extra_roots.extend(parse(pem)?);
        }
        #[cfg(feature = "webpki-roots")]
        extra_roots.extend(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
        let inherit = |parents: &OnceCell<_>| OnceCell::new_with(parents.get().cloned());
        Ok(Self(Arc::new(Inner { extra_roots, config: PerProcess::new(OnceCell::new(), inherit) })))
    }

    /// Secures what `connector` opens.
    pub(super) async fn over<C>(&self, connector: C) -> Result<HttpsConnector<C>, TransportError> {
        Ok(HttpsConnector::from((connector, self.config().await?)))
    }

    /// Secures the way to a proxy, where HTTP/2 must not be offered.
    pub(super) async fn over_to_proxy<C>(&self, connector: C) -> Result<HttpsConnector<C>, TransportError> {
        let mut config = self.config().await?;
        if !config.alpn_protocols.is_empty() {
            Arc::make_mut(&mut config).alpn_protocols.clear();
        }
        Ok(HttpsConnector::from((connector, config)))
    }

    async fn config(&self) -> Result<Arc<ClientConfig>, TransportError> {
        let load = || async {
            let extra_roots = self.0.extra_roots.clone();
            // It reads files.
            let loading = tokio::task::spawn_blocking(move || load(extra_roots));
            match loading.await {
                Ok(Ok(config)) => Ok(Arc::new(config)),
                Ok(Err(error)) => Err(TransportError::new(ErrorKind::Tls, error)),
                Err(error) => Err(TransportError::new(ErrorKind::Tls, error)),
            }
        };
        self.0.config.get().get_or_try_init(load).await.cloned()
    }
}

fn parse(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TransportError> {
    let certificates = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>().map_err(refuse)?;
    if certificates.is_empty() {
        return Err(refuse("there is no certificate in it"));
    }
    let mut checked = RootCertStore::empty();
    for certificate in &certificates {
        checked.add(certificate.clone()).map_err(refuse)?;
    }
    Ok(certificates)
}

fn refuse(cause: impl Into<Box<dyn Error + Send + Sync>>) -> TransportError {
    TransportError::new(ErrorKind::Request, cause).with_hint("give `ca_certificates` the text of a PEM file")
}

/// Takes ring by name, because the application may have set another provider as the default of the process.
fn load(extra_roots: Vec<CertificateDer<'static>>) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(ring::default_provider());
    let verifier = Verifier::new_with_extra_roots(extra_roots, provider.clone())?;
    #[cfg_attr(not(feature = "http2"), expect(unused_mut, reason = "only HTTP/2 is negotiated"))]
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    #[cfg(feature = "http2")]
    {
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    }
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_certificate_is_refused_at_once() {
        let garbage = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for pem in [b"".as_slice(), b"/etc/ssl/ca.pem", garbage] {
            let error = Tls::new(&[pem.to_vec()]).err().unwrap();
            assert_eq!(error.kind(), ErrorKind::Request);
            assert!(error.to_string().contains("`ca_certificates`"), "{error}");
        }
    }
}

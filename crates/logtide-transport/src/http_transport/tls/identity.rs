//! The certificate that a client shows of itself.

use crate::{ErrorKind, TransportError, http_transport::pem::ClientCertificate};
use rustls::{
    SignatureScheme,
    client::ResolvesClientCert,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::{CertifiedKey, SingleCertAndKey},
};
use std::{error::Error, sync::Arc};

/// Reads a certificate with its key, and looks whether they belong together.
pub(super) fn read(given: &ClientCertificate) -> Result<Arc<dyn ResolvesClientCert>, TransportError> {
    let chain = given.certificate.read("client_certificate")?;
    let chain = CertificateDer::pem_slice_iter(&chain).collect::<Result<Vec<_>, _>>().map_err(|error| {
        refuse(error, "give `client_certificate` the text of a PEM file with a certificate")
    })?;
    if chain.is_empty() {
        let hint = "give `client_certificate` the text of a PEM file with a certificate";
        return Err(refuse("there is no certificate in it", hint));
    }
    let key = given.key.read("client_certificate")?;
    // The error names no more than the form of the text.
    let key = PrivateKeyDer::from_pem_slice(&key).map_err(|error| {
        refuse(
            error,
            "give `client_certificate` the text of a PEM file with a private key that is not encrypted",
        )
    })?;
    let certified = CertifiedKey::from_der(chain, key, &ring::default_provider()).map_err(|error| {
        refuse(error, "give `client_certificate` a certificate and the private key of it")
    })?;
    Ok(Arc::new(SingleCertAndKey::from(certified)))
}

fn refuse(cause: impl Into<Box<dyn Error + Send + Sync>>, hint: &'static str) -> TransportError {
    TransportError::new(ErrorKind::Request, cause).with_hint(hint)
}

/// Shows no certificate.
#[derive(Debug)]
pub(super) struct Nobody;

impl ResolvesClientCert for Nobody {
    fn resolve(&self, _authorities: &[&[u8]], _schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        None
    }

    fn has_certs(&self) -> bool {
        false
    }
}

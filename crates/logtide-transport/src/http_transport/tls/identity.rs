//! The certificate that a client shows of itself.

use crate::{
    ErrorKind, TransportError,
    http_transport::pem::{ClientCertificate, certificates, private_key},
};
use rustls::{
    InconsistentKeys, SignatureScheme,
    client::ResolvesClientCert,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
    sign::{CertifiedKey, SingleCertAndKey},
};
use std::{error::Error, sync::Arc};

use super::own::is_of_version_1;

/// Reads a certificate with its key, and looks whether they belong together.
pub(super) fn read(given: &ClientCertificate) -> Result<Arc<dyn ResolvesClientCert>, TransportError> {
    let chain = certificates(&given.certificate.read("client_certificate")?).map_err(|cause| {
        refuse(cause, "give `client_certificate` the text of a PEM file with a certificate")
    })?;
    let key = private_key(&given.key.read("client_certificate")?).map_err(|cause| {
        refuse(
            cause,
            "give `client_certificate` the text of a PEM file with a private key that is not encrypted",
        )
    })?;
    let certified = certified(chain, key).map_err(|error| {
        refuse(error, "give `client_certificate` a certificate and the private key of it")
    })?;
    Ok(Arc::new(SingleCertAndKey::from(certified)))
}

fn certified(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<CertifiedKey, rustls::Error> {
    let key = ring::default_provider().key_provider.load_private_key(key)?;
    let certified = CertifiedKey::new(chain, key);
    match certified.keys_match() {
        Ok(()) | Err(rustls::Error::InconsistentKeys(InconsistentKeys::Unknown)) => Ok(certified),
        // Its key cannot be compared. Servers take it: `openssl x509 -req` makes such ones by default.
        Err(rustls::Error::InvalidCertificate(error)) if is_of_version_1(&error) => Ok(certified),
        Err(error) => Err(error),
    }
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

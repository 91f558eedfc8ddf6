//! Trust in additional certificates.

use rustls::{
    CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_name,
    },
    crypto::CryptoProvider,
    pki_types::{CertificateDer, ServerName, UnixTime},
    server::ParsedCertificate,
};
use std::sync::Arc;

use super::system;

/// Trusts what the system trusts, and a server that presents a given certificate itself.
///
/// A server must not present a CA certificate, but `openssl req -x509` creates one by default. So if the server
/// presents exactly a given certificate, its issuer is not checked. Its name and dates are, and that the server has
/// its key.
#[derive(Debug)]
pub(super) struct Trust {
    system: Arc<dyn ServerCertVerifier>,
    given: Vec<CertificateDer<'static>>,
    /// Creates a verifier for the given certificates. `None` without any.
    own: Option<Arc<WebPkiServerVerifier>>,
}

impl Trust {
    pub(super) fn new(
        given: Vec<CertificateDer<'static>>,
        extra_roots: Vec<CertificateDer<'static>>,
        provider: Arc<CryptoProvider>,
    ) -> Result<Self, Error> {
        let mut roots = RootCertStore::empty();
        for certificate in &given {
            roots.add(certificate.clone())?;
        }
        let own = match roots.is_empty() {
            true => None,
            false => Some(
                WebPkiServerVerifier::builder_with_provider(roots.into(), provider.clone())
                    .build()
                    .map_err(|error| Error::Other(OtherError(Arc::new(error))))?,
            ),
        };
        let all_roots = given.iter().cloned().chain(extra_roots);
        Ok(Self { system: system::verifier(all_roots, provider)?, given, own })
    }

    /// Whether the server presents a given certificate that is valid for this name at this time.
    fn is_given(
        &self,
        end_entity: &CertificateDer<'_>,
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<bool, Error> {
        let Some(own) = self.own.as_ref().filter(|_| self.given.contains(end_entity)) else {
            return Ok(false);
        };
        match own.verify_server_cert(end_entity, &[], name, &[], now) {
            Ok(_) => Ok(true),
            // The dates are checked before that.
            Err(error) if is_authority_as_server(&error) || is_unknown(&error) => {
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, name).map(|()| true)
            }
            Err(error) => Err(error),
        }
    }
}

/// Whether a certificate is rejected only because it is a CA certificate.
pub(in crate::http_transport) fn is_authority_as_server(error: &Error) -> bool {
    let Error::InvalidCertificate(CertificateError::Other(OtherError(cause))) = error else { return false };
    matches!(cause.downcast_ref(), Some(webpki::Error::CaUsedAsEndEntity))
}

/// Whether a certificate is rejected because it is of version 1 of X.509.
pub(in crate::http_transport) fn is_of_version_1(error: &CertificateError) -> bool {
    let CertificateError::Other(OtherError(cause)) = error else { return false };
    matches!(cause.downcast_ref(), Some(webpki::Error::UnsupportedCertVersion))
}

/// Whether a certificate is rejected because it is not signed by a trusted authority.
fn is_unknown(error: &Error) -> bool {
    matches!(error, Error::InvalidCertificate(CertificateError::UnknownIssuer))
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.is_given(end_entity, name, now)? {
            return Ok(ServerCertVerified::assertion());
        }
        self.system.verify_server_cert(end_entity, intermediates, name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.system.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.system.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.system.supported_verify_schemes()
    }
}

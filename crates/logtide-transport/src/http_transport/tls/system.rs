//! Trust in what the operating system trusts.

use rustls::{Error, client::danger::ServerCertVerifier, crypto::CryptoProvider, pki_types::CertificateDer};
use std::sync::Arc;

/// Trusts what the system trusts, and these authorities. Here its authorities are files, which are read.
#[cfg(all(unix, not(any(target_os = "android", target_vendor = "apple"))))]
pub(super) fn verifier(
    extra_roots: impl Iterator<Item = CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    use rustls::{OtherError, RootCertStore, client::WebPkiServerVerifier};

    let mut roots = RootCertStore::empty();
    for root in extra_roots {
        roots.add(root)?;
    }
    // One that cannot be read is no reason to distrust the others.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err(Error::General("No CA certificates were loaded from the system".to_owned()));
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(roots.into(), provider).build();
    Ok(verifier.map_err(|error| Error::Other(OtherError(Arc::new(error))))?)
}

/// Trusts what the system trusts, and these authorities. Here the system decides itself.
#[cfg(not(all(unix, not(any(target_os = "android", target_vendor = "apple")))))]
pub(super) fn verifier(
    extra_roots: impl Iterator<Item = CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    Ok(Arc::new(rustls_platform_verifier::Verifier::new_with_extra_roots(extra_roots, provider)?))
}

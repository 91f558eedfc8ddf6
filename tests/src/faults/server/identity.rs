//! Certificates, valid and invalid.

use std::sync::{Arc, LazyLock};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use tokio_rustls::rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
};

use super::super::{Result, TlsFault};

/// The name that clients connect to.
const NAME: &str = "127.0.0.1";

/// Certificates of an authority that the clients trust, and of one that they do not.
#[derive(Debug)]
pub(in crate::faults) struct Identities {
    /// The authority's certificate.
    pub(in crate::faults) authority: String,
    good: Shown,
    expired: Shown,
    not_yet_valid: Shown,
    wrong_name: Shown,
    unknown: Shown,
}

#[derive(Debug)]
struct Shown(CertificateDer<'static>, Vec<u8>);

static IDENTITIES: LazyLock<std::result::Result<Identities, String>> =
    LazyLock::new(|| Identities::new().map_err(|error| error.to_string()));

impl Identities {
    /// Returns those of this process.
    pub(in crate::faults) fn get() -> Result<&'static Self> {
        IDENTITIES.as_ref().map_err(|error| error.as_str().into())
    }

    fn new() -> Result<Self> {
        let ((known, pem), (stranger, _)) = (authority()?, authority()?);
        Ok(Self {
            authority: pem,
            good: Shown::new(&known, NAME, 2020, 2090)?,
            expired: Shown::new(&known, NAME, 2020, 2021)?,
            not_yet_valid: Shown::new(&known, NAME, 2089, 2090)?,
            wrong_name: Shown::new(&known, "logs.example", 2020, 2090)?,
            unknown: Shown::new(&stranger, NAME, 2020, 2090)?,
        })
    }

    /// Returns the certificate of a server, which is valid unless the fault concerns it.
    pub(super) fn shown(&self, fault: Option<TlsFault>, protocol: &[u8]) -> Result<Arc<ServerConfig>> {
        let Shown(certificate, key) = match fault {
            Some(TlsFault::Expired) => &self.expired,
            Some(TlsFault::NotYetValid) => &self.not_yet_valid,
            Some(TlsFault::WrongName) => &self.wrong_name,
            Some(TlsFault::UnknownAuthority) => &self.unknown,
            _ => &self.good,
        };
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.clone()], PrivateKeyDer::Pkcs8(key.clone().into()))?;
        config.alpn_protocols = vec![protocol.to_vec()];
        Ok(Arc::new(config))
    }
}

impl Shown {
    fn new(issuer: &Issuer<'_, KeyPair>, name: &str, from: i32, until: i32) -> Result<Self> {
        let mut params = CertificateParams::new([name.to_owned()])?;
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, issuer)?;
        Ok(Self(certificate.der().clone(), key.serialize_der()))
    }
}

/// Creates an authority, and returns its certificate as text.
fn authority() -> Result<(Issuer<'static, KeyPair>, String)> {
    let mut params = CertificateParams::new([])?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?.pem();
    Ok((Issuer::new(params, key), certificate))
}

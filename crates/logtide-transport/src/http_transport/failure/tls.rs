//! Explains TLS errors, and what to do about them.

use crate::http_transport::tls::{is_authority_as_server, is_of_version_1};
use logtide_core::Timestamp;
use rustls::{
    AlertDescription, CertificateError, Error as TlsError,
    pki_types::{ServerName, UnixTime},
};

/// A text for what the user can fix. `None` for everything else.
pub(crate) fn sentence(error: &TlsError) -> Option<String> {
    if is_authority_as_server(error) {
        return Some(
            "the certificate is a CA certificate, as `openssl req -x509 -addext subjectAltName=DNS:host` creates it: pass \
             it to `ca_certificates`, or create one with `-addext basicConstraints=CA:FALSE` too"
                .to_owned(),
        );
    }
    match error {
        TlsError::InvalidCertificate(error) => of_certificate(error),
        TlsError::General(text) if text.contains("No CA certificates") => Some(
            "the system has no root certificates: install the package ca-certificates, enable the feature \
             `webpki-roots`, or pass the server's certificate to `ca_certificates`"
                .to_owned(),
        ),
        TlsError::InvalidMessage(_) => {
            Some("the other side does not speak TLS: check the port, or use http://".to_owned())
        }
        TlsError::PeerIncompatible(_) => Some(versions(error)),
        TlsError::AlertReceived(alert) => match alert {
            AlertDescription::ProtocolVersion
            | AlertDescription::HandshakeFailure
            | AlertDescription::InsufficientSecurity => Some(versions(error)),
            AlertDescription::CertificateRequired => Some(
                "the other side asks for a client certificate: give one with `client_certificate`".to_owned(),
            ),
            // What the client has shown is its own certificate alone.
            AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied => Some(format!(
                "the other side does not accept the client certificate ({alert:?}): give one that it trusts with \
                 `client_certificate`"
            )),
            AlertDescription::UnrecognisedName => {
                Some("the server does not know the host name: check the host of the API URL".to_owned())
            }
            _ => None,
        },
        _ => None,
    }
}

fn of_certificate(error: &CertificateError) -> Option<String> {
    Some(match error {
        CertificateError::UnknownIssuer => {
            "the certificate is not signed by a trusted authority: if the authority is private, pass its certificate \
             to `ca_certificates`"
                .to_owned()
        }
        CertificateError::Expired => "the certificate has expired: renew it".to_owned(),
        CertificateError::ExpiredContext { not_after, .. } => {
            format!("the certificate expired at {}: renew it, or correct this machine's clock", date(*not_after))
        }
        CertificateError::NotValidYet => "the certificate is not valid yet: correct this machine's clock".to_owned(),
        CertificateError::NotValidYetContext { not_before, .. } => {
            format!("the certificate is not valid before {}: correct this machine's clock", date(*not_before))
        }
        CertificateError::NotValidForName => "the certificate is for another host: check the host of the API URL".to_owned(),
        CertificateError::NotValidForNameContext { expected, presented } => other_name(expected, presented),
        CertificateError::Revoked => "the certificate was revoked: renew it".to_owned(),
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "the certificate is not for servers: create one with the extended key usage serverAuth".to_owned()
        }
        error if is_of_version_1(error) => {
            "the certificate uses version 1 of X.509: create one with version 3".to_owned()
        }
        _ => return None,
    })
}

fn other_name(expected: &ServerName<'_>, presented: &[String]) -> String {
    let host = expected.to_str();
    let kind = if matches!(expected, ServerName::IpAddress(_)) { "IP" } else { "DNS" };
    if presented.is_empty() {
        return format!(
            "the certificate has no subject alternative names: create one with, for example, \
             `openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj /CN={host} -addext \
             subjectAltName={kind}:{host}`"
        );
    }
    // They are like `DnsName("logs.example.org")`.
    let names: Vec<_> = presented.iter().map(|name| name_in(name)).collect();
    format!(
        "the certificate is for {}, not for {host}: use one of its names in the API URL, or a certificate for \
         {host}",
        names.join(", ")
    )
}

fn name_in(presented: &str) -> &str {
    let inner = presented.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    inner.unwrap_or(presented).trim_matches('"')
}

fn versions(error: &TlsError) -> String {
    format!("{error}: the other side must offer TLS 1.2 or 1.3")
}

fn date(time: UnixTime) -> String {
    let micros = i64::try_from(time.as_secs()).unwrap_or(i64::MAX).saturating_mul(1_000_000);
    Timestamp::from_micros(micros).to_string()
}

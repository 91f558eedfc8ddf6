//! Serialized form of the connection options.

use logtide_transport::HttpOptions;
use serde::Deserialize;

use super::{
    duration::Span,
    file::Private,
    text::{Read, Text},
};

/// The [`HttpOptions`] that are set.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Http {
    connect_timeout: Option<Read<Span>>,
    idle_timeout: Option<Read<Span>>,
    max_idle: Option<Read<usize>>,
    /// An address, or `none`.
    proxy: Option<Private>,
    #[cfg(feature = "tls")]
    ca_certificates: Option<pem::Pems>,
    #[cfg(feature = "tls")]
    client_certificate: Option<pem::ClientCertificate>,
}

/// The expected form of an environment variable.
pub(super) const EXPECTED: &str = if cfg!(feature = "tls") {
    "a JSON object with connect_timeout, idle_timeout, max_idle, proxy, ca_certificates or client_certificate"
} else {
    "a JSON object with connect_timeout, idle_timeout, max_idle or proxy; certificates need the feature `tls`"
};

impl From<Http> for HttpOptions {
    fn from(http: Http) -> Self {
        let mut options = Self::default();
        if let Some(Read(Span(timeout))) = http.connect_timeout {
            options = options.connect_timeout(timeout);
        }
        if let Some(Read(Span(timeout))) = http.idle_timeout {
            options = options.idle_timeout(timeout);
        }
        if let Some(Read(connections)) = http.max_idle {
            options = options.max_idle(connections);
        }
        match http.proxy.and_then(|Private(url)| Text::given(url)) {
            Some(none) if none.eq_ignore_ascii_case("none") => options = options.no_proxy(),
            Some(url) => options = options.proxy(url),
            None => {}
        }
        #[cfg(feature = "tls")]
        {
            options = http.ca_certificates.into_iter().fold(options, |options, pems| pems.set(options));
            let given = http.client_certificate.filter(pem::ClientCertificate::is_given);
            options = given.into_iter().fold(options, |options, pem| pem.set(options));
        }
        options
    }
}

#[cfg(feature = "tls")]
mod pem {
    use logtide_transport::Pem;

    use super::{Deserialize, HttpOptions, Private, Text};

    /// The start of a PEM text. Anything else is a file path.
    const BEGIN: &str = "-----BEGIN";

    /// One or several PEM texts or files.
    #[derive(Deserialize)]
    #[serde(untagged)]
    pub(super) enum Pems {
        One(Private),
        Several(Vec<Private>),
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct ClientCertificate {
        certificate: Private,
        key: Private,
    }

    impl Pems {
        pub(super) fn set(self, options: HttpOptions) -> HttpOptions {
            let pems = match self {
                Self::One(pem) => vec![pem],
                Self::Several(pems) => pems,
            };
            let given = pems.into_iter().filter(|Private(Text(pem))| !pem.is_empty());
            given.fold(options, |options, pem| options.ca_certificates(pem))
        }
    }

    impl ClientCertificate {
        /// Whether one of both is not empty, as both are where the variables of a template are not set.
        pub(super) fn is_given(&self) -> bool {
            let [Private(Text(certificate)), Private(Text(key))] = [&self.certificate, &self.key];
            !certificate.is_empty() || !key.is_empty()
        }

        pub(super) fn set(self, options: HttpOptions) -> HttpOptions {
            options.client_certificate(self.certificate, self.key)
        }
    }

    impl From<Private> for Pem {
        fn from(Private(Text(pem)): Private) -> Self {
            if pem.contains(BEGIN) { pem.into() } else { Self::file(pem) }
        }
    }
}

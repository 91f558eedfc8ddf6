//! Options in the form of texts: from the environment, and from files.

mod duration;
mod environment;
mod file;

use logtide_core::{DsnError, GiveUp, Metadata, PayloadLimits, Redaction};
use serde::Deserialize;

pub use self::environment::EnvError;
use self::{duration::Span, file::Private};
use super::{ClientOptions, DropPolicy};

/// What was set; what was not keeps its default.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    dsn: Option<Private>,
    api_url: Option<Private>,
    api_key: Option<Private>,
    service: Option<String>,
    environment: Option<String>,
    release: Option<String>,
    server_name: Option<String>,
    batch_size: Option<usize>,
    flush_interval: Option<Span>,
    max_buffer_size: Option<usize>,
    max_buffer_bytes: Option<usize>,
    drop_policy: Option<Policy>,
    max_batch_bytes: Option<usize>,
    max_in_flight: Option<usize>,
    max_retries: Option<u32>,
    give_up: Option<GiveUp>,
    retry_delay: Option<Span>,
    circuit_breaker_threshold: Option<u32>,
    circuit_breaker_reset: Option<Span>,
    request_timeout: Option<Span>,
    flush_timeout: Option<Span>,
    shutdown_timeout: Option<Span>,
    enable_metrics: Option<bool>,
    debug: Option<bool>,
    auto_trace_id: Option<bool>,
    sample_rate: Option<f64>,
    send_default_pii: Option<bool>,
    global_metadata: Option<Metadata>,
    payload_limits: Option<PayloadLimits>,
    redaction: Option<Redaction>,
}

/// A drop policy as it is written in files.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Policy {
    Newest,
    Oldest,
    Block(Span),
}

/// Why settings are no options.
enum Incomplete {
    Dsn(DsnError),
    /// There is neither a DSN nor an address with a key.
    NoServer,
}

impl Settings {
    /// The options that they make. A DSN wins over address and key.
    fn into_options(self) -> Result<ClientOptions, Incomplete> {
        let mut options = match (&self.dsn, &self.api_url, &self.api_key) {
            (Some(dsn), ..) => ClientOptions::from_dsn(&dsn.0).map_err(Incomplete::Dsn)?,
            (None, Some(url), Some(key)) => ClientOptions::new(&url.0, &key.0),
            (None, ..) => return Err(Incomplete::NoServer),
        };
        macro_rules! set {
            ($($option:ident),* $(,)?) => {
                $(if let Some(value) = self.$option {
                    options = options.$option(value);
                })*
            };
        }
        set!(service, environment, release, server_name);
        set!(
            batch_size,
            max_buffer_size,
            max_buffer_bytes,
            max_batch_bytes,
            max_in_flight,
            max_retries,
            give_up
        );
        set!(circuit_breaker_threshold, enable_metrics, debug, auto_trace_id, sample_rate, send_default_pii);
        set!(payload_limits, redaction, global_metadata);
        macro_rules! set_spans {
            ($($option:ident),* $(,)?) => {
                $(if let Some(Span(value)) = self.$option {
                    options = options.$option(value);
                })*
            };
        }
        set_spans!(flush_interval, retry_delay, circuit_breaker_reset);
        set_spans!(request_timeout, flush_timeout, shutdown_timeout);
        if let Some(policy) = self.drop_policy {
            options = options.drop_policy(policy.into());
        }
        Ok(options)
    }
}

impl From<Policy> for DropPolicy {
    fn from(policy: Policy) -> Self {
        match policy {
            Policy::Newest => Self::Newest,
            Policy::Oldest => Self::Oldest,
            Policy::Block(Span(timeout)) => Self::Block(timeout),
        }
    }
}

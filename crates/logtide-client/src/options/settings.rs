//! Options in the form of texts: from the environment, and from files.

#[cfg(feature = "spool")]
mod durability;
mod duration;
mod environment;
mod file;
mod headers;
mod http;
mod limits;
mod policy;
mod redaction;
mod text;
#[cfg(feature = "otlp")]
mod wire;

use logtide_core::{DsnError, ErrorFormat, GiveUp, Level, Metadata};
use serde::Deserialize;

pub use self::environment::EnvError;
#[cfg(feature = "otlp")]
use self::wire::WireSetting;
use self::{
    duration::Span,
    file::Private,
    headers::Headers,
    http::Http,
    limits::Limits,
    policy::Policy,
    redaction::Redacted,
    text::{Read, Text, trim},
};
use super::ClientOptions;
#[cfg(feature = "spool")]
use super::Durability;

/// What was set; what was not keeps its default.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    dsn: Option<Private>,
    api_url: Option<Private>,
    api_key: Option<Private>,
    service: Option<Text>,
    environment: Option<Text>,
    release: Option<Text>,
    server_name: Option<Text>,
    batch_size: Option<Read<usize>>,
    flush_interval: Option<Read<Span>>,
    max_buffer_size: Option<Read<usize>>,
    max_buffer_bytes: Option<Read<usize>>,
    drop_policy: Option<Policy>,
    max_batch_bytes: Option<Read<usize>>,
    max_in_flight: Option<Read<usize>>,
    max_retries: Option<Read<u32>>,
    give_up: Option<Read<GiveUp>>,
    retry_delay: Option<Read<Span>>,
    circuit_breaker_threshold: Option<Read<u32>>,
    circuit_breaker_reset: Option<Read<Span>>,
    request_timeout: Option<Read<Span>>,
    flush_timeout: Option<Read<Span>>,
    shutdown_timeout: Option<Read<Span>>,
    enable_metrics: Option<Read<bool>>,
    debug: Option<Read<bool>>,
    outage_notice: Option<Read<bool>>,
    auto_trace_id: Option<Read<bool>>,
    event_ids: Option<Read<bool>>,
    sequence_numbers: Option<Read<bool>>,
    min_level: Option<Read<Level>>,
    sample_rate: Option<Read<f64>>,
    send_default_pii: Option<Read<bool>>,
    error_format: Option<Read<ErrorFormat>>,
    attach_stacktrace: Option<Read<bool>>,
    max_breadcrumbs: Option<Read<usize>>,
    global_metadata: Option<Metadata>,
    payload_limits: Option<Limits>,
    redaction: Option<Redacted>,
    headers: Option<Headers>,
    http: Option<Http>,
    #[cfg(feature = "spool")]
    spool: Option<Text>,
    #[cfg(feature = "spool")]
    durability: Option<Read<Durability>>,
    #[cfg(feature = "spool")]
    spool_max_bytes: Option<Read<u64>>,
    #[cfg(feature = "spool")]
    spool_max_files: Option<Read<usize>>,
    #[cfg(feature = "spool")]
    spool_max_age: Option<Read<Span>>,
    #[cfg(feature = "otlp")]
    wire: Option<WireSetting>,
    #[cfg(feature = "otlp")]
    traces_sample_rate: Option<Read<f64>>,
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
        let given = |text: Option<Private>| text.and_then(|Private(text)| text.given());
        let mut options = match (given(self.dsn), given(self.api_url), given(self.api_key)) {
            (Some(dsn), ..) => ClientOptions::from_dsn(&dsn).map_err(Incomplete::Dsn)?,
            (None, Some(url), Some(key)) => ClientOptions::new(url, key),
            #[cfg(feature = "otlp")]
            (None, None, None) if matches!(self.wire, Some(WireSetting::Collector { .. })) => {
                ClientOptions::new("", "")
            }
            (None, ..) => return Err(Incomplete::NoServer),
        };
        macro_rules! set {
            ($($option:ident),* $(,)?; $value:ident => $set:expr) => {
                $(if let Some($value) = self.$option {
                    options = options.$option($set);
                })*
            };
        }
        macro_rules! set_texts {
            ($($option:ident),*) => {
                $(if let Some(value) = self.$option.and_then(Text::given) {
                    options = options.$option(value);
                })*
            };
        }
        set_texts!(service, environment, release, server_name);
        set!(batch_size, max_buffer_size, max_buffer_bytes, max_batch_bytes, max_in_flight, max_breadcrumbs; value => value.0);
        set!(max_retries, give_up, circuit_breaker_threshold, min_level, sample_rate, error_format; value => value.0);
        set!(enable_metrics, debug, auto_trace_id, send_default_pii, attach_stacktrace; value => value.0);
        set!(event_ids, sequence_numbers, outage_notice; value => value.0);
        set!(flush_interval, retry_delay, circuit_breaker_reset; value => value.0.0);
        set!(request_timeout, flush_timeout, shutdown_timeout; value => value.0.0);
        set!(payload_limits, redaction, drop_policy, http; value => value.into());
        set!(global_metadata; value => value);
        for (name, value) in self.headers.into_iter().flat_map(Headers::given) {
            options = options.header(name, value);
        }
        #[cfg(feature = "spool")]
        {
            set_texts!(spool);
            set!(durability, spool_max_bytes, spool_max_files; value => value.0);
            set!(spool_max_age; value => value.0.0);
        }
        #[cfg(feature = "otlp")]
        {
            set!(wire; value => value);
            set!(traces_sample_rate; value => value.0);
        }
        Ok(options)
    }
}

/// The texts of a list, without empty ones.
fn trimmed(list: Vec<String>) -> Vec<String> {
    let list = list.iter().map(|text| trim(text));
    list.filter(|text| !text.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod spool_tests;

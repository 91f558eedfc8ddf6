//! Options from environment variables.

use std::env;

use logtide_core::DsnError;
use serde::de::DeserializeOwned;

#[cfg(feature = "otlp")]
use super::wire::WireSetting;
use super::{
    Incomplete, Settings,
    file::Private,
    http,
    policy::Policy,
    text::{FromText, Read, Text},
};
use crate::ClientOptions;
#[cfg(feature = "otlp")]
use crate::Wire;

/// An error in the environment variables of [`ClientOptions::from_env`]. It never shows a value, which may contain a
/// key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EnvError {
    /// Neither a DSN nor an address with a key is set.
    #[error("no server is configured: set LOGTIDE_DSN, or LOGTIDE_API_URL and LOGTIDE_API_KEY")]
    NoServer,
    /// The DSN is not valid.
    #[error("LOGTIDE_DSN is not valid: {0}")]
    Dsn(#[source] DsnError),
    /// A value is not valid.
    #[error("{variable} is not valid: set it to {expected}")]
    Value {
        /// The name of the variable.
        variable: &'static str,
        /// The expected form of the value.
        expected: &'static str,
    },
    /// The program is built without the feature that the variable needs.
    #[error(
        "{variable} needs the feature `{feature}` of the SDK: build the program with it, or unset the variable"
    )]
    Feature {
        /// The name of the variable.
        variable: &'static str,
        /// The name of the feature.
        feature: &'static str,
    },
}

/// The variables that need the feature `spool`.
#[cfg(not(feature = "spool"))]
const SPOOL: [&str; 5] = [
    "LOGTIDE_SPOOL",
    "LOGTIDE_DURABILITY",
    "LOGTIDE_SPOOL_MAX_BYTES",
    "LOGTIDE_SPOOL_MAX_FILES",
    "LOGTIDE_SPOOL_MAX_AGE",
];

/// The variables that need the feature `otlp`.
#[cfg(not(feature = "otlp"))]
const OTLP: [&str; 2] = ["LOGTIDE_WIRE", "LOGTIDE_TRACES_SAMPLE_RATE"];

impl ClientOptions {
    /// Creates options from environment variables.
    ///
    /// `LOGTIDE_DSN`, or `LOGTIDE_API_URL` and `LOGTIDE_API_KEY`, are required, unless `LOGTIDE_WIRE` names a
    /// collector. If both are set, the DSN is used. Every option of a
    /// [configuration file](#impl-Deserialize%3C'de%3E-for-ClientOptions) has a variable: `LOGTIDE_` and the option's
    /// name in capitals, such as `LOGTIDE_FLUSH_INTERVAL` for [`flush_interval`](Self::flush_interval). Callbacks and
    /// [`share_with`](Self::share_with) can only be set in code.
    ///
    /// - Durations are written as `5s`, `250ms`, `2m` or a number of seconds. Switches are `true`, `1`, `yes`, `on` and
    ///   their opposites.
    /// - `LOGTIDE_DROP_POLICY` is `newest`, `oldest` or `block:50ms`. `LOGTIDE_GIVE_UP` is `never` or `after_retries`.
    ///   `LOGTIDE_ERROR_FORMAT` is `both`, `exception` or `error`.
    /// - `LOGTIDE_GLOBAL_METADATA`, `LOGTIDE_PAYLOAD_LIMITS`, `LOGTIDE_REDACTION`, `LOGTIDE_HEADERS` and `LOGTIDE_HTTP`
    ///   are JSON objects as in a configuration file: `LOGTIDE_HTTP={"proxy": "socks5://localhost:1080"}`.
    /// - `LOGTIDE_SPOOL` (a directory), `LOGTIDE_DURABILITY` (`always`, `never`, or a duration) and `LOGTIDE_SPOOL_…`
    ///   need the feature `spool`. `LOGTIDE_WIRE` (`json`, `otlp` or a JSON object) and `LOGTIDE_TRACES_SAMPLE_RATE`
    ///   need the feature `otlp`. Without the feature they are an error.
    ///
    /// An empty variable counts as not set. White space around a value is removed.
    ///
    /// # Errors
    ///
    /// Returns an error if no server is set, a value is not valid, or a variable needs a feature that the program is
    /// built without. The error names the variable and never shows the value.
    pub fn from_env() -> Result<Self, EnvError> {
        let options =
            Self::from_variables(|name| env::var_os(name).map(|value| value.to_string_lossy().into_owned()));
        #[cfg(feature = "spool")]
        if let Some(dir) = env::var_os("LOGTIDE_SPOOL").filter(|dir| dir.to_str().is_none()) {
            // The path may contain non-Unicode characters, which a text cannot represent.
            return options.map(|options| options.spool(dir));
        }
        options
    }

    /// Like [`ClientOptions::from_env`], with the variables looked up by a function.
    ///
    /// ```
    /// use logtide_client::ClientOptions;
    ///
    /// let variables = |name: &str| match name {
    ///     "LOGTIDE_DSN" => Some("https://lp_key@logs.example.com".to_owned()),
    ///     "LOGTIDE_FLUSH_INTERVAL" => Some("500ms".to_owned()),
    ///     _ => None,
    /// };
    /// let options = ClientOptions::from_variables(variables)?;
    /// # Ok::<(), logtide_client::EnvError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`ClientOptions::from_env`].
    pub fn from_variables(look_up: impl Fn(&str) -> Option<String>) -> Result<Self, EnvError> {
        let text = |name: &str| look_up(name).map(Text::from);
        let variables = Variables(&text);
        #[cfg(not(feature = "spool"))]
        variables.refuse(&SPOOL, "spool")?;
        #[cfg(not(feature = "otlp"))]
        variables.refuse(&OTLP, "otlp")?;
        let settings = Settings {
            dsn: text("LOGTIDE_DSN").map(Private),
            api_url: text("LOGTIDE_API_URL").map(Private),
            api_key: text("LOGTIDE_API_KEY").map(Private),
            service: text("LOGTIDE_SERVICE"),
            environment: text("LOGTIDE_ENVIRONMENT"),
            release: text("LOGTIDE_RELEASE"),
            server_name: text("LOGTIDE_SERVER_NAME"),
            batch_size: variables.read("LOGTIDE_BATCH_SIZE")?,
            flush_interval: variables.read("LOGTIDE_FLUSH_INTERVAL")?,
            max_buffer_size: variables.read("LOGTIDE_MAX_BUFFER_SIZE")?,
            max_buffer_bytes: variables.read("LOGTIDE_MAX_BUFFER_BYTES")?,
            drop_policy: variables.read("LOGTIDE_DROP_POLICY")?.map(Policy::Text),
            max_batch_bytes: variables.read("LOGTIDE_MAX_BATCH_BYTES")?,
            max_in_flight: variables.read("LOGTIDE_MAX_IN_FLIGHT")?,
            max_retries: variables.read("LOGTIDE_MAX_RETRIES")?,
            give_up: variables.read("LOGTIDE_GIVE_UP")?,
            retry_delay: variables.read("LOGTIDE_RETRY_DELAY")?,
            circuit_breaker_threshold: variables.read("LOGTIDE_CIRCUIT_BREAKER_THRESHOLD")?,
            circuit_breaker_reset: variables.read("LOGTIDE_CIRCUIT_BREAKER_RESET")?,
            request_timeout: variables.read("LOGTIDE_REQUEST_TIMEOUT")?,
            flush_timeout: variables.read("LOGTIDE_FLUSH_TIMEOUT")?,
            shutdown_timeout: variables.read("LOGTIDE_SHUTDOWN_TIMEOUT")?,
            enable_metrics: variables.read("LOGTIDE_ENABLE_METRICS")?,
            debug: variables.read("LOGTIDE_DEBUG")?,
            outage_notice: variables.read("LOGTIDE_OUTAGE_NOTICE")?,
            auto_trace_id: variables.read("LOGTIDE_AUTO_TRACE_ID")?,
            event_ids: variables.read("LOGTIDE_EVENT_IDS")?,
            sequence_numbers: variables.read("LOGTIDE_SEQUENCE_NUMBERS")?,
            min_level: variables.read("LOGTIDE_MIN_LEVEL")?,
            sample_rate: variables.read("LOGTIDE_SAMPLE_RATE")?,
            #[cfg(feature = "otlp")]
            traces_sample_rate: variables.read("LOGTIDE_TRACES_SAMPLE_RATE")?,
            send_default_pii: variables.read("LOGTIDE_SEND_DEFAULT_PII")?,
            error_format: variables.read("LOGTIDE_ERROR_FORMAT")?,
            attach_stacktrace: variables.read("LOGTIDE_ATTACH_STACKTRACE")?,
            max_breadcrumbs: variables.read("LOGTIDE_MAX_BREADCRUMBS")?,
            global_metadata: variables
                .object("LOGTIDE_GLOBAL_METADATA", "a JSON object such as {\"region\": \"eu\"}")?,
            payload_limits: variables.object(
                "LOGTIDE_PAYLOAD_LIMITS",
                "a JSON object with max_field_bytes, max_entry_bytes, remove_base64 or excluded_fields",
            )?,
            redaction: variables
                .object("LOGTIDE_REDACTION", "a JSON object with enabled, keys or allow_keys")?,
            headers: variables
                .object("LOGTIDE_HEADERS", "a JSON object with texts, such as {\"x-tenant\": \"one\"}")?,
            http: variables.object("LOGTIDE_HTTP", http::EXPECTED)?,
            #[cfg(feature = "otlp")]
            wire: match variables.read("LOGTIDE_WIRE") {
                Ok(wire) => wire.map(WireSetting::Text),
                Err(_) => variables.object("LOGTIDE_WIRE", Wire::EXPECTED)?,
            },
            #[cfg(feature = "spool")]
            spool: text("LOGTIDE_SPOOL"),
            #[cfg(feature = "spool")]
            durability: variables.read("LOGTIDE_DURABILITY")?,
            #[cfg(feature = "spool")]
            spool_max_bytes: variables.read("LOGTIDE_SPOOL_MAX_BYTES")?,
            #[cfg(feature = "spool")]
            spool_max_files: variables.read("LOGTIDE_SPOOL_MAX_FILES")?,
            #[cfg(feature = "spool")]
            spool_max_age: variables.read("LOGTIDE_SPOOL_MAX_AGE")?,
        };
        settings.into_options().map_err(|incomplete| match incomplete {
            Incomplete::Dsn(error) => EnvError::Dsn(error),
            Incomplete::NoServer => EnvError::NoServer,
        })
    }
}

struct Variables<'a, F>(&'a F);

impl<F: Fn(&str) -> Option<Text>> Variables<'_, F> {
    fn read<T: FromText>(&self, variable: &'static str) -> Result<Option<Read<T>>, EnvError> {
        let Some(text) = self.0(variable).and_then(Text::given) else { return Ok(None) };
        let wrong = EnvError::Value { variable, expected: T::EXPECTED };
        T::from_text(&text).map(|value| Some(Read(value))).ok_or(wrong)
    }

    /// Parses a JSON object with the keys of a configuration file.
    fn object<T: DeserializeOwned>(
        &self,
        variable: &'static str,
        expected: &'static str,
    ) -> Result<Option<T>, EnvError> {
        let Some(text) = self.0(variable).and_then(Text::given) else { return Ok(None) };
        // The parser's error may quote the value.
        serde_json::from_str(&text).map(Some).map_err(|_| EnvError::Value { variable, expected })
    }

    /// Returns an error if one of these variables is set: the program is built without their feature.
    #[cfg(not(all(feature = "otlp", feature = "spool")))]
    fn refuse(&self, variables: &[&'static str], feature: &'static str) -> Result<(), EnvError> {
        match variables.iter().find(|name| self.0(name).and_then(Text::given).is_some()) {
            Some(variable) => Err(EnvError::Feature { variable, feature }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;

//! Options from environment variables.

use std::env;

use logtide_core::DsnError;

use super::{
    Incomplete, Settings,
    file::Private,
    policy::Policy,
    text::{FromText, Read, Text},
};
use crate::ClientOptions;

/// The environment does not hold working options. No error shows a value: it may hold a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EnvError {
    /// There is neither a DSN nor an address with a key.
    #[error("no server is configured: set LOGTIDE_DSN, or LOGTIDE_API_URL and LOGTIDE_API_KEY")]
    NoServer,
    /// The DSN does not work.
    #[error("LOGTIDE_DSN is not valid: {0}")]
    Dsn(#[source] DsnError),
    /// A value is not of its kind.
    #[error("{variable} is not valid: set it to {expected}")]
    Value {
        /// The variable's name.
        variable: &'static str,
        /// What it takes.
        expected: &'static str,
    },
    /// The program is built without what a variable is about.
    #[error(
        "{variable} needs the feature `{feature}` of the SDK: build the program with it, or unset the variable"
    )]
    Feature {
        /// The variable's name.
        variable: &'static str,
        /// The feature's name.
        feature: &'static str,
    },
}

/// The variables of the feature `spool`.
const SPOOL: [&str; 5] = [
    "LOGTIDE_SPOOL",
    "LOGTIDE_SPOOL_DURABILITY",
    "LOGTIDE_SPOOL_MAX_BYTES",
    "LOGTIDE_SPOOL_MAX_FILES",
    "LOGTIDE_SPOOL_MAX_AGE",
];

impl ClientOptions {
    /// Options from environment variables.
    ///
    /// `LOGTIDE_DSN`, or `LOGTIDE_API_URL` and `LOGTIDE_API_KEY`, are needed; the DSN wins. These are read beside them, each named as its
    /// option: `LOGTIDE_SERVICE`, `LOGTIDE_ENVIRONMENT`, `LOGTIDE_RELEASE`, `LOGTIDE_SERVER_NAME`, `LOGTIDE_DEBUG`,
    /// `LOGTIDE_BATCH_SIZE`, `LOGTIDE_FLUSH_INTERVAL`, `LOGTIDE_MAX_BUFFER_SIZE`, `LOGTIDE_MAX_BUFFER_BYTES`,
    /// `LOGTIDE_DROP_POLICY` (`newest`, `oldest` or `block:50ms`), `LOGTIDE_MAX_BATCH_BYTES`, `LOGTIDE_MAX_IN_FLIGHT`,
    /// `LOGTIDE_MAX_RETRIES`, `LOGTIDE_GIVE_UP` (`never` or `after_retries`), `LOGTIDE_RETRY_DELAY`,
    /// `LOGTIDE_CIRCUIT_BREAKER_THRESHOLD`, `LOGTIDE_CIRCUIT_BREAKER_RESET`, `LOGTIDE_REQUEST_TIMEOUT`, `LOGTIDE_FLUSH_TIMEOUT`,
    /// `LOGTIDE_SHUTDOWN_TIMEOUT`, `LOGTIDE_ENABLE_METRICS`, `LOGTIDE_AUTO_TRACE_ID`, `LOGTIDE_EVENT_IDS`,
    /// `LOGTIDE_SEQUENCE_NUMBERS`, `LOGTIDE_MIN_LEVEL`, `LOGTIDE_SAMPLE_RATE`,
    /// `LOGTIDE_SEND_DEFAULT_PII`, `LOGTIDE_ERROR_FORMAT` (`both`, `exception` or `error`), `LOGTIDE_ATTACH_STACKTRACE`,
    /// `LOGTIDE_MAX_BREADCRUMBS`. Global metadata, payload limits and redaction have none: they are set in code or in a file.
    ///
    /// With the feature `spool` these are read too: `LOGTIDE_SPOOL` (a directory), `LOGTIDE_SPOOL_DURABILITY` (`always`, `never`, or a
    /// duration), `LOGTIDE_SPOOL_MAX_BYTES`, `LOGTIDE_SPOOL_MAX_FILES`, `LOGTIDE_SPOOL_MAX_AGE`. Without it they are an error.
    ///
    /// Durations are like `5s`, `250ms`, `2m` or a number of seconds; switches are `true`, `1`, `yes`, `on` and their opposites. A variable that is
    /// empty counts as not set, and white space around a value is taken off.
    ///
    /// # Errors
    ///
    /// No server is set, a value is not of its kind, or a variable needs a feature that the program is built without. The error names the variable and never shows the value.
    pub fn from_env() -> Result<Self, EnvError> {
        let options =
            Self::from_variables(|name| env::var_os(name).map(|value| value.to_string_lossy().into_owned()));
        #[cfg(feature = "spool")]
        if let Some(dir) = env::var_os(SPOOL[0]).filter(|dir| dir.to_str().is_none()) {
            // A directory that is no text is taken as it is.
            return options.map(|options| options.spool(dir));
        }
        options
    }

    /// As [`ClientOptions::from_env`], with variables from elsewhere.
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
    /// As [`ClientOptions::from_env`].
    pub fn from_variables(look_up: impl Fn(&str) -> Option<String>) -> Result<Self, EnvError> {
        let text = |name: &str| look_up(name).map(Text::from);
        let variables = Variables(&text);
        #[cfg(not(feature = "spool"))]
        if let Some(variable) = SPOOL.into_iter().find(|name| text(name).and_then(Text::given).is_some()) {
            return Err(EnvError::Feature { variable, feature: "spool" });
        }
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
            global_metadata: None,
            payload_limits: None,
            redaction: None,
            #[cfg(feature = "spool")]
            spool: text(SPOOL[0]),
            #[cfg(feature = "spool")]
            durability: variables.read(SPOOL[1])?,
            #[cfg(feature = "spool")]
            spool_max_bytes: variables.read(SPOOL[2])?,
            #[cfg(feature = "spool")]
            spool_max_files: variables.read(SPOOL[3])?,
            #[cfg(feature = "spool")]
            spool_max_age: variables.read(SPOOL[4])?,
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
}

#[cfg(test)]
mod tests;

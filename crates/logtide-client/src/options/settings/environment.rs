//! Options from environment variables.

use std::{env, str::FromStr};

use logtide_core::{DsnError, GiveUp};

use super::{Incomplete, Policy, Settings, duration::Span, file::Private};
use crate::ClientOptions;

/// The environment does not hold working options. No error shows a value: it may hold a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EnvError {
    /// There is neither a DSN nor an address with a key.
    #[error("no server is set: set LOGTIDE_DSN, or LOGTIDE_API_URL and LOGTIDE_API_KEY")]
    NoServer,
    /// The DSN does not work.
    #[error("LOGTIDE_DSN does not work")]
    Dsn(#[source] DsnError),
    /// A value is not of its kind.
    #[error("{variable} does not work: set it to {expected}")]
    Value {
        /// The variable's name.
        variable: &'static str,
        /// What it takes.
        expected: &'static str,
    },
}

impl ClientOptions {
    /// Options from environment variables.
    ///
    /// `LOGTIDE_DSN`, or `LOGTIDE_API_URL` and `LOGTIDE_API_KEY`, are needed; the DSN wins. These are read beside them, each named as its
    /// option: `LOGTIDE_SERVICE`, `LOGTIDE_ENVIRONMENT`, `LOGTIDE_RELEASE`, `LOGTIDE_SERVER_NAME`, `LOGTIDE_DEBUG`,
    /// `LOGTIDE_BATCH_SIZE`, `LOGTIDE_FLUSH_INTERVAL`, `LOGTIDE_MAX_BUFFER_SIZE`, `LOGTIDE_MAX_BUFFER_BYTES`,
    /// `LOGTIDE_DROP_POLICY` (`newest`, `oldest` or `block:50ms`), `LOGTIDE_MAX_BATCH_BYTES`, `LOGTIDE_MAX_IN_FLIGHT`,
    /// `LOGTIDE_MAX_RETRIES`, `LOGTIDE_GIVE_UP` (`never` or `after_retries`), `LOGTIDE_RETRY_DELAY`, `LOGTIDE_CIRCUIT_BREAKER_THRESHOLD`, `LOGTIDE_CIRCUIT_BREAKER_RESET`,
    /// `LOGTIDE_REQUEST_TIMEOUT`, `LOGTIDE_FLUSH_TIMEOUT`, `LOGTIDE_SHUTDOWN_TIMEOUT`, `LOGTIDE_ENABLE_METRICS`,
    /// `LOGTIDE_AUTO_TRACE_ID`, `LOGTIDE_SAMPLE_RATE`, `LOGTIDE_SEND_DEFAULT_PII`.
    ///
    /// Durations are like `5s`, `250ms`, `2m` or a number of seconds; switches are `true`, `1`, `yes`, `on` and their opposites. A variable that is
    /// empty counts as not set.
    ///
    /// # Errors
    ///
    /// No server is set, or a value is not of its kind. The error names the variable and never shows the value.
    pub fn from_env() -> Result<Self, EnvError> {
        Self::from_variables(|name| env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
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
        let text = |name: &str| look_up(name).filter(|value| !value.trim().is_empty());
        let variables = Variables(&text);
        let settings = Settings {
            dsn: text("LOGTIDE_DSN").map(Private),
            api_url: text("LOGTIDE_API_URL").map(Private),
            api_key: text("LOGTIDE_API_KEY").map(Private),
            service: text("LOGTIDE_SERVICE"),
            environment: text("LOGTIDE_ENVIRONMENT"),
            release: text("LOGTIDE_RELEASE"),
            server_name: text("LOGTIDE_SERVER_NAME"),
            batch_size: variables.number("LOGTIDE_BATCH_SIZE")?,
            flush_interval: variables.duration("LOGTIDE_FLUSH_INTERVAL")?,
            max_buffer_size: variables.number("LOGTIDE_MAX_BUFFER_SIZE")?,
            max_buffer_bytes: variables.number("LOGTIDE_MAX_BUFFER_BYTES")?,
            drop_policy: variables.policy("LOGTIDE_DROP_POLICY")?,
            max_batch_bytes: variables.number("LOGTIDE_MAX_BATCH_BYTES")?,
            max_in_flight: variables.number("LOGTIDE_MAX_IN_FLIGHT")?,
            max_retries: variables.number("LOGTIDE_MAX_RETRIES")?,
            give_up: variables.give_up("LOGTIDE_GIVE_UP")?,
            retry_delay: variables.duration("LOGTIDE_RETRY_DELAY")?,
            circuit_breaker_threshold: variables.number("LOGTIDE_CIRCUIT_BREAKER_THRESHOLD")?,
            circuit_breaker_reset: variables.duration("LOGTIDE_CIRCUIT_BREAKER_RESET")?,
            request_timeout: variables.duration("LOGTIDE_REQUEST_TIMEOUT")?,
            flush_timeout: variables.duration("LOGTIDE_FLUSH_TIMEOUT")?,
            shutdown_timeout: variables.duration("LOGTIDE_SHUTDOWN_TIMEOUT")?,
            enable_metrics: variables.switch("LOGTIDE_ENABLE_METRICS")?,
            debug: variables.switch("LOGTIDE_DEBUG")?,
            auto_trace_id: variables.switch("LOGTIDE_AUTO_TRACE_ID")?,
            sample_rate: variables
                .read("LOGTIDE_SAMPLE_RATE", "a rate from 0.0 to 1.0", |text| text.parse().ok())?,
            send_default_pii: variables.switch("LOGTIDE_SEND_DEFAULT_PII")?,
            global_metadata: None,
            payload_limits: None,
            redaction: None,
        };
        settings.into_options().map_err(|incomplete| match incomplete {
            Incomplete::Dsn(error) => EnvError::Dsn(error),
            Incomplete::NoServer => EnvError::NoServer,
        })
    }
}

struct Variables<'a, F>(&'a F);

impl<F: Fn(&str) -> Option<String>> Variables<'_, F> {
    fn read<T>(
        &self,
        variable: &'static str,
        expected: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, EnvError> {
        let Some(text) = self.0(variable) else { return Ok(None) };
        parse(text.trim()).map(Some).ok_or(EnvError::Value { variable, expected })
    }

    fn number<T: FromStr>(&self, variable: &'static str) -> Result<Option<T>, EnvError> {
        self.read(variable, "a whole number", |text| text.parse().ok())
    }

    fn duration(&self, variable: &'static str) -> Result<Option<Span>, EnvError> {
        self.read(variable, "a duration such as 5s, 250ms or a number of seconds", |text| text.parse().ok())
    }

    fn switch(&self, variable: &'static str) -> Result<Option<bool>, EnvError> {
        self.read(variable, "true or false", |text| match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Some(true),
            "false" | "0" | "no" | "off" => Some(false),
            _ => None,
        })
    }

    fn give_up(&self, variable: &'static str) -> Result<Option<GiveUp>, EnvError> {
        self.read(variable, "never or after_retries", |text| match text.to_ascii_lowercase().as_str() {
            "never" => Some(GiveUp::Never),
            "after_retries" => Some(GiveUp::AfterRetries),
            _ => None,
        })
    }

    fn policy(&self, variable: &'static str) -> Result<Option<Policy>, EnvError> {
        self.read(variable, "newest, oldest, or block with a duration as in block:50ms", |text| {
            match text.to_ascii_lowercase().as_str() {
                "newest" => Some(Policy::Newest),
                "oldest" => Some(Policy::Oldest),
                text => text.strip_prefix("block:")?.parse().ok().map(Policy::Block),
            }
        })
    }
}

#[cfg(test)]
mod tests;

//! Options from configuration files, through serde.

use serde::{Deserialize, Deserializer, de::IgnoredAny};

use super::{Incomplete, Settings, text::Text};
use crate::ClientOptions;

/// Deserializes options from any format that serde supports. The keys are the names of the setters; unknown keys are an
/// error.
///
/// `dsn`, or `api_url` and `api_key`, are required, unless `wire` names a collector. Callbacks and
/// [`share_with`](ClientOptions::share_with) can only be set in code. Values have the form that the setters take, with
/// these differences:
///
/// - Durations are strings such as `"5s"`, `"250ms"`, `"2m"`, or numbers of seconds.
/// - `drop_policy` is `"newest"`, `"oldest"` or `{"block": "50ms"}`. `give_up` is `"never"` or `"after_retries"`.
///   `error_format` is `"both"`, `"exception"` or `"error"`.
/// - `headers` is an object that maps each [`header`](ClientOptions::header) to its value.
/// - `http` is an object with `connect_timeout`, `idle_timeout`, `max_idle` and `proxy`. The proxy is an address, or
///   `"none"` for [`no_proxy`](logtide_transport::HttpOptions::no_proxy). The feature `tls` adds `ca_certificates` (one
///   or several) and `client_certificate` (`{"certificate": …, "key": …}`). Each certificate or key is PEM text, or the
///   path of a PEM file, which [`Client::new`](crate::Client::new) reads.
/// - With the feature `spool`, `spool` is a directory, and `durability` is `"always"`, `"never"` or a duration.
/// - With the feature `otlp`, `wire` is `"json"`, `"otlp"` or `{"collector": {"endpoint": "http://localhost:4318"}}`. A
///   collector can also have `headers` and `gzip`.
///
/// Numbers and switches can also be strings. Strings are read like [environment variables](ClientOptions::from_env):
/// white space around them is removed, and an empty string counts as not set.
///
/// ```
/// let options: logtide_client::ClientOptions = serde_json::from_str(
///     r#"{"api_url": "http://localhost:8080", "api_key": "lp_key", "flush_interval": "2s",
///         "payload_limits": {"excluded_fields": ["body"]}, "global_metadata": {"region": "eu"}}"#,
/// )?;
/// # Ok::<(), serde_json::Error>(())
/// ```
impl<'de> Deserialize<'de> for ClientOptions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        let settings = Settings::deserialize(deserializer).map_err(without_value)?;
        settings.into_options().map_err(|incomplete| match incomplete {
            Incomplete::Dsn(error) => D::Error::custom(error),
            Incomplete::NoServer => {
                D::Error::custom("no server is configured: set dsn, or api_url and api_key")
            }
        })
    }
}

/// Removes the quoted value from an error about a wrong type, since a key may be in the wrong place.
fn without_value<E: serde::de::Error>(error: E) -> E {
    const START: &str = "invalid type: ";
    let told = error.to_string();
    let Some((before, (found, expected))) = told
        .split_once(START)
        .and_then(|(before, rest)| Some((before, rest.split_at(rest.rfind(", expected ")?))))
    else {
        return error;
    };
    let kind = found.split(['"', '`']).next().unwrap_or_default().trim_end();
    E::custom(format_args!("{before}{START}{kind}{expected}"))
}

/// A text that may contain a key, so errors do not show it.
pub(super) struct Private(pub(super) Text);

impl<'de> Deserialize<'de> for Private {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Given {
            Text(Text),
            Other(IgnoredAny),
        }
        match Given::deserialize(deserializer)? {
            Given::Text(text) => Ok(Self(text)),
            Given::Other(_) => Err(D::Error::custom(
                "addresses, keys, headers and certificates must be strings: put them in quotes",
            )),
        }
    }
}

#[cfg(test)]
mod tests;

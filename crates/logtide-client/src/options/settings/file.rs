//! Options from files, through serde.

use serde::{Deserialize, Deserializer, de::IgnoredAny};

use super::{Incomplete, Settings};
use crate::ClientOptions;

/// Reads options from a file of any format that serde knows: the names are those of the setters, and unknown ones are refused.
///
/// `dsn`, or `api_url` and `api_key`, are needed. Durations are texts such as `"5s"`, `"250ms"`, `"2m"`, or numbers of seconds;
/// `drop_policy` is `"newest"`, `"oldest"` or `{"block": "50ms"}`, `give_up` is `"never"` or `"after_retries"`. Functions and connection options are set in code.
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
        Settings::deserialize(deserializer)?.into_options().map_err(|incomplete| match incomplete {
            Incomplete::Dsn(error) => D::Error::custom(error),
            Incomplete::NoServer => D::Error::custom("no server is set: set dsn, or api_url and api_key"),
        })
    }
}

/// A text that may hold a key: an error about it does not show it.
pub(super) struct Private(pub(super) String);

impl<'de> Deserialize<'de> for Private {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Given {
            Text(String),
            Other(IgnoredAny),
        }
        match Given::deserialize(deserializer)? {
            Given::Text(text) => Ok(Self(text)),
            Given::Other(_) => {
                Err(D::Error::custom("dsn, api_url and api_key are texts: put them in quotes"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::{Value, json};

    use super::*;
    use crate::{Client, DropPolicy};

    fn from(settings: &Value) -> Result<ClientOptions, serde_json::Error> {
        serde_json::from_value(settings.clone())
    }

    #[test]
    fn a_file_sets_options_by_their_names() {
        let options = from(&json!({
            "dsn": "https://lp_dsn@logs.example.com", "service": "api", "batch_size": 7, "flush_interval": "250ms", "retry_delay": 2,
            "request_timeout": 0.5, "drop_policy": {"block": "50ms"}, "debug": true, "sample_rate": 0.5,
            "payload_limits": {"max_field_bytes": 99, "excluded_fields": ["body"]}, "redaction": {"keys": ["iban"]},
            "global_metadata": {"region": "eu"},
        }))
        .unwrap();
        assert_eq!((options.service.as_str(), options.batch_size, options.sample_rate), ("api", 7, 0.5));
        assert_eq!(
            [options.flush_interval, options.retry_delay, options.request_timeout],
            [250, 2_000, 500].map(Duration::from_millis)
        );
        assert_eq!(options.drop_policy, DropPolicy::Block(Duration::from_millis(50)));
        let limits = &options.payload_limits;
        assert_eq!((limits.max_field_bytes, limits.max_entry_bytes), (99, 100 * 1024));
        assert_eq!((&limits.excluded_fields[..], limits.remove_base64), (&["body".to_owned()][..], true));
        assert!(options.redaction.enabled && options.redaction.keys == ["iban"]);
        assert_eq!(options.global_metadata.get("region"), Some(&json!("eu")));
        assert_eq!(options.max_retries, 3, "what is not set keeps its default");
        assert!(Client::new(options).is_ok());
        let policy = from(&json!({"dsn": "https://k@h", "drop_policy": "oldest"})).unwrap().drop_policy;
        assert_eq!(policy, DropPolicy::Oldest);
    }

    #[test]
    fn what_does_not_work_is_refused_without_the_key() {
        for (settings, hint) in [
            (json!({}), "set dsn"),
            (json!({"api_key": "lp_SECRET"}), "set dsn"),
            (json!({"dsn": "lp_SECRET"}), "scheme://key@host"),
            (json!({"api_url": "http://h", "api_key": 53_437_337}), "texts"),
            (json!({"api_url": "http://h", "api_key": ["lp_SECRET"]}), "texts"),
            (json!({"dsn": "https://lp_SECRET@h", "batch_sise": 1}), "batch_sise"),
            (json!({"dsn": "https://lp_SECRET@h", "flush_interval": "soon"}), "\"250ms\""),
            (json!({"dsn": "https://lp_SECRET@h", "flush_interval": -1}), "\"250ms\""),
            (json!({"dsn": "https://lp_SECRET@h", "payload_limits": {"max": 1}}), "max"),
        ] {
            let error = from(&settings).unwrap_err();
            let told = format!("{error} {error:?}");
            assert!(told.contains(hint), "{told}");
            assert!(!told.contains("SECRET") && !told.contains("53437337"), "{told}");
        }
    }
}

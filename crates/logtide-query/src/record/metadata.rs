//! Typed access to metadata.

mod value;

use serde::Deserialize;

use self::value::{Object, Reader};
use super::LogRecord;

/// Metadata that does not have the expected type.
#[derive(Debug, thiserror::Error)]
#[error("{}: use the type that was logged ({source})", subject(key.as_deref()))]
#[non_exhaustive]
pub struct MetadataError {
    /// The key, or `None` for the whole metadata.
    pub key: Option<String>,
    /// The cause.
    pub source: serde_json::Error,
}

impl LogRecord {
    /// Returns the value of a key as a type of the program. `None` if the key is missing or null.
    ///
    /// Numbers that JSON or the server does not support, and that the SDK sends as strings, are converted back:
    /// integers beyond 2^53, NaN and the infinities.
    ///
    /// ```
    /// # let text = r#"{"id":"1","time":"2026-11-22T09:58:34Z","service":"s","level":"info","message":"m",
    /// #     "metadata":{"order":"18446744073709551615","route":"/a"}}"#;
    /// # let record: logtide_query::LogRecord = serde_json::from_str(text)?;
    /// let order: Option<u64> = record.get("order")?;
    /// assert_eq!(order, Some(u64::MAX));
    /// assert_eq!(record.get::<&str>("route")?, Some("/a"));
    /// assert_eq!(record.get::<bool>("absent")?, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A [`MetadataError`] if the value has another type.
    pub fn get<'a, T: Deserialize<'a>>(&'a self, key: &str) -> Result<Option<T>, MetadataError> {
        let Some(value) = self.metadata.get(key) else { return Ok(None) };
        let value = Option::deserialize(Reader(value));
        value.map_err(|source| MetadataError { key: Some(key.to_owned()), source })
    }

    /// Returns the whole metadata as a type of the program, with numbers like [`get`](Self::get).
    ///
    /// ```
    /// # let text = r#"{"id":"1","time":"2026-11-22T09:58:34Z","service":"s","level":"info","message":"m",
    /// #     "metadata":{"status":200,"duration_ms":"NaN"}}"#;
    /// # let record: logtide_query::LogRecord = serde_json::from_str(text)?;
    /// #[derive(serde::Deserialize)]
    /// struct Served {
    ///     status: u16,
    ///     duration_ms: f64,
    /// }
    ///
    /// let served: Served = record.metadata_as()?;
    /// assert_eq!(served.status, 200);
    /// assert!(served.duration_ms.is_nan());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A [`MetadataError`] if something is missing or has another type.
    pub fn metadata_as<'a, T: Deserialize<'a>>(&'a self) -> Result<T, MetadataError> {
        T::deserialize(Object(&self.metadata)).map_err(|source| MetadataError { key: None, source })
    }
}

fn subject(key: Option<&str>) -> String {
    key.map_or_else(
        || "the metadata is not what was asked for".to_owned(),
        |key| format!("the metadata `{key}` is not what was asked for"),
    )
}

#[cfg(test)]
mod tests;

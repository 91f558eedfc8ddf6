//! Limits for the size of metadata and entries.

use serde::Deserialize;

/// Limits for the size of fields and entries, and fields to exclude.
///
/// They apply to the fields of metadata at any depth. Each is marked:
///
/// | what | becomes |
/// |---|---|
/// | a text longer than [`max_field_bytes`](Self::max_field_bytes) | its start and `...[TRUNCATED]` |
/// | an excluded field | `[EXCLUDED]` |
/// | base64 data of 100 bytes or more, a base64 `data:` URL | `[BASE64 DATA REMOVED]` |
/// | an entry larger than [`max_entry_bytes`](Self::max_entry_bytes) | cut, with `_truncated` and `_original_size` in metadata |
///
/// No entry exceeds the limit, including its scope, the client's metadata and the frames of its error. A larger entry
/// keeps its message, exception, error and latest breadcrumbs, truncated if necessary. Of the other fields it keeps
/// those that fit, the smallest first.
///
/// ```
/// use logtide_core::PayloadLimits;
///
/// let limits = PayloadLimits::default().max_field_bytes(2_000).exclude_fields(["body", "headers"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct PayloadLimits {
    /// The maximum size of a text in metadata, in bytes. Default: 10,240.
    pub max_field_bytes: usize,
    /// The maximum size of an entry in a request, in bytes. Default: 102,400. A smaller value than
    /// [`PayloadLimits::MIN_ENTRY_BYTES`] counts as that one, and is an error in the options of a client.
    pub max_entry_bytes: usize,
    /// The fields to exclude. Default: none.
    pub excluded_fields: Vec<String>,
    /// Whether to remove base64 data. Default: true.
    pub remove_base64: bool,
}

impl PayloadLimits {
    /// The lower bound of the maximum size of an entry. Time, service, level and ids can take up to 2.4 KiB as JSON
    /// and are never truncated.
    pub const MIN_ENTRY_BYTES: usize = 4 * 1024;

    /// Sets no limits. The server's own limit of 50 MiB remains.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            max_field_bytes: usize::MAX,
            max_entry_bytes: usize::MAX,
            excluded_fields: Vec::new(),
            remove_base64: false,
        }
    }

    /// Sets the maximum size of a text in metadata, in bytes.
    #[must_use]
    pub fn max_field_bytes(mut self, bytes: usize) -> Self {
        self.max_field_bytes = bytes;
        self
    }

    /// Sets the maximum size of an entry in a request, in bytes.
    #[must_use]
    pub fn max_entry_bytes(mut self, bytes: usize) -> Self {
        self.max_entry_bytes = bytes;
        self
    }

    /// Excludes the values of fields, by their exact name at any depth. Text of the SDK that repeats an excluded
    /// field of an error, such as `metadata.error.stack`, is excluded too.
    #[must_use]
    pub fn exclude_fields(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.excluded_fields.extend(names.into_iter().map(Into::into));
        self
    }

    /// Sets whether to remove base64 data.
    #[must_use]
    pub fn remove_base64(mut self, remove: bool) -> Self {
        self.remove_base64 = remove;
        self
    }
}

impl Default for PayloadLimits {
    fn default() -> Self {
        Self { max_field_bytes: 10 * 1024, max_entry_bytes: 100 * 1024, remove_base64: true, ..Self::none() }
    }
}

//! How large metadata and entries may be.

use serde::Deserialize;

/// How large a field and an entry may be, and what is left out altogether.
///
/// Fields are those of metadata, at any depth. What is cut or left out says so in its place:
///
/// | what | becomes |
/// |---|---|
/// | a text longer than [`max_field_bytes`](Self::max_field_bytes) | its start and `...[TRUNCATED]` |
/// | an excluded field | `[EXCLUDED]` |
/// | base64 data of 100 bytes or more, a base64 `data:` URL | `[BASE64 DATA REMOVED]` |
/// | an entry larger than [`max_entry_bytes`](Self::max_entry_bytes) | cut, with `_truncated` and `_original_size` in metadata |
///
/// No entry is larger, whatever its scope and the client's metadata add, and with the frames of its error. An entry that would be keeps its message, exception, error and latest breadcrumbs, cut where they are too large themselves,
/// and of the other fields those that fit, small ones first.
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
    /// Bytes of a text in metadata. Default 10,240.
    pub max_field_bytes: usize,
    /// Bytes of an entry in a request. Default 102,400. Less than [`PayloadLimits::MIN_ENTRY_BYTES`] counts as that, and is an error among the
    /// options of a client.
    pub max_entry_bytes: usize,
    /// Fields whose value is left out. Default none.
    pub excluded_fields: Vec<String>,
    /// Whether base64 data is left out. Default true.
    pub remove_base64: bool,
}

impl PayloadLimits {
    /// The least that an entry can be limited to: time, service, level and ids can take up to 2.4 KiB as JSON, and they are never cut.
    pub const MIN_ENTRY_BYTES: usize = 4 * 1024;

    /// No limits: the server's own of 50 MiB remains.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            max_field_bytes: usize::MAX,
            max_entry_bytes: usize::MAX,
            excluded_fields: Vec::new(),
            remove_base64: false,
        }
    }

    /// Sets how many bytes a text in metadata may have.
    #[must_use]
    pub fn max_field_bytes(mut self, bytes: usize) -> Self {
        self.max_field_bytes = bytes;
        self
    }

    /// Sets how many bytes an entry may have in a request.
    #[must_use]
    pub fn max_entry_bytes(mut self, bytes: usize) -> Self {
        self.max_entry_bytes = bytes;
        self
    }

    /// Leaves out the values of further fields, by their exact name at any depth. A text of the SDK that repeats a field of an error,
    /// such as `metadata.error.stack`, goes with it.
    #[must_use]
    pub fn exclude_fields(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.excluded_fields.extend(names.into_iter().map(Into::into));
        self
    }

    /// Sets whether base64 data is left out.
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

//! The form in which errors are written.

/// The form in which errors are written to the metadata of an entry.
///
/// ```
/// use logtide_core::ErrorFormat;
///
/// assert_eq!(ErrorFormat::default(), ErrorFormat::Both);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorFormat {
    /// As `error` and as `exception`.
    #[default]
    Both,
    /// Only as `exception` (`type`, `message`, `language`, `stacktrace`, `cause`), the form that the server groups
    /// by.
    Exception,
    /// Only as `error` (`name`, `message`, `stack`), the form that the SDKs document.
    Error,
}

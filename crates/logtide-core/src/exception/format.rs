//! In which form errors are written.

/// In which form errors are written to an entry's metadata.
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
    /// As `exception` alone (`type`, `message`, `language`, `stacktrace`, `cause`), the form that the server groups by.
    Exception,
    /// As `error` alone (`name`, `message`, `stack`), the form that the SDKs document.
    Error,
}

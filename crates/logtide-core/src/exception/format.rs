//! In which form errors are written.

use std::str::FromStr;

use crate::ParseNameError;

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

/// Reads the name of an option's value, in any case.
impl FromStr for ErrorFormat {
    type Err = ParseNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.to_ascii_lowercase().as_str() {
            "both" => Ok(Self::Both),
            "exception" => Ok(Self::Exception),
            "error" => Ok(Self::Error),
            _ => Err(ParseNameError::new("form of errors", "both, exception or error")),
        }
    }
}

//! The form in which errors are written.

use std::str::FromStr;

use crate::ParseNameError;

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

//! File names.

use std::{ffi::OsStr, path::Path};

/// The kind of a file in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// Entries.
    Spool(u64),
    /// Entries that are being written.
    Temporary(u64),
    /// A damaged file that was renamed.
    Damaged(u64),
}

/// The number of digits of a number in a name.
const DIGITS: usize = 20;

/// The highest number of a file. A file with a higher one is not ours, because it leaves no higher numbers to use.
const HIGHEST: u64 = u64::MAX / 2;

impl Name {
    /// Parses the name of a file. `None` for other files.
    pub(super) fn parse(name: &OsStr) -> Option<Self> {
        let name = name.to_str()?;
        let (number, extension) = name.split_once('.')?;
        if number.len() != DIGITS || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let number = number.parse().ok().filter(|number| *number <= HIGHEST)?;
        match extension {
            "spool" => Some(Self::Spool(number)),
            "tmp" => Some(Self::Temporary(number)),
            "damaged" => Some(Self::Damaged(number)),
            _ => None,
        }
    }

    /// The path of the file in a folder.
    pub(super) fn within(self, folder: &Path) -> std::path::PathBuf {
        let (number, extension) = match self {
            Self::Spool(number) => (number, "spool"),
            Self::Temporary(number) => (number, "tmp"),
            Self::Damaged(number) => (number, "damaged"),
        };
        folder.join(format!("{number:0DIGITS$}.{extension}"))
    }
}

/// Parses the name of a folder. `None` for others.
pub(super) fn folder(name: &OsStr) -> Option<u32> {
    let name = name.to_str()?;
    let number = name.parse().ok().filter(|number| *number > 0)?;
    // `01` and `+1` are others.
    (u32::to_string(&number) == name).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_it_is_written() {
        for name in [Name::Spool(1), Name::Temporary(HIGHEST), Name::Damaged(0)] {
            let path = name.within(Path::new("folder"));
            assert_eq!(path.parent(), Some(Path::new("folder")));
            assert_eq!(path.file_name().and_then(Name::parse), Some(name));
        }
    }

    #[test]
    fn names_of_others_are_none_of_ours() {
        for name in [
            "",
            "lock",
            "1.spool",
            "0000000000000000001.spool",
            "000000000000000000001.spool",
            "+0000000000000000001.spool",
            "00000000000000000001.spool.gz",
            "00000000000000000001",
            "99999999999999999999.spool",
            "18446744073709551615.spool",
        ] {
            assert_eq!(Name::parse(OsStr::new(name)), None, "{name}");
        }
        for name in ["", "0", "01", "+1", "-1", "1a", "4294967296", "lock"] {
            assert_eq!(folder(OsStr::new(name)), None, "{name}");
        }
        assert_eq!(folder(OsStr::new("12")), Some(12));
    }
}

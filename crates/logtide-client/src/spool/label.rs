//! The content of the file `lock`.

/// The label of this version.
pub(super) const LABEL: &[u8] = b"logtide-spool 1\n";

/// Checks the owner of a folder by the content of its `lock`. `Err` has the reason to skip it.
pub(super) fn check(label: &[u8]) -> Result<(), String> {
    if label == LABEL {
        return Ok(());
    }
    let version = || -> Option<u64> {
        let text = std::str::from_utf8(label).ok()?;
        text.strip_prefix("logtide-spool ")?.lines().next()?.trim().parse().ok()
    };
    Err(match version() {
        Some(1) => return Ok(()),
        Some(version) => {
            format!("it has version {version} of the layout, but this version of the SDK supports only 1")
        }
        None => "its lock file is not that of a spool".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_this_version_are_taken_and_others_are_not() {
        for label in [LABEL, b"logtide-spool 1", b"logtide-spool 1\r\n", b"logtide-spool 1\nmore\n"] {
            assert_eq!(check(label), Ok(()));
        }
        assert!(check(b"logtide-spool 2\n").unwrap_err().contains("version 2"));
        for label in [&b""[..], b"4711\n", b"\xff", b"logtide-spool", b"logtide-spool x\n"] {
            assert!(check(label).unwrap_err().contains("not that of a spool"));
        }
    }
}

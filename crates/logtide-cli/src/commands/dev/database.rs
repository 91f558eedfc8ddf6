//! The file, the key and the port of the local server.

use std::path::Path;

use logtide_devserver::{Database, StartError};

use super::Dev;
use crate::failure::Failure;

/// The file to keep entries in, or memory.
pub(super) fn choose(file: Option<&Path>) -> Result<Database, Failure> {
    let Some(file) = file else { return Ok(Database::Memory) };
    if file.is_dir() {
        let sentence = format!("{} is a folder: name a file with --db", file.display());
        return Err(Failure::new(Failure::USAGE, sentence));
    }
    Ok(Database::File(file.to_owned()))
}

/// Why the server does not start, with what to do.
pub(super) fn failure(error: &StartError, Dev { port, db, .. }: &Dev) -> Failure {
    let sentence = match (error, db) {
        (StartError::Bind { .. }, _) => {
            format!("port {port} cannot be listened on: choose another with --port, or 0 for a free one")
        }
        (StartError::Database(source), Some(file)) => {
            format!("{} cannot be opened as a database of this command: {source}", file.display())
        }
        _ => error.to_string(),
    };
    Failure::new(Failure::ACCESS, sentence)
}

/// Whether a key can be sent in a header.
pub(super) fn is_key(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A key as a DSN has it: what would end it there is encoded.
pub(super) fn encoded(key: &str) -> String {
    let encode = |byte: u8| match byte {
        b'-' | b'_' | b'.' | b'~' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    key.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use logtide::Dsn;

    use super::*;

    #[test]
    fn a_key_survives_its_dsn() {
        for key in ["lp_abc", "a@b:c/d?e#f", "100%"] {
            assert!(is_key(key));
            let dsn: Dsn = format!("http://{}@127.0.0.1:1", encoded(key)).parse().expect(key);
            assert_eq!(dsn.api_key().expose(), key);
        }
        assert!(["", "a b", "ä", "a\n"].into_iter().all(|key| !is_key(key)));
    }
}

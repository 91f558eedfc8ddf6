//! The file, the key and the port of the local server.

use std::path::Path;

use logtide_devserver::{Database, StartError};

use super::Dev;
use crate::failure::Failure;

/// Chooses a file for the entries, or memory.
pub(super) fn choose(file: Option<&Path>) -> Result<Database, Failure> {
    let Some(file) = file else { return Ok(Database::Memory) };
    if file.is_dir() {
        let sentence = format!("{} is a folder: name a file with --db", file.display());
        return Err(Failure::new(Failure::USAGE, sentence));
    }
    Ok(Database::File(file.to_owned()))
}

/// Explains why the server does not start, and what to do.
pub(super) fn failure(error: &StartError, Dev { port, db, .. }: &Dev) -> Failure {
    let sentence = match (error, db) {
        (StartError::Bind { .. }, _) => {
            format!("cannot listen on port {port}: choose another with --port, or 0 for a free one")
        }
        (StartError::Database(source), Some(file)) => {
            format!("cannot open {} as a database of `logtide dev`: {source}", file.display())
        }
        _ => error.to_string(),
    };
    Failure::new(Failure::ACCESS, sentence)
}

/// Whether a key needs no escaping in a header and in a DSN.
pub(super) fn is_key(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use logtide::Dsn;

    use super::*;

    #[test]
    fn a_key_survives_its_dsn() {
        for key in ["lp_abc", "a-b.c~D9"] {
            assert!(is_key(key));
            let dsn: Dsn = format!("http://{key}@127.0.0.1:1").parse().expect(key);
            assert_eq!(dsn.api_key().expose(), key);
        }
        assert!(["", "a b", "ä", "a\n", "a@b", "a:b", "a/b", "a%40"].into_iter().all(|key| !is_key(key)));
    }
}

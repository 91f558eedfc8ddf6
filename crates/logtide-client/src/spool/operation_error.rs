//! Errors of the file system.

use std::{io, path::Path};

use logtide_core::spool::OperationError;

/// The cause as text, without the content of files.
pub(super) fn cause(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::QuotaExceeded => "the disk quota is used up".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        _ => error.to_string(),
    }
}

/// An error that may be temporary: the action, the file and the cause.
pub(super) fn temporary_error(action: &str, file: &Path, error: &io::Error) -> OperationError {
    OperationError { detail: detail(action, file, &cause(error)), is_final: false }
}

/// A permanent error.
pub(super) fn permanent_error(action: &str, file: &Path, cause: &str) -> OperationError {
    OperationError { detail: detail(action, file, cause), is_final: true }
}

fn detail(action: &str, file: &Path, cause: &str) -> String {
    format!("{} cannot be {action}: {cause}", file.display())
}

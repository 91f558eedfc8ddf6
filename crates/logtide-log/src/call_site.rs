//! Places in the program that log records.

use std::ptr;

use log::Record;
use logtide_core::{CallSite, bridge::Origin};

/// Where the place of a record stands among the [notes](CallSite::notes) of call sites.
const OF_RECORD: u64 = 2;

/// The place of a record, where all that is known of it is static, as with the macros of `log` and their own target.
pub(crate) fn of(record: &Record<'_>) -> Option<&'static CallSite> {
    let (file, module, line) = (record.file_static()?, record.module_path_static()?, record.line()?);
    if record.target() != module {
        return None;
    }
    // Files are few and lines many: both have to tell in the address.
    let address = file.as_ptr().addr().wrapping_add((line as usize).wrapping_mul(0x9e37_79b1));
    let matches = |call_site: &CallSite| {
        let origin = call_site.origin();
        call_site.notes() == OF_RECORD
            && origin.line == Some(line)
            && origin.file.is_some_and(|other| ptr::eq(other, file))
            && origin.module.is_some_and(|other| ptr::eq(other, module))
    };
    CallSite::get_or_register(address, matches, || {
        let mut origin = Origin::default();
        (origin.logger, origin.module) = (Some(module), Some(module));
        (origin.file, origin.line) = (Some(file), Some(line));
        CallSite::new(origin, []).with_notes(OF_RECORD)
    })
}

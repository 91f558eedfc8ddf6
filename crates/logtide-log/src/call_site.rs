//! Places in the program that log records.

use std::ptr;

use log::{
    Record,
    kv::{Error, Key, Value, VisitSource},
};
use logtide_core::{
    CallSite,
    bridge::{Origin, catch},
};

/// Where the place of a record stands among the [notes](CallSite::notes) of call sites.
const OF_RECORD: u64 = 2;

/// Bytes of names that are kept of a place.
const MAX_NAMES_BYTES: usize = 512;

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
        CallSite::new(origin, names(record).into_iter().map(Into::into)).with_notes(OF_RECORD)
    })
}

/// The keys of a record, which those of the same place mostly have in the same order. Where they are long, the first of them.
fn names(record: &Record<'_>) -> Vec<String> {
    struct Names(Vec<String>, usize);

    impl<'kvs> VisitSource<'kvs> for Names {
        fn visit_pair(&mut self, key: Key<'kvs>, _: Value<'kvs>) -> Result<(), Error> {
            self.1 += key.as_str().len();
            if self.1 <= MAX_NAMES_BYTES {
                self.0.push(key.as_str().to_owned());
            }
            Ok(())
        }
    }

    let mut names = Names(Vec::new(), 0);
    // A source that fails or panics has shown what it has.
    let _ = catch(|| record.key_values().visit(&mut names));
    names.0
}

//! Call sites of records.

use std::ptr;

use log::{
    Record,
    kv::{Error, Key, Value, VisitSource},
};
use logtide_core::{
    CallSite,
    bridge::{Origin, catch},
};

/// The [note](CallSite::notes) of call sites under which the location of a record is stored.
const OF_RECORD: u64 = 2;

/// The most bytes of key names to keep for a call site.
const MAX_NAMES_BYTES: usize = 512;

/// The call site of a record if all its data is static, as with the macros of `log` and their default target.
pub(crate) fn of(record: &Record<'_>) -> Option<&'static CallSite> {
    let (file, module, line) = (record.file_static()?, record.module_path_static()?, record.line()?);
    if record.target() != module {
        return None;
    }
    // There are few files and many lines, so both must affect the address.
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

/// The keys of a record. Records of one call site usually have the same keys in the same order. Long lists are
/// truncated.
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
    // If the source fails or panics, the keys up to that point are used.
    let _ = catch(|| record.key_values().visit(&mut names));
    names.0
}

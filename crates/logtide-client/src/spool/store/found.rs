//! Sorting the files that were found.

use logtide_core::spool::{FileId, Found};

use crate::spool::folder::Left;

/// The files of several folders, oldest first. Those of one folder stay in the order of their numbers, whatever the
/// clock said.
pub(super) fn in_order(folders: Vec<(u32, Vec<Left>)>) -> Vec<Found> {
    let mut files = Vec::new();
    for (folder, left) in folders {
        let mut latest = None;
        for Left { number, bytes, written } in left {
            latest = latest.max(Some(written));
            files.push((latest, Found { file: FileId { folder, number }, bytes, written }));
        }
    }
    files.sort_by_key(|(latest, found)| (*latest, found.file));
    files.into_iter().map(|(_, found)| found).collect()
}

#[cfg(test)]
mod tests {
    use logtide_core::Timestamp;

    use super::*;

    #[test]
    fn folders_are_merged_by_time_and_files_keep_their_order() {
        let left = |number, written| Left { number, bytes: 0, written: Timestamp::from_micros(written) };
        // The clock was set back between 1 and 2 of the first.
        let folders =
            vec![(0, vec![left(1, 50), left(2, 10), left(3, 70)]), (1, vec![left(8, 20), left(9, 60)])];
        let order: Vec<_> =
            in_order(folders).iter().map(|found| (found.file.folder, found.file.number)).collect();
        assert_eq!(order, [(1, 8), (0, 1), (0, 2), (1, 9), (0, 3)]);
    }
}

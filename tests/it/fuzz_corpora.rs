//! Passes every file of the fuzz corpora to the fuzzed function.

use std::{fs, path::Path};

use logtide_tests::fuzz::TARGETS;

/// The smallest corpus that covers the forms of its input.
const MIN_FILES: usize = 5;

#[test]
fn every_file_of_the_fuzz_corpora_is_survived() {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let mut folders: Vec<_> = fs::read_dir(&corpora)
        .expect("the corpora are part of the repository")
        .map(|folder| folder.expect("a folder can be listed").file_name())
        .collect();
    folders.sort();
    assert_eq!(folders, TARGETS.map(|(name, _)| name), "one corpus a target");
    for (name, target) in TARGETS {
        let files = fs::read_dir(corpora.join(name)).expect("the folder is listed above");
        let mut count = 0;
        for file in files {
            let path = file.expect("a file can be listed").path();
            // Shown only when the target panics.
            println!("{}", path.display());
            target(&fs::read(&path).expect("a file of the corpus can be read"));
            count += 1;
        }
        assert!(count >= MIN_FILES, "{count} files of {name}");
    }
}

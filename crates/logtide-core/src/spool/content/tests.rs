//! Files that are whole, damaged, torn, or of others.

use proptest::prelude::*;

use super::*;
use crate::spool::Block;

const WALL: Timestamp = Timestamp::from_micros(1_795_340_191_342_000);

fn texts(bytes: &[u8], entries: &Entries) -> Vec<String> {
    let text = |range: &Range<usize>| String::from_utf8_lossy(&bytes[range.clone()]).into_owned();
    entries.texts.iter().map(text).collect()
}

fn entries(bytes: &[u8]) -> Entries {
    match read(bytes, "json") {
        Content::Entries(entries) => entries,
        Content::Foreign { detail } => panic!("{detail}"),
    }
}

fn block(wire: &str, texts: &[&str]) -> Vec<u8> {
    let mut block = Block::default();
    texts.iter().for_each(|text| block.push(text.as_bytes()));
    block.finish(wire, WALL)
}

/// Two blocks, as a file has that was appended to.
fn file() -> (Vec<u8>, Vec<&'static str>) {
    let all =
        [r#"{"a":"x\ny"}"#, r#"{"b":12}"#, "{}", r#"{"c":"ü"}"#, r#"{"d":"a longer text than the others"}"#];
    let mut bytes = block("json", &all[..3]);
    bytes.extend(block("json", &all[3..]));
    (bytes, all.to_vec())
}

#[test]
fn what_was_written_is_read() {
    let (bytes, all) = file();
    let read = entries(&bytes);
    assert_eq!(texts(&bytes, &read), all);
    assert_eq!((read.lost, read.is_damaged, read.written), (0, false, Some(WALL)));
    assert_eq!(entries(b""), Entries::default());
}

#[test]
fn a_flipped_bit_costs_one_entry_at_most() {
    let (bytes, all) = file();
    for (index, bit) in (0..bytes.len()).flat_map(|index| (0..8).map(move |bit| (index, bit))) {
        let mut damaged = bytes.clone();
        damaged[index] ^= 1 << bit;
        let read = entries(&damaged);
        let left = texts(&damaged, &read);
        let lost = all.iter().filter(|text| !left.iter().any(|other| other == *text)).count();
        assert!(lost <= 1, "byte {index}, bit {bit}: {left:?}");
        assert_eq!(
            left.len(),
            all.len() - lost,
            "byte {index}, bit {bit}: nothing that was not written is read"
        );
        assert!(read.lost == lost as u64, "byte {index}, bit {bit}: {} lost, {} told", lost, read.lost);
        let is_last_line = index + 1 == bytes.len();
        // Upper case digits of a CRC mean the same.
        let is_same = damaged.eq_ignore_ascii_case(&bytes) && lost == 0;
        assert!(read.is_damaged || is_same || is_last_line, "byte {index}, bit {bit}: not noticed");
    }
}

#[test]
fn a_file_that_ends_anywhere_has_the_entries_before() {
    let (bytes, all) = file();
    let mut most = 0;
    for end in 0..bytes.len() {
        let read = entries(&bytes[..end]);
        let left = texts(&bytes[..end], &read);
        assert_eq!(left, all[..left.len()], "{end}");
        assert!(left.len() >= most && !read.is_damaged, "{end}: {read:?}");
        most = left.len();
    }
    assert_eq!(most, all.len(), "the last entry is whole without its line break");
}

#[test]
fn zeros_after_a_crash_are_an_end_that_is_missing() {
    let (mut bytes, all) = file();
    bytes.extend([0; 4_096]);
    let read = entries(&bytes);
    assert_eq!((texts(&bytes, &read).len(), read.lost, read.is_damaged), (all.len(), 0, false));
}

#[test]
fn what_is_missing_of_a_block_is_counted() {
    let bytes = block("json", &["{}", r#"{"a":1}"#, r#"{"b":1}"#]);
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    assert_eq!((entries(&lines[..3].concat()).lost, entries(lines[0]).lost), (1, 3));
    // Without a header nobody knows how many there were.
    let read = entries(&lines[2..].concat());
    assert_eq!((read.texts.len(), read.lost), (2, 0));
}

#[test]
fn other_versions_and_wires_are_left_alone() {
    assert!(
        matches!(read(&block("otlp", &["{}"]), "json"), Content::Foreign { detail } if detail.contains("otlp"))
    );
    let newer = format!("{MAGIC} 2 json 1 5");
    let newer = format!("{newer} {:08x}\nwhatever there is\n", crc32fast::hash(newer.as_bytes()));
    assert!(
        matches!(read(newer.as_bytes(), "json"), Content::Foreign { detail } if detail.contains("version 2"))
    );
    // A version that is damaged is not a later one.
    let bytes = block("json", &["{}"]);
    let damaged = String::from_utf8(bytes).unwrap().replace("spool 1 ", "spool 3 ");
    assert_eq!(entries(damaged.as_bytes()).texts.len(), 1);
}

proptest! {
    #[test]
    fn no_bytes_are_too_much_for_it(bytes: Vec<u8>) {
        let _ = read(&bytes, "json");
    }

    #[test]
    fn any_texts_are_read_as_they_were_written(all: Vec<Vec<u8>>, tail: Vec<u8>) {
        let mut block = Block::default();
        all.iter().for_each(|text| block.push(text));
        let mut bytes = block.finish("json", WALL);
        let end = bytes.len();
        bytes.extend(tail);
        let read = entries(&bytes);
        let left: Vec<_> = read.texts.iter().filter(|text| text.end < end).map(|text| bytes[text.clone()].to_vec()).collect();
        prop_assert_eq!(left, all);
    }
}

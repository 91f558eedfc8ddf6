//! Requests of several entries.

use std::io::Read as _;

use flate2::read::GzDecoder;
use logtide_core::{Json, RecordWriter, Wire};
use logtide_otlp::{Compression, Logs, Resource, Target};

use crate::{
    decode,
    setup::{head, logs, write},
};

fn gzip() -> Logs {
    Logs::new(Json::default(), Resource::new(), Target::LogTide, Compression::Gzip)
}

fn unpacked(body: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    GzDecoder::new(body).read_to_end(&mut plain).expect("a body in gzip");
    plain
}

fn owned<const N: usize>(messages: [&str; N]) -> Vec<String> {
    messages.map(str::to_owned).to_vec()
}

#[test]
fn each_service_has_one_resource_in_order_of_first_appearance() {
    let (mut wire, mut body) = (gzip(), Vec::new());
    wire.begin(&mut body);
    for (service, message) in [("b", "1"), ("a", "2"), ("b", "3"), ("c", "4"), ("a", "5"), ("b", "6")] {
        write(&mut wire, service, message, &mut body);
    }
    wire.end(&mut body);
    let expected = [
        ("b".to_owned(), owned(["1", "3", "6"])),
        ("a".to_owned(), owned(["2", "5"])),
        ("c".to_owned(), owned(["4"])),
    ];
    assert_eq!(decode::messages(&unpacked(&body)), expected);
}

#[test]
fn a_body_is_made_again_and_again() {
    let mut wire = gzip();
    for number in 0..5 {
        let mut body = Vec::new();
        wire.begin(&mut body);
        for service in ["a", "b"] {
            for index in 0..number {
                write(&mut wire, service, &index.to_string(), &mut body);
            }
        }
        wire.end(&mut body);
        let messages: Vec<_> = (0..number).map(|index| index.to_string()).collect();
        let expected: Vec<_> = ["a", "b"]
            .into_iter()
            .filter(|_| number > 0)
            .map(|service| (service.to_owned(), messages.clone()))
            .collect();
        assert_eq!(decode::messages(&unpacked(&body)), expected);
    }
}

#[test]
fn an_entry_that_is_taken_off_again_leaves_nothing() {
    let (mut wire, mut body) = (logs(Target::LogTide), Vec::new());
    wire.begin(&mut body);
    write(&mut wire, "a", "kept", &mut body);
    let before = body.len();
    write(&mut wire, "b", &"x".repeat(70_000), &mut body);
    body.truncate(before);
    wire.end(&mut body);
    assert_eq!(decode::messages(&body), [("a".to_owned(), owned(["kept"]))]);
}

#[test]
fn entries_that_were_kept_in_a_file_go_with_others() {
    let (mut first, mut kept) = (logs(Target::LogTide), Vec::new());
    for (service, message) in [("a", "1"), ("b", "2")] {
        let mut writer = RecordWriter::default();
        let mut fields = writer.begin(&head(service));
        fields.message(message);
        let mut entry = Vec::new();
        first.render(fields.finish(), &mut entry);
        kept.push(entry);
    }
    // Another run of the program, with its own wire.
    let (mut second, mut body) = (gzip(), Vec::new());
    second.begin(&mut body);
    write(&mut second, "b", "0", &mut body);
    for entry in &kept {
        second.separate(&mut body);
        body.extend_from_slice(entry);
    }
    second.end(&mut body);
    let expected = [("b".to_owned(), owned(["0", "2"])), ("a".to_owned(), owned(["1"]))];
    assert_eq!(decode::messages(&unpacked(&body)), expected);
}

//! What is read from backtraces, and what becomes of an entry.

use std::backtrace::Backtrace;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::{ErrorFormat, Head, IntoMetadata, Json, Level, RecordWriter};

const TEXT: &str = "\
   0: <&E as logtide_core::into_metadata::IntoMetadata>::write_to
             at ./crates/logtide-core/src/exception.rs:19:5
   1: app::load::{{closure}}
             at ./src/load.rs:12:176
      app::inlined
             at C:\\work\\app\\src\\inlined.rs:7:1
   2: core::ops::function::FnOnce::call_once
             at /rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/core/src/ops/function.rs:250:5
   3: <T as core::convert::Into<U>>::into
   4: <app::Handler<T> as axum::handler::Handler>::call
   5: generic_in_std
             at /opt/rustup/toolchains/stable/lib/rustlib/src/rust/library/std/src/io.rs:3:4
   6: <unknown>
   7: std::sys::backtrace::__rust_begin_short_backtrace
   8: std::panicking::catch_unwind::do_call::<&dyn core::ops::function::Fn<(), Output = i32>, i32>
   9: <&dyn core::ops::function::Fn<(), Output = i32> + core::marker::Sync as core::ops::function::FnOnce<()>>::call_once
  10: extern_c_function
             at lib.c:12
  11: main
  12: __libc_start_call_main
             at ./csu/../sysdeps/nptl/libc_start_call_main.h:58:16
  13: _start
";

/// A record with that metadata, reported from the caller.
#[track_caller]
fn record(metadata: impl IntoMetadata) -> Vec<u8> {
    let mut head = Head::new(Level::Error, "svc");
    let location = std::panic::Location::caller().into();
    head.location = Some(&location);
    let mut writer = RecordWriter::default();
    let mut fields = writer.begin(&head);
    fields.metadata(metadata);
    fields.finish().as_bytes().to_vec()
}

/// The text of an entry with a stack.
fn text_of(backtrace: &str, record: &[u8], format: ErrorFormat) -> String {
    let record = Record::first(record).expect("it is a record");
    let attached = Stacktrace::parse(backtrace).attach(record).expect("there is something to attach");
    Json::default().error_format(format).text(Record::first(&attached).expect("it stays a record"))
}

fn attached_to(record: &[u8], format: ErrorFormat) -> Value {
    serde_json::from_str(&text_of(TEXT, record, format)).expect("an entry is JSON")
}

fn without_stack(record: &[u8], format: ErrorFormat) -> String {
    Json::default().error_format(format).text(Record::first(record).expect("it is a record"))
}

fn frame<'a>(function: &'a str, place: Option<(&'a str, u32, Option<u32>)>) -> Frame<'a> {
    let mut frame = Frame { function: Some(function), ..Frame::default() };
    if let Some((file, line, column)) = place {
        (frame.file, frame.line, frame.column) = (Some(file), Some(line), column);
    }
    frame
}

#[test]
fn frames_that_say_nothing_about_the_application_are_left_out() {
    assert_eq!(
        Stacktrace::parse(TEXT).frames(),
        [
            frame("app::load::{{closure}}", Some(("src/load.rs", 12, Some(176)))),
            frame("app::inlined", Some(("C:\\work\\app\\src\\inlined.rs", 7, Some(1)))),
            frame("<app::Handler<T> as axum::handler::Handler>::call", None),
            frame("extern_c_function", Some(("lib.c", 12, None))),
        ]
    );
}

#[test]
fn a_real_backtrace_leads_to_this_function() {
    // Frames of this crate are left out, so the test goes by another name.
    let text = Backtrace::force_capture().to_string().replace("logtide_core::", "app::");
    let stacktrace = Stacktrace::parse(&text);
    let first = stacktrace.frames().first().expect("the test stands on the stack");
    assert!(first.function.unwrap().contains("a_real_backtrace_leads_to_this_function"), "{first:?}");
    assert!(first.file.unwrap().ends_with("stacktrace/tests.rs"), "{first:?}");
    assert!(first.line.is_some() && first.column.is_some(), "{first:?}");
    for frame in stacktrace.frames() {
        let function = frame.function.unwrap();
        assert!(!["main", "_start", "start_thread"].contains(&function), "{function}");
        assert!(!function.starts_with("std::") && !function.starts_with("core::"), "{function}");
    }
    let disabled = Backtrace::disabled().to_string();
    assert_eq!(Stacktrace::parse(&disabled).frames(), [], "{disabled}");
}

#[test]
fn frames_take_the_place_of_the_call() {
    let error = "x".parse::<u8>().unwrap_err();
    let record = record([("attempt", 3)].with(&error));
    let metadata = &attached_to(&record, ErrorFormat::Both)["metadata"];
    assert_eq!(metadata["attempt"], 3);
    let exception = &metadata["exception"];
    assert_eq!(exception["stacktrace"].as_array().unwrap().len(), 4);
    assert_eq!(
        exception["stacktrace"][0],
        json!({"file": "src/load.rs", "function": "app::load::{{closure}}", "line": 12, "column": 176})
    );
    let raw = exception["raw"].as_str().unwrap();
    assert!(raw.starts_with("ParseIntError: invalid digit found in string\n    at app::load"), "{raw}");
    assert!(raw.ends_with("\n    at extern_c_function (lib.c:12)"), "{raw}");
    assert_eq!(metadata["error"]["stack"], raw);
}

#[test]
fn every_other_byte_of_the_entry_stays() {
    let error = "x".parse::<u8>().unwrap_err();
    let record = record([("ratio", 0.1 + 0.2), ("other", 1e300)].with(&error));
    let (entry, attached) =
        (without_stack(&record, ErrorFormat::Both), text_of(TEXT, &record, ErrorFormat::Both));
    let until = entry.find("\"stack\":").unwrap();
    assert_eq!(entry[..until], attached[..until]);
    let (first, second) = (entry.rfind("},\"sdk\":").unwrap(), attached.rfind("},\"sdk\":").unwrap());
    assert_eq!(entry[first..], attached[second..]);
}

#[test]
fn each_form_gets_its_frames_alone() {
    let error = "x".parse::<u8>().unwrap_err();
    let entry = attached_to(&record(&error), ErrorFormat::Error);
    assert!(entry["metadata"]["error"]["stack"].as_str().unwrap().contains("app::load"));
    assert!(entry["metadata"].get("exception").is_none());
    let entry = attached_to(&record(&error), ErrorFormat::Exception);
    assert_eq!(entry["metadata"]["exception"]["stacktrace"].as_array().unwrap().len(), 4);
    assert!(entry["metadata"].get("error").is_none());
}

#[test]
fn an_exception_of_the_callers_own_is_left_alone() {
    let own = json!({"exception": {"type": "T", "message": "m", "language": "rust", "stacktrace": [
        {"file": "a.rs", "function": "f", "line": 1, "column": 2}
    ]}, "error": {"stack": "own text\n    at f (a.rs:1:2)"}});
    for metadata in [own, json!({"exception": [], "error": "text"}), json!({"exception": "text"})] {
        let record = record(metadata);
        assert_eq!(text_of(TEXT, &record, ErrorFormat::Both), without_stack(&record, ErrorFormat::Both));
    }
}

#[test]
fn the_innermost_frame_always_has_a_file() {
    let error = "x".parse::<u8>().unwrap_err();
    let text = text_of("   0: app::stripped\n   1: app::outer\n", &record(&error), ErrorFormat::Both);
    let entry: Value = serde_json::from_str(&text).unwrap();
    let frames = entry["metadata"]["exception"]["stacktrace"].as_array().unwrap();
    assert_eq!((&frames[0]["function"], &frames[0]["file"]), (&json!("app::stripped"), &json!(file!())));
    assert_eq!(frames[1], json!({"function": "app::outer"}));
}

#[test]
fn without_frames_there_is_nothing_to_attach() {
    let error = "x".parse::<u8>().unwrap_err();
    let record = record(&error);
    let none = Stacktrace::parse("   0: <unknown>\n   1: main\n");
    assert_eq!(none.attach(Record::first(&record).unwrap()), None);
    let entry: Value = serde_json::from_str(&without_stack(&record, ErrorFormat::Both)).unwrap();
    let exception = &entry["metadata"]["exception"];
    assert_eq!(exception["stacktrace"][0]["file"], file!());
    assert!(exception.get("raw").is_none(), "no raw text without frames");
}

#[test]
fn frames_and_texts_are_bounded() {
    let text: String = (0..500)
        .map(|number| format!("  {number}: app::{}_{number}\n   at src/main.rs:1:1\n", "deep".repeat(200)))
        .collect();
    let stacktrace = Stacktrace::parse(&text);
    assert_eq!(stacktrace.frames().len(), MAX_FRAMES);
    let error = "x".parse::<u8>().unwrap_err();
    let attached = text_of(&text, &record(&error), ErrorFormat::Both);
    assert!(attached.len() < 100 * 1024, "{}", attached.len());
    let entry: Value = serde_json::from_str(&attached).unwrap();
    let exception = &entry["metadata"]["exception"];
    assert_eq!(exception["stacktrace"].as_array().unwrap().len(), MAX_FRAMES);
    assert!(exception["raw"].as_str().unwrap().ends_with("(src/main.rs:1:1)"), "whole lines are kept");
}

/// Texts that look like backtraces, and ones that do not.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<String>(),
        "[ ]{0,4}[0-9]{0,3}:? ?[a-z<>&:{}é😀]{0,12}\n",
        "[ ]{0,4}at [a-z./\\\\:é]{0,12}[0-9:]{0,24}\n",
    ];
    prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic_and_keeps_an_entry_json(text in texts()) {
        let stacktrace = Stacktrace::parse(&text);
        prop_assert!(stacktrace.frames().len() <= MAX_FRAMES);
        let error = "x".parse::<u8>().unwrap_err();
        if !stacktrace.frames().is_empty() {
            let entry = text_of(&text, &record(&error), ErrorFormat::Both);
            let entry: Value = serde_json::from_str(&entry).unwrap();
            prop_assert_eq!(
                entry["metadata"]["exception"]["stacktrace"].as_array().unwrap().len(),
                stacktrace.frames().len()
            );
        }
    }
}

#[test]
fn frames_between_a_macro_of_a_framework_and_the_sdk_are_left_out() {
    let text = "\
   0: <tracing_subscriber::layer::layered::Layered<L,S> as tracing_core::subscriber::Subscriber>::event
   1: tracing_core::event::Event::dispatch
   2: log::__private_api::log_impl
   3: app::work::{{closure}}
             at /opt/cargo/registry/src/index-1/tracing-0.1.44/src/macros.rs:905:17
   4: app::work
             at ./src/main.rs:12:5
   5: tracing::main
             at ./tracing/src/main.rs:1:1
";
    let stacktrace = Stacktrace::parse(text);
    let functions: Vec<_> = stacktrace.frames().iter().filter_map(|frame| frame.function).collect();
    assert_eq!(functions, ["app::work", "tracing::main"], "a program may have the name of a framework");
}

#[test]
fn a_place_without_a_column_is_exchanged_too() {
    let error = "x".parse::<u8>().unwrap_err();
    let mut head = Head::new(Level::Error, "svc");
    let location = Frame { file: Some("src/app.rs"), line: Some(12), ..Frame::default() };
    head.location = Some(&location);
    let mut writer = RecordWriter::default();
    let mut fields = writer.begin(&head);
    fields.metadata(&error);
    let text = "   0: app::load\n   1: app::run\n             at ./src/run.rs:7:1\n";
    let attached = text_of(text, fields.finish().as_bytes(), ErrorFormat::Both);
    let attached: Value = serde_json::from_str(&attached).expect("an entry is JSON");
    let frames = &attached["metadata"]["exception"]["stacktrace"];
    assert_eq!(frames[0], serde_json::json!({"function": "app::load", "file": "src/app.rs", "line": 12}));
    let stack = attached["metadata"]["error"]["stack"].as_str().expect("a text");
    assert!(
        stack.contains("\n    at app::load (src/app.rs:12)\n    at app::run (src/run.rs:7:1)"),
        "{stack}"
    );
}

#[test]
fn a_message_that_looks_like_a_stack_gets_frames_as_any_other() {
    let error: Box<dyn std::error::Error> = "first line\n    at somewhere".into();
    let entry = attached_to(&record(&*error), ErrorFormat::Both);
    let stack = entry["metadata"]["error"]["stack"].as_str().unwrap();
    assert!(stack.starts_with("Error: first line\n    at somewhere\n    at app::load"), "{stack}");
    assert_eq!(entry["metadata"]["exception"]["raw"], stack);
}

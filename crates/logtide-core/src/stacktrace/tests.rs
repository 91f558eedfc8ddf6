//! What is read from backtraces, and what becomes of an entry.

use std::backtrace::Backtrace;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::{BaseMetadata, Content, Encoder, ErrorFormat, Head, IntoMetadata, Level, Timestamp};

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

fn encoded(metadata: impl IntoMetadata, format: ErrorFormat) -> Vec<u8> {
    let mut head = Head::new(Timestamp::from_micros(0), Level::Error, "svc");
    head.location = Some(std::panic::Location::caller().into());
    head.error_format = format;
    Encoder::default().encode(&head, "m", metadata, &BaseMetadata::default()).to_vec()
}

fn attached(entry: &[u8]) -> Value {
    let attached =
        Stacktrace::parse(TEXT).attach(entry, Content::unchanged()).expect("there is something to attach to");
    serde_json::from_slice(&attached).expect("an entry stays JSON")
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
    let entry = encoded([("attempt", 3)].with(&error), ErrorFormat::Both);
    let metadata = &attached(&entry)["metadata"];
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
    let entry = encoded([("ratio", 0.1 + 0.2), ("other", 1e300)].with(&error), ErrorFormat::Both);
    let attached = Stacktrace::parse(TEXT).attach(&entry, Content::unchanged()).unwrap();
    let (entry, attached) = (String::from_utf8(entry).unwrap(), String::from_utf8(attached).unwrap());
    let until = entry.find("\"stack\":").unwrap();
    assert_eq!(entry[..until], attached[..until]);
    let (first, second) = (entry.rfind("},\"sdk\":").unwrap(), attached.rfind("},\"sdk\":").unwrap());
    assert_eq!(entry[first..], attached[second..]);
}

#[test]
fn each_form_gets_its_frames_alone() {
    let error = "x".parse::<u8>().unwrap_err();
    let entry = attached(&encoded(&error, ErrorFormat::Error));
    assert!(entry["metadata"]["error"]["stack"].as_str().unwrap().contains("app::load"));
    assert!(entry["metadata"].get("exception").is_none());
    let entry = attached(&encoded(&error, ErrorFormat::Exception));
    assert_eq!(entry["metadata"]["exception"]["stacktrace"].as_array().unwrap().len(), 4);
    assert!(entry["metadata"].get("error").is_none());
}

#[test]
fn an_exception_of_the_callers_own_is_left_alone() {
    let own = json!({"exception": {"type": "T", "message": "m", "language": "rust", "stacktrace": [
        {"file": "a.rs", "function": "f", "line": 1, "column": 2}
    ]}, "error": {"stack": "own text\n    at f (a.rs:1:2)"}});
    for metadata in [own, json!({"exception": [], "error": "text"}), json!({"exception": "text"})] {
        assert_eq!(
            Stacktrace::parse(TEXT).attach(&encoded(metadata, ErrorFormat::Both), Content::unchanged()),
            None
        );
    }
    assert_eq!(Stacktrace::parse(TEXT).attach(b"no json", Content::unchanged()), None);
}

#[test]
fn the_innermost_frame_always_has_a_file() {
    let error = "x".parse::<u8>().unwrap_err();
    let entry = encoded(&error, ErrorFormat::Both);
    let attached = Stacktrace::parse("   0: app::stripped\n   1: app::outer\n")
        .attach(&entry, Content::unchanged())
        .unwrap();
    let entry: Value = serde_json::from_slice(&attached).unwrap();
    let frames = entry["metadata"]["exception"]["stacktrace"].as_array().unwrap();
    assert_eq!((&frames[0]["function"], &frames[0]["file"]), (&json!("app::stripped"), &json!(file!())));
    assert_eq!(frames[1], json!({"function": "app::outer"}));
}

#[test]
fn without_frames_there_is_nothing_to_attach() {
    let error = "x".parse::<u8>().unwrap_err();
    let entry = encoded(&error, ErrorFormat::Both);
    assert_eq!(Stacktrace::parse("   0: <unknown>\n   1: main\n").attach(&entry, Content::unchanged()), None);
    let entry: Value = serde_json::from_slice(&entry).unwrap();
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
    let attached = stacktrace.attach(&encoded(&error, ErrorFormat::Both), Content::unchanged()).unwrap();
    assert!(attached.len() < 100 * 1024, "{}", attached.len());
    let entry: Value = serde_json::from_slice(&attached).unwrap();
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
        if let Some(entry) = stacktrace.attach(&encoded(&error, ErrorFormat::Both), Content::unchanged()) {
            let entry: Value = serde_json::from_slice(&entry).unwrap();
            prop_assert_eq!(
                entry["metadata"]["exception"]["stacktrace"].as_array().unwrap().len(),
                stacktrace.frames().len()
            );
        }
    }

    #[test]
    fn any_bytes_are_refused_or_stay_as_they_are(entry in any::<Vec<u8>>()) {
        prop_assert_eq!(Stacktrace::parse(TEXT).attach(&entry, Content::unchanged()), None);
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
    let mut head = Head::new(Timestamp::from_micros(0), Level::Error, "svc");
    head.location = Some(Frame { file: Some("src/app.rs"), line: Some(12), ..Frame::default() });
    let entry = Encoder::default().encode(&head, "m", &error, &BaseMetadata::default()).to_vec();
    let text = "   0: app::load\n   1: app::run\n             at ./src/run.rs:7:1\n";
    let attached = Stacktrace::parse(text)
        .attach(&entry, Content::unchanged())
        .expect("there is something to attach to");
    let attached: Value = serde_json::from_slice(&attached).expect("an entry stays JSON");
    let frames = &attached["metadata"]["exception"]["stacktrace"];
    assert_eq!(frames[0], serde_json::json!({"function": "app::load", "file": "src/app.rs", "line": 12}));
    let stack = attached["metadata"]["error"]["stack"].as_str().expect("a text");
    assert!(
        stack.contains("\n    at app::load (src/app.rs:12)\n    at app::run (src/run.rs:7:1)"),
        "{stack}"
    );
}

//! The frames of panics, in release and development builds.

use std::{
    env, fs,
    panic::Location,
    path::{Path, PathBuf},
    process::Command,
};

use logtide_core::{Frame, Head, Json, Level, Panic, Record, RecordWriter, Stacktrace};
use serde_json::Value;

const PROGRAM: &str = "it/panic_frames/program.rs";

/// Functions of the standard library and the compiler's runtime on the stack of a panic.
const RUNTIME: [&str; 8] = ["__rust", "rust_", "std::", "core::", "alloc::", "panic_", "_start", "main"];

#[test]
fn in_a_release_build_a_panic_begins_with_the_function_that_panicked() {
    // The defaults of cargo's release profile.
    let panics = panics_of("release", &["-Copt-level=3", "-Cdebuginfo=0", "-Cstrip=debuginfo"]);
    for panic in &panics {
        panic.assert_first_frame();
    }
    // With the debug data of the standard library, and without the application's.
    for panic in panics_of("unstripped", &["-Copt-level=3", "-Cdebuginfo=0"]) {
        panic.assert_first_frame();
    }
}

#[test]
fn in_a_development_build_a_panic_begins_with_the_function_that_panicked() {
    for panic in panics_of("dev", &["-Copt-level=0", "-Cdebuginfo=2"]) {
        panic.assert_first_frame();
    }
}

/// A panic that the program printed.
struct Printed {
    way: String,
    place: (String, u32, u32),
    backtrace: String,
}

impl Printed {
    /// Reads `way name`, `panic file:line:column` and a backtrace.
    fn read(way: &str) -> Option<Self> {
        let (name, rest) = way.split_once('\n')?;
        let (place, rest) = rest.strip_prefix("panic ")?.split_once('\n')?;
        let mut parts = place.rsplitn(3, ':');
        let (column, line) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        Some(Self {
            way: name.to_owned(),
            place: (parts.next()?.to_owned(), line, column),
            // In a real program the hook is the SDK's.
            backtrace: rest.split("\nend\n").next()?.replace("program::hook::", "logtide_client::hook::"),
        })
    }

    fn assert_first_frame(&self) {
        let frames = self.frames();
        let (first, way) = (&frames[0], &self.way);
        let function = first["function"].as_str().unwrap_or_default();
        let expected = if way == "drops" { "panic_in_drop" } else { way };
        assert!(function.starts_with(&format!("program::{expected}")), "{way}: {frames:#?}");
        let file = first["file"].as_str().unwrap_or_default();
        if self.place.0.ends_with("program.rs") {
            assert!(file.ends_with("program.rs"), "{way}: {frames:#?}");
            assert_eq!(first["line"], self.place.1, "{way}");
        } else {
            // A function of the standard library without `#[track_caller]`: without debug data, its location is the only one.
            assert!(file.ends_with("program.rs") || file.starts_with("library/"), "{way}: {frames:#?}");
        }
        assert!(first["column"].is_number(), "{way}: {frames:#?}");
        for frame in &frames {
            let function = frame["function"].as_str().unwrap_or_default().trim_start_matches(['<', '&']);
            assert!(!RUNTIME.iter().any(|start| function.starts_with(start)), "{way}: {function}");
            assert!(
                !frame["file"].as_str().is_some_and(|file| file.starts_with("/rust")),
                "the server takes it for the application's: {frame}"
            );
        }
    }

    /// Returns the frames of the entry that a client logs for the panic.
    fn frames(&self) -> Vec<Value> {
        let mut place = Frame::default();
        (place.file, place.line, place.column) =
            (Some(self.place.0.as_str()), Some(self.place.1), Some(self.place.2));
        let (mut head, location) = (Head::new(Level::Critical, "svc"), Location::caller().into());
        head.location = Some(&location);
        let mut writer = RecordWriter::default();
        let mut fields = writer.begin(&head);
        fields.metadata(Panic::new("panicked").location(place));
        let record = Stacktrace::parse(&self.backtrace).attach(fields.finish()).expect("there are frames");
        let entry = Json::default().entry(Record::first(&record).expect("it is whole"));
        entry.metadata.get("exception").expect("an exception")["stacktrace"]
            .as_array()
            .expect("frames")
            .clone()
    }
}

/// Compiles the program with these flags, runs it, and returns its panics.
fn panics_of(build: &str, flags: &[&str]) -> Vec<Printed> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("panic-frames-{build}"));
    fs::create_dir_all(&folder).expect("the folder can be made");
    let program = compiled(&folder, flags);
    let output = Command::new(&program).env_remove("RUST_BACKTRACE").output().expect("the program runs");
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).expect("a text");
    let ways: Vec<&str> = text.split("way ").skip(1).collect();
    let panics: Vec<_> = ways.iter().filter_map(|way| Printed::read(way)).collect();
    assert!(panics.len() >= 35 && panics.len() == ways.len(), "{} of {}", panics.len(), ways.len());
    panics
}

fn compiled(folder: &Path, flags: &[&str]) -> PathBuf {
    let program = folder.join("program").with_extension(env::consts::EXE_EXTENSION);
    let output = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(["--edition", "2024", "--crate-name", "program", "--cap-lints", "allow"])
        .args(flags)
        .arg("-o")
        .arg(&program)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(PROGRAM))
        .output()
        .expect("the compiler runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    program
}

//! The origin of a frame.

use super::Frame;

/// Crates whose frames are not the application's.
const LEFT_OUT: [&str; 25] = [
    "__rustc",
    "std",
    "core",
    "alloc",
    "backtrace",
    "backtrace_rs",
    "logtide",
    "logtide_actix",
    "logtide_client",
    "logtide_core",
    "logtide_log",
    "logtide_middleware",
    "logtide_otlp",
    "logtide_query",
    "logtide_rocket",
    "logtide_stream",
    "logtide_tower",
    "logtide_tracing",
    "logtide_transport",
    "panic_abort",
    "panic_unwind",
    "std_detect",
    "tracing_core",
    "tracing_log",
    "tracing_subscriber",
];

/// Packages whose macros and functions are called between a log call and the SDK, and whose name a program may share.
const BRIDGED: [&str; 2] = ["log", "tracing"];

/// The functions that the macros of `log` call.
const LOG_MACROS: &str = "log::__private_api::";

/// Functions without a path that start programs and threads, and those of panic handling.
const RUNTIME: [&str; 24] = [
    "<unknown>",
    "BaseThreadInitThunk",
    "RtlUserThreadStart",
    "__GI___clone3",
    "__clone",
    "__clone3",
    "__libc_start_call_main",
    "__libc_start_main",
    "__libc_start_main_impl",
    "__libc_start_main_stub",
    "__pthread_start",
    "__rust_try",
    "__scrt_common_main_seh",
    "_main",
    "_pthread_start",
    "_start",
    "clone",
    "clone3",
    "invoke_main",
    "main",
    "rust_begin_unwind",
    "rust_panic",
    "start_thread",
    "thread_start",
];

pub(super) fn is_of_interest(frame: &Frame<'_>) -> bool {
    let function = frame.function.unwrap_or_default();
    let left_out = match crate_of(function) {
        Some(name) => LEFT_OUT.contains(&name) || function.starts_with(LOG_MACROS),
        None => function.is_empty() || RUNTIME.contains(&function),
    };
    !left_out && !frame.file.is_some_and(|file| is_of_standard_library(file) || is_of_bridged_package(file))
}

/// The crate of a function's path, or of the first path in `<Type as Trait>::function`.
fn crate_of(function: &str) -> Option<&str> {
    let (end, _) = function.match_indices("::").find(|(at, _)| is_identifier(last_word(&function[..*at])))?;
    Some(last_word(&function[..end]))
}

/// The part after the last character that is not part of an identifier.
fn last_word(text: &str) -> &str {
    let start = text
        .rfind(|character: char| !is_word(character))
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    &text[start..]
}

fn is_identifier(word: &str) -> bool {
    word.chars().next().is_some_and(|first| !first.is_ascii_digit())
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// The compiler's own paths for the standard library and what it is built on, or that of its installed source.
fn is_of_standard_library(file: &str) -> bool {
    let file = file.replace('\\', "/");
    file.starts_with("/rustc/")
        || file.starts_with("/rust/deps/")
        || file.contains("/rustlib/src/rust/library/")
}

/// Decides by the directory of a package from a registry: code of a macro in a function of the application has the
/// macro's file.
fn is_of_bridged_package(file: &str) -> bool {
    let file = file.replace('\\', "/");
    let package = file.split_once("/registry/src/").and_then(|(_, rest)| rest.split('/').nth(1));
    package.and_then(|package| package.rsplit_once('-')).is_some_and(|(name, _)| BRIDGED.contains(&name))
}

//! One name for an error in whatever form it is logged.

use std::{
    error::Error,
    fmt::{self, Debug, Display},
    sync::Arc,
};

use crate::Metadata;

/// The type under which an error is logged, in both forms of errors.
fn name_of<E: Error + ?Sized>(error: &E) -> String {
    let metadata = Metadata::from_fields(error);
    let exception = metadata.get("exception").unwrap();
    assert_eq!(exception["type"], metadata.get("error").unwrap()["name"]);
    exception["type"].as_str().unwrap().to_owned()
}

/// The name of an error as it is, behind references and pointers, as `dyn Error` of each kind, and as a cause.
fn one_name<E: Error + Clone + Send + Sync + 'static>(error: &E) -> String {
    #[derive(Debug, thiserror::Error)]
    #[error("outer")]
    struct Outer(#[source] Box<dyn Error + Send + Sync>);

    let outer = Metadata::from_fields(&Outer(Box::new(error.clone())));
    let names = [
        name_of(error),
        name_of(&error),
        name_of(&Box::new(error.clone())),
        name_of(&Arc::new(error.clone())),
        name_of::<dyn Error>(error),
        name_of::<dyn Error + Send>(error),
        name_of::<dyn Error + Send + Sync>(error),
        name_of(&*Box::<dyn Error + Send + Sync>::from(Box::new(error.clone()))),
        outer.get("exception").unwrap()["cause"]["type"].as_str().unwrap().to_owned(),
    ];
    assert!(names.iter().all(|name| *name == names[0]), "{names:?}");
    names[0].clone()
}

/// An error with a `Debug` form of its own.
#[derive(Clone)]
struct Written(&'static str);

impl Debug for Written {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl Display for Written {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("failed")
    }
}

impl Error for Written {}

#[test]
fn the_same_error_has_one_name_in_all_forms() {
    #[derive(Clone, Debug, thiserror::Error)]
    #[error("database gone")]
    struct Db;
    #[derive(Clone, Debug, thiserror::Error)]
    #[error("status {0}")]
    struct Status(u16);
    #[derive(Clone, Debug, thiserror::Error)]
    #[error("{table}")]
    struct Row<T: Debug + Display> {
        table: T,
    }
    #[derive(Clone, Debug, thiserror::Error)]
    #[error("store failed")]
    enum Store {
        Timeout,
        Refused { by: Db },
    }

    assert_eq!(one_name(&Db), "Db");
    assert_eq!(one_name(&Status(503)), "Status");
    assert_eq!(one_name(&Row { table: "users" }), "Row");
    assert_eq!(one_name(&Store::Timeout), "Timeout");
    assert_eq!(one_name(&Store::Refused { by: Db }), "Refused");
    assert_eq!(one_name(&"x".parse::<u8>().unwrap_err()), "ParseIntError");
    assert_eq!(one_name(&fmt::Error), "Error");
}

#[test]
fn a_debug_form_of_ones_own_is_a_name_where_it_looks_like_one() {
    for (debug, name) in [
        ("Timeout", "Timeout"),
        ("reqwest::Error { kind: Request }", "reqwest::Error"),
        ("hyper::Error(IncompleteMessage)", "hyper::Error"),
        ("JoinError::Panic(Id(4))", "JoinError::Panic"),
        ("Überlauf(1)", "Überlauf"),
    ] {
        assert_eq!(one_name(&Written(debug)), name, "{debug}");
    }
    for debug in [
        "",
        "query failed\n\nCaused by:\n    timeout",
        "Connection refused (os error 111)",
        "Connection: refused",
        "Connection::",
        "Timeout after 3s",
        "Timeout ",
        "Timeout, again",
        "\"a text\"",
        "open(file) failed",
        "::Db(1)",
        "{ Db }",
        "<app::Db>",
    ] {
        assert_eq!(one_name(&Written(debug)), "Error", "{debug}");
    }
    let long: &'static str = "A".repeat(300).leak();
    assert_eq!(one_name(&Written(long)), "Error", "the server records no type of more than 255 bytes");
    assert_eq!(one_name(&Written(&long[..255])), &long[..255]);
}

#[test]
fn a_text_as_an_error_has_a_type_too() {
    let error: Box<dyn Error + Send + Sync> = "plain text".into();
    assert_eq!(name_of(&*error), "Error");
    let error: Box<dyn Error> = "Plain".into();
    assert_eq!(name_of(&*error), "Error");
}

//! Code, environment, files and README have the same options.

use std::{cell::RefCell, collections::BTreeSet, fs, path::Path};

use logtide::ClientOptions;

type Names = BTreeSet<String>;

/// Options without a text form: functions, and another client. The README and the docs of `from_env` name them.
const IN_CODE_ALONE: [&str; 4] = ["before_send", "before_breadcrumb", "on_event", "share_with"];

/// The arguments of `ClientOptions::new` and `from_dsn`.
const SERVER: [&str; 3] = ["dsn", "api_url", "api_key"];

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are in the repository");
    fs::read_to_string(root.join(path)).expect("the file is there")
}

fn names<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Names {
    names.into_iter().map(Into::into).collect()
}

/// Returns the setters of the options. `header` sets one of `headers`.
fn setters() -> Names {
    let folder = "crates/logtide-client/src/options";
    let files = ["", "/connection", "/content", "/identity", "/spool", "/wire"];
    let mut found = Names::new();
    for source in files.map(|file| read(&format!("{folder}{file}.rs"))) {
        let mut in_macro = false;
        for line in source.lines() {
            in_macro = (in_macro || line == "    setters! {") && line != "    }";
            let function =
                ["    pub fn ", "    pub const fn "].iter().find_map(|start| line.strip_prefix(start));
            if let Some((name, arguments)) = function.and_then(|function| function.split_once('('))
                && (arguments.starts_with("mut self")
                    || (arguments.is_empty() && source.contains(&format!("fn {name}(\n        mut self"))))
            {
                found.insert(name.to_owned());
            } else if in_macro
                && let Some((name, _)) = line.trim().split_once(": ").filter(|_| line.ends_with(','))
            {
                found.insert(name.to_owned());
            }
        }
    }
    assert!(found.remove("header"), "{found:?}");
    found.insert("headers".to_owned());
    found
}

/// Returns the options whose variables are read.
fn variables() -> Names {
    let asked = RefCell::new(Names::new());
    let _ = ClientOptions::from_variables(|name| {
        asked.borrow_mut().insert(name.strip_prefix("LOGTIDE_").expect("they begin so").to_lowercase());
        None
    });
    asked.into_inner()
}

/// Returns the keys that a file may have, from the error for an unknown one.
fn keys() -> Names {
    let error =
        serde_json::from_str::<ClientOptions>(r#"{"nothing": 1}"#).expect_err("it is unknown").to_string();
    let (_, known) = error.split_once("expected one of ").expect("they are named");
    names(known.split('`').skip(1).step_by(2))
}

/// Returns the names in the first column of the table, and those of rows that are limited to code.
fn table() -> (Names, Names) {
    let readme = read("README.md");
    let (_, options) = readme.split_once("\n## Options\n").expect("there is a section");
    let rows =
        options.split("\n## ").next().unwrap_or_default().lines().filter(|line| line.starts_with("| `"));
    let (mut all, mut in_code) = (Names::new(), Names::new());
    for row in rows {
        let first = row.split('|').nth(1).unwrap_or_default();
        for name in first.split('`').skip(1).step_by(2) {
            assert!(all.insert(name.to_owned()), "{name} is there twice");
            if row.contains("in code only") {
                in_code.insert(name.to_owned());
            }
        }
    }
    (all, in_code)
}

#[test]
fn every_option_is_in_code_environment_file_and_readme_alike() {
    let setters = setters();
    let (table, in_code_alone) = table();
    assert_eq!(table, setters, "the README's table, and the setters");
    assert_eq!(in_code_alone, names(IN_CODE_ALONE), "what the README says is in code only");
    let written: Names = setters.difference(&in_code_alone).cloned().chain(names(SERVER)).collect();
    assert_eq!(variables(), written, "the variables");
    assert_eq!(keys(), written, "the keys of a file");
}

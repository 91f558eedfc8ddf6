//! The facade exports the types that its signatures name.

use std::collections::BTreeMap;

use crate::{
    repository::{Repository, TextFile},
    rust_source::code_only,
};

const FACADE: &str = "crates/logtide/src/lib.rs";

/// The crates whose types the facade exports individually. The core and the transport are exported whole, in the module `crates`.
const CRATES: [&str; 3] = ["logtide-client", "logtide-query", "logtide-stream"];

pub(super) fn check(repository: &Repository) -> Vec<String> {
    let root =
        |path: &str| repository.file(path).map(|file| exports(&code_only(&file.text))).unwrap_or_default();
    let facade = root(FACADE);
    let known: BTreeMap<String, &str> = CRATES
        .into_iter()
        .flat_map(|name| root(&format!("crates/{name}/src/lib.rs")).into_iter().map(move |word| (word, name)))
        .filter(|(word, _)| !facade.contains(word))
        .collect();
    let mut violations = Vec::new();
    for file in repository.rust_files().filter(|file| is_of(file)) {
        for item in items(&code_only(&file.text)) {
            let Some((name, signatures)) = signatures(&item).filter(|(name, _)| facade.contains(name)) else {
                continue;
            };
            for (word, package) in words(&signatures).filter_map(|word| known.get_key_value(word)) {
                violations.push(format!(
                    "{}: a public signature of {name} names {word} of {package}: export it in {FACADE}",
                    file.path
                ));
            }
        }
    }
    violations
}

fn is_of(file: &TextFile) -> bool {
    let is_source = |name: &&str| file.path.starts_with(&format!("crates/{name}/src/"));
    CRATES.iter().any(is_source) && !file.path.contains("tests")
}

/// Returns the types that a file exports with `pub use`.
fn exports(code: &str) -> Vec<String> {
    let uses = code.split("pub use ").skip(1).filter_map(|rest| rest.split(';').next());
    uses.flat_map(words).map(str::to_owned).collect()
}

/// Returns the items of a file. Each ends where the next line without indentation begins.
fn items(code: &str) -> Vec<String> {
    let mut items = vec![String::new()];
    for line in code.lines() {
        if !line.starts_with([' ', '}', ')']) && !line.is_empty() {
            items.push(String::new());
        }
        let item = items.last_mut().expect("there is one from the start");
        item.push_str(line);
        item.push('\n');
    }
    items
}

/// Returns the type that an item is or belongs to, and its public signatures.
fn signatures(item: &str) -> Option<(String, String)> {
    let (head, body) = item.split_once('{').unwrap_or((item, ""));
    if let Some(rest) = head.strip_prefix("impl") {
        let name = words(skip_generics(rest)).next()?;
        return (!head.contains(" for ")).then(|| (name.to_owned(), public_functions(body)));
    }
    let (kind, rest) = head.strip_prefix("pub ")?.split_once(' ')?;
    let name = words(rest).next()?.to_owned();
    let is_public = |line: &&str| line.trim_start().starts_with("pub ");
    match kind {
        "struct" => Some((name, head.to_owned() + &body.lines().filter(is_public).collect::<String>())),
        "enum" => Some((name, body.to_owned())),
        _ => None,
    }
}

/// Returns the heads of public functions, and the tables of macros that generate some.
fn public_functions(body: &str) -> String {
    let heads = body.split("\n    pub ").skip(1).filter_map(|rest| rest.split(['{', ';']).next());
    let tables = body.split("calls! {").skip(1).filter_map(|rest| rest.split("\n    }").next());
    heads.chain(tables).collect::<Vec<_>>().join("\n")
}

fn skip_generics(text: &str) -> &str {
    if !text.starts_with('<') {
        return text;
    }
    let mut depth = 0;
    let end = text.find(|character| {
        depth += i32::from(character == '<') - i32::from(character == '>');
        depth == 0
    });
    end.map_or(text, |end| &text[end..])
}

/// Returns the identifiers that begin with a capital letter.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_other = |character: char| !character.is_alphanumeric() && character != '_';
    text.split(is_other).filter(|word| word.starts_with(char::is_uppercase))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_with(source: &str) -> Vec<String> {
        check(&Repository::of(&[
            (FACADE, "pub use logtide_client::{\n    Client,\n};\n"),
            ("crates/logtide-client/src/lib.rs", "pub use a::{Client, Missing};\n"),
            ("crates/logtide-client/src/a.rs", source),
        ]))
    }

    #[test]
    fn a_missing_type_is_found_wherever_it_is_named() {
        for source in [
            "impl Client {\n    pub fn a(&self) -> Vec<Missing> {\n    }\n}\n",
            "impl<T> Client {\n    pub async fn a(\n        &self,\n        b: Missing,\n    ) {\n    }\n}\n",
            "impl Client {\n    calls! {\n        a, b() -> Missing;\n    }\n}\n",
            "pub struct Client {\n    pub a: Missing,\n}\n",
            "pub struct Client(pub Missing);\n",
            "pub enum Client {\n    A(Missing),\n}\n",
        ] {
            let violations = check_with(source);
            assert_eq!(violations.len(), 1, "{source}: {violations:?}");
            assert!(violations[0].contains("Missing of logtide-client"), "{violations:?}");
        }
    }

    #[test]
    fn what_is_not_public_or_not_of_an_exported_type_may_name_anything() {
        for source in [
            "impl Client {\n    fn a(&self) -> Missing {\n    }\n    pub fn b() {\n        Missing;\n    }\n}\n",
            "impl Client {\n    pub(crate) fn a(&self) -> Missing {\n    }\n}\n",
            "impl Other {\n    pub fn a(&self) -> Missing {\n    }\n}\n",
            "impl From<Missing> for Client {\n}\n",
            "pub struct Client {\n    a: Missing,\n}\n",
        ] {
            assert!(check_with(source).is_empty(), "{source}");
        }
    }
}

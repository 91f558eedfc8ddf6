//! The command line.

use clap::{ColorChoice, Parser, Subcommand};

use crate::{
    commands::{
        completions::Completions, dev::Dev, heartbeat::Heartbeat, login::Login, man::Man, query::Query,
        send::Send, stats::Stats, tail::Tail, trace::Trace,
    },
    connection::Connection,
    failure::EXIT_CODES,
    terminal::ColorWhen,
};

/// Sends logs to a LogTide server, and shows what is stored there.
#[derive(Debug, Parser)]
#[command(
    name = "logtide",
    version,
    color = ColorChoice::Auto,
    propagate_version = true,
    max_term_width = 100,
    after_help = EXIT_CODES,
    after_long_help = EXIT_CODES
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) connection: Connection,

    /// When to use colours
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t, help_heading = "Output")]
    pub(crate) color: ColorWhen,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Send(Box<Send>),
    Tail(Tail),
    Query(Query),
    Trace(Trace),
    Stats(Stats),
    Heartbeat(Heartbeat),
    Dev(Dev),
    Login(Login),
    Completions(Completions),
    Man(Man),
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    /// Returns the arguments of each command `logtide …` in the code blocks of a page.
    fn commands(page: &str) -> Vec<Vec<String>> {
        let mut is_code = false;
        let lines = page.lines().filter(|line| {
            is_code ^= line.starts_with("```");
            is_code
        });
        let stages = lines.flat_map(|line| line.split(" # ").next().unwrap_or_default().split(['|', '<']));
        let commands = stages.map(|stage| words(stage.trim().trim_start_matches("$ ")));
        commands.filter(|words| words.len() > 1 && words[0] == "logtide").collect()
    }

    /// Splits at white space outside of quotes.
    fn words(text: &str) -> Vec<String> {
        let mut words = vec![String::new()];
        let mut quote = None;
        for sign in text.chars() {
            match (sign, quote) {
                ('\'' | '"', None) => quote = Some(sign),
                (_, Some(open)) if sign == open => quote = None,
                (' ', None) => words.push(String::new()),
                _ => words.last_mut().expect("there is a word").push(sign),
            }
        }
        words.retain(|word| !word.is_empty());
        words
    }

    #[test]
    fn the_commands_of_the_documentation_are_valid() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let guides = fs::read_dir(root.join("crates/logtide/src/guides")).unwrap();
        let pages = guides.map(|entry| entry.unwrap().path()).chain(
            ["README.md", "CONTRIBUTING.md", "crates/logtide-cli/README.md"].map(|page| root.join(page)),
        );
        let mut count = 0;
        for page in pages {
            for words in commands(&fs::read_to_string(&page).unwrap()) {
                count += 1;
                if let Err(error) = Arguments::try_parse_from(&words) {
                    panic!("{}: `{}`: {error}", page.display(), words.join(" "));
                }
            }
        }
        assert!(count > 10, "only {count} commands were found");
    }
}

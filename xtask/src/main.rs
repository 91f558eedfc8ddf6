//! The repository's own tool: `cargo xtask help` lists its commands.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool talks through its output"
)]

mod api;
mod bench;
mod cargo;
mod ci;
mod endurance;
mod examples;
mod faults;
mod footprint;
mod fuzz;
mod graph;
mod handover;
mod licenses;
mod marked;
mod minimal_versions;
mod package;
mod release;
mod repository;
mod rust_source;
mod sim;
mod steps;
mod test;
mod tidy;

use std::{
    env,
    error::Error,
    io::{self, Write as _},
    process::ExitCode,
};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const HELP: &str = "\
The tool of this repository.

Usage: cargo xtask COMMAND

Commands:
  test [STEP …]       Run every check of the repository, or only the named steps (also: --only STEP)
  tidy                Run only the repository's own rules
  ci [STEP …]         Run `test`, then a release build of the SDK
  api [--update]      Compare the public interfaces of the published libraries with the lists of tests/api; fails when an
                      item is gone, or names a crate that is not allowed; --update writes the lists
  bench [NAME …] [-- ARG …]
                      Run the benchmarks, or only the named: record, handover, tower, pipeline, page, sse (criterion),
                      full (log calls while the buffer is full), threads (1 to 16), age (after ten million entries),
                      allocations, durability (synced entries a second), spool (ten million entries without a server,
                      3 GB on the disk), whole (the SDK as a process). Not run unless named: peers (compared with another
                      client; with `-- --write` the documentation gets the table); instructions [-- [--update] [CASE …]]
                      (counted with callgrind; fails above the baseline of tests/instructions.txt, or writes it)
  faults [--list] [--quick] [--write] [--only NAME,…] [--seeds NUMBER,…] [--mixtures NUMBER] [--seed NUMBER]
                      Run whole programs whose server fails, then each fault alone and 200 mixtures of faults with clients
                      in one process, and print what was logged, stored and lost; fails when an entry is lost that should
                      not be, or is not counted, or when a fault never occurs. Takes about five minutes, and less with --quick.
                      --seeds sets those of the programs, --seed the first of the mixtures. --write also writes the
                      table that the documentation shows
  crash [--rounds N] [--threads N] [--seed N]
                      Kill programs while they log to a synced spool, 100 unless said otherwise, and print what was
                      logged, acknowledged and stored; fails when an acknowledged entry is missing
  soak [--minutes N] [--seconds N] [--rate N] [--seed N]
                      Run a program with a spool under faults that come and go, for an hour unless said otherwise, and
                      print a line a minute; fails when an entry is missing, or memory or handles have grown
  footprint [NAME …]  Build the programs of tests/footprint from scratch and print what each costs; fails when the SDK adds
                      more than 3.0 MB. `footprint --write` also writes the table that the documentation shows
  fuzz TARGET [SECONDS]
                      Fuzz a decoder of external data with cargo-fuzz, for a minute unless said otherwise: answer, dsn,
                      retry_after, sse, traceparent
  handover [--runs NUMBER] [NAME]
                      Check the handover from a log call to the worker in many thread schedules; fails when an entry or a
                      wake-up is lost, or a count is wrong; all checks, or those that begin with NAME, as `syncs::`.
                      Builds the client once more, and takes about a minute after that
  licenses [--write]  Print the licences of the published packages' dependencies, or write them to THIRD-PARTY.md
  minimal-versions    Check the SDK with the lowest versions of its dependencies that Cargo.toml allows, in a copy
  release [--dry-run] Print the steps to publish a version by hand; with --dry-run, check what they require
  sim [--seeds NUMBER] [--from SEED] [--threads NUMBER]
                      Run the simulation of pipeline, server and disk under virtual time, 10,000 seeds on all cores unless
                      said otherwise, and print how often each event happened; fails at the first seed that loses an
                      entry without counting it
  help                Print this list

Steps of `test`, in order:
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if env::var_os(api::AS_RUSTDOC).is_some() {
        return api::stand_in(&arguments);
    }
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", arguments),
    };
    match command {
        "test" => steps::run(steps::select(test::steps(), rest)?),
        "ci" => steps::run(steps::select(ci::steps(), rest)?),
        "tidy" => tidy::run(),
        "api" => api::run(rest),
        "bench" => bench::run(rest),
        "crash" => endurance::crash(rest),
        "soak" => endurance::soak(rest),
        "faults" => faults::run(rest),
        "footprint" => footprint::run(rest),
        "fuzz" => fuzz::run(rest),
        "handover" => handover::run(rest),
        "licenses" => licenses::run(rest),
        "minimal-versions" => minimal_versions::run(rest),
        "release" => release::run(rest),
        "sim" => sim::run(rest),
        "help" | "--help" | "-h" => {
            // `print!` panics if a pager closes the pipe early.
            Ok(io::stdout().write_all(format!("{HELP}{}", steps::list(&test::steps())).as_bytes())?)
        }
        unknown => Err(format!("no command `{unknown}`: `cargo xtask help` lists them").into()),
    }
}

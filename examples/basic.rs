//! One client for the program: options, level macros, and a guard that delivers at the end.
//!
//! Run it with `cargo run --example basic`. It logs to an embedded server, or to the server in `LOGTIDE_DSN`, or in
//! `LOGTIDE_API_URL` and `LOGTIDE_API_KEY`.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::{error::Error, time::Duration};

use logtide::{ClientOptions, EnvError};
use logtide_devserver::DevServer;

fn main() -> Result<(), Box<dyn Error>> {
    let server = DevServer::start()?;
    let options = match ClientOptions::from_env() {
        Err(EnvError::NoServer) => ClientOptions::new(server.url(), server.api_key()),
        options => options?,
    };
    let guard = logtide::init(
        options.service("basic").environment("development").release(env!("CARGO_PKG_VERSION")),
    )?;

    logtide::info!("server started", port = 3000, tls = false);
    handle_request("/users/42");
    handle_request("/users/eighty");

    let report = guard.close_blocking(Duration::from_secs(5));
    println!("{report}");
    for entry in server.stored() {
        println!("{:<8} {}  {}", entry.level, entry.message, entry.metadata.unwrap_or_default());
    }
    Ok(())
}

fn handle_request(path: &str) {
    match path.trim_start_matches("/users/").parse::<u16>() {
        Ok(user) => logtide::info!("GET {path}", status = 200, user = user, password = "never sent"),
        Err(error) => logtide::error!("GET {path}", status = 400, error = &error),
    }
}

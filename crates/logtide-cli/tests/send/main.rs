//! `logtide send` as a user runs it, against the embedded server.
#![cfg(unix)]

mod ends;
mod follow;
mod lines;
mod outages;
mod run;
mod signals;
mod terminal;
mod volume;

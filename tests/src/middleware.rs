//! The requirements for every HTTP integration, as scenarios for a server of any framework.

mod app;
mod around;
mod browser;
mod running;
mod site;

pub mod scenarios;

pub use self::{
    app::App,
    around::enter_span_around,
    browser::{Answer, get, hang_up, open, reset, send},
    running::Running,
    site::{Serve, Site},
};

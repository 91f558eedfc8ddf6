//! What every HTTP integration keeps, as scenarios that are played against a server of any framework.

mod app;
mod browser;
mod running;
mod site;

pub mod scenarios;

pub use self::{
    app::App,
    browser::{Answer, get, hang_up, open, send},
    running::Running,
    site::{Serve, Site},
};

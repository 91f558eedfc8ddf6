//! A program that sends an event of `tracing` with Sentry, over HTTPS.

use sentry::{ClientOptions, integrations::tracing::EventFilter};
use tracing_subscriber::prelude::*;

fn main() {
    let options = ClientOptions { enable_logs: true, ..ClientOptions::default() };
    let _guard = sentry::init(("https://key@sentry.example.com/1", options));
    let layer = sentry::integrations::tracing::layer().event_filter(|_| EventFilter::Log);
    tracing_subscriber::registry().with(layer).init();
    tracing::info!("hello");
}

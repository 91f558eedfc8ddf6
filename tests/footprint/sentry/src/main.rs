//! A program that sends an event of `tracing` with Sentry, over HTTPS.

use sentry::{
    ClientOptions,
    integrations::tracing::{LogLayer, SpanLayer},
};
use tracing_subscriber::prelude::*;

fn main() {
    let options = ClientOptions::new().dsn("https://key@sentry.example.com/1");
    let _guard = sentry::init(options);
    tracing_subscriber::registry().with(LogLayer::new()).with(SpanLayer::new()).init();
    tracing::info!("hello");
}

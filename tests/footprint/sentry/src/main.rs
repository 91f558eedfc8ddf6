//! A program that sends one log with Sentry, over HTTPS.

fn main() {
    let _guard = sentry::init(("https://key@sentry.example.com/1", sentry::ClientOptions::default()));
    sentry::logger_info!("hello");
}

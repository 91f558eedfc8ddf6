//! Valid and invalid options.

use super::*;
use crate::Client;

fn options() -> ClientOptions {
    ClientOptions::new("http://localhost:8080", "lp_SECRET")
}

fn refusal(options: ClientOptions) -> String {
    let error = Client::new(options).expect_err("these options do not work");
    let text = format!("{error} {error:?}");
    assert!(!text.contains("SECRET"), "{text}");
    error.to_string()
}

#[test]
fn defaults_are_those_of_the_other_sdks() {
    let options = options();
    assert_eq!((options.batch_size, options.max_buffer_size, options.max_retries), (100, 10_000, 3));
    assert_eq!(
        (options.flush_interval, options.retry_delay),
        (Duration::from_secs(5), Duration::from_secs(1))
    );
    assert_eq!(
        (options.circuit_breaker_threshold, options.circuit_breaker_reset),
        (5, Duration::from_secs(30))
    );
    assert!(options.enable_metrics && !options.debug && !options.auto_trace_id);
    assert!(!options.event_ids && !options.sequence_numbers);
    assert!(Client::new(options).is_ok());
}

#[test]
fn every_range_is_checked() {
    let zero = Duration::ZERO;
    for (wrong, name) in [
        (options().batch_size(0), "batch_size"),
        (options().max_buffer_size(0), "max_buffer_size"),
        (options().max_buffer_bytes(0), "max_buffer_bytes"),
        (options().max_batch_bytes(60_000_000), "max_batch_bytes"),
        (options().max_in_flight(0), "max_in_flight"),
        (options().max_retries(101), "max_retries"),
        (options().circuit_breaker_threshold(0), "circuit_breaker_threshold"),
        (options().flush_interval(zero), "flush_interval"),
        (options().retry_delay(zero), "retry_delay"),
        (options().circuit_breaker_reset(zero), "circuit_breaker_reset"),
        (options().request_timeout(zero), "request_timeout"),
        (options().flush_timeout(Duration::MAX), "flush_timeout"),
        (options().shutdown_timeout(Duration::MAX), "shutdown_timeout"),
        (options().drop_policy(DropPolicy::Block(Duration::MAX)), "drop_policy"),
        (options().payload_limits(PayloadLimits::none().max_field_bytes(0)), "max_field_bytes"),
        (options().payload_limits(PayloadLimits::none().max_entry_bytes(4_095)), "max_entry_bytes"),
        (options().max_breadcrumbs(1_001), "max_breadcrumbs"),
        (options().sample_rate(1.5), "sample_rate"),
        (options().sample_rate(-0.1), "sample_rate"),
        (options().sample_rate(f64::NAN), "sample_rate"),
    ] {
        let text = refusal(wrong);
        assert!(text.contains(name) && text.contains("use a"), "{text}");
    }
}

#[test]
fn addresses_and_keys_that_do_not_work_are_refused() {
    for (url, key) in [
        ("", "lp_SECRET"),
        ("ftp://host", "lp_SECRET"),
        ("https://lp_SECRET@host", "lp_SECRET"),
        ("not a url", "lp_SECRET"),
        ("http://localhost", ""),
        ("http://localhost", "  "),
        ("http://localhost", "SECRET with spaces"),
        ("http://localhost", "SECRET\n"),
    ] {
        if key == "SECRET\n" {
            assert!(Client::new(ClientOptions::new(url, key)).is_ok(), "surrounding white space is removed");
        } else {
            let _ = refusal(ClientOptions::new(url, key));
        }
    }
}

#[test]
fn the_key_is_not_shown() {
    for options in [
        options(),
        ClientOptions::new("https://lp_SECRET@host/x", "k"),
        ClientOptions::new("lp_SECRET@host", "k"),
        options().header("authorization", "lp_SECRET"),
    ] {
        let text = format!("{options:#?}");
        assert!(!text.contains("SECRET"), "{text}");
    }
}

//! Valid and invalid environment variables.

use std::time::Duration;

use logtide_core::{ErrorFormat, GiveUp};

use super::*;
use crate::{Client, DropPolicy};

fn from(variables: &[(&str, &str)]) -> Result<ClientOptions, EnvError> {
    ClientOptions::from_variables(|name| {
        variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    })
}

const DSN: (&str, &str) = ("LOGTIDE_DSN", "https://lp_dsn@logs.example.com/base");

#[test]
fn every_variable_sets_its_option() {
    let options = from(&[
        DSN,
        ("LOGTIDE_SERVICE", "api"),
        ("LOGTIDE_ENVIRONMENT", "production"),
        ("LOGTIDE_RELEASE", "1.2.3"),
        ("LOGTIDE_SERVER_NAME", "web-1"),
        ("LOGTIDE_BATCH_SIZE", " 7 "),
        ("LOGTIDE_FLUSH_INTERVAL", "250ms"),
        ("LOGTIDE_MAX_BUFFER_SIZE", "8"),
        ("LOGTIDE_MAX_BUFFER_BYTES", "9000"),
        ("LOGTIDE_DROP_POLICY", "Block:50ms"),
        ("LOGTIDE_MAX_BATCH_BYTES", "10000"),
        ("LOGTIDE_MAX_IN_FLIGHT", "2"),
        ("LOGTIDE_MAX_RETRIES", "5"),
        ("LOGTIDE_RETRY_DELAY", "2"),
        ("LOGTIDE_CIRCUIT_BREAKER_THRESHOLD", "6"),
        ("LOGTIDE_CIRCUIT_BREAKER_RESET", "1m"),
        ("LOGTIDE_REQUEST_TIMEOUT", "11s"),
        ("LOGTIDE_FLUSH_TIMEOUT", "12s"),
        ("LOGTIDE_SHUTDOWN_TIMEOUT", "13s"),
        ("LOGTIDE_ENABLE_METRICS", "off"),
        ("LOGTIDE_DEBUG", "1"),
        ("LOGTIDE_AUTO_TRACE_ID", "TRUE"),
        ("LOGTIDE_EVENT_IDS", "yes"),
        ("LOGTIDE_SEQUENCE_NUMBERS", "1"),
        ("LOGTIDE_SAMPLE_RATE", "0.5"),
        ("LOGTIDE_SEND_DEFAULT_PII", "yes"),
        ("LOGTIDE_GIVE_UP", "after_retries"),
        ("LOGTIDE_ERROR_FORMAT", "Exception"),
        ("LOGTIDE_ATTACH_STACKTRACE", "on"),
        ("LOGTIDE_MAX_BREADCRUMBS", "9"),
        ("LOGTIDE_OUTAGE_NOTICE", "off"),
        ("LOGTIDE_GLOBAL_METADATA", r#" {"region": "eu", "replica": 2} "#),
        ("LOGTIDE_PAYLOAD_LIMITS", r#"{"max_field_bytes": "99", "excluded_fields": ["body"]}"#),
        ("LOGTIDE_REDACTION", r#"{"keys": ["iban"]}"#),
        ("LOGTIDE_HEADERS", r#"{"x-tenant": " one ", "x-none": ""}"#),
        ("LOGTIDE_HTTP", r#"{"connect_timeout": "3s", "proxy": "socks5://u:hidden@127.0.0.1"}"#),
    ])
    .unwrap();
    assert_eq!(
        (options.api_url.as_str(), options.api_key.expose()),
        ("https://logs.example.com/base", "lp_dsn")
    );
    assert_eq!((options.service.as_str(), options.environment.as_deref()), ("api", Some("production")));
    assert_eq!((options.release.as_deref(), options.server_name.as_deref()), (Some("1.2.3"), Some("web-1")));
    assert_eq!((options.batch_size, options.max_buffer_size, options.max_buffer_bytes), (7, 8, 9_000));
    assert_eq!((options.max_batch_bytes, options.max_in_flight, options.max_retries), (10_000, 2, 5));
    assert_eq!(options.drop_policy, DropPolicy::Block(Duration::from_millis(50)));
    assert_eq!(options.circuit_breaker_threshold, 6);
    assert_eq!(
        [
            options.flush_interval,
            options.retry_delay,
            options.circuit_breaker_reset,
            options.request_timeout,
            options.flush_timeout,
            options.shutdown_timeout,
        ],
        [250, 2_000, 60_000, 11_000, 12_000, 13_000].map(Duration::from_millis)
    );
    assert!(!options.enable_metrics && options.debug && options.auto_trace_id && options.send_default_pii);
    assert!(options.event_ids && options.sequence_numbers);
    assert_eq!(options.sample_rate, 0.5);
    assert_eq!((options.give_up, options.error_format), (GiveUp::AfterRetries, ErrorFormat::Exception));
    assert!(options.attach_stacktrace && options.max_breadcrumbs == 9 && !options.outage_notice);
    assert_eq!(options.global_metadata.get("replica"), Some(&2.into()));
    assert_eq!(options.payload_limits.max_field_bytes, 99);
    assert_eq!(options.redaction.keys, ["iban"]);
    assert_eq!(options.headers, [("x-tenant".to_owned(), "one".to_owned())]);
    let shown = format!("{:?}", options.http);
    assert!(shown.contains("connect_timeout: 3s") && shown.contains("Url(***)"), "{shown}");
    assert!(Client::new(options).is_ok());
}

#[test]
fn a_dsn_wins_and_otherwise_both_address_and_key_are_needed() {
    let (url, key) = (("LOGTIDE_API_URL", "http://localhost:8080"), ("LOGTIDE_API_KEY", "lp_k"));
    assert_eq!(from(&[url, key]).unwrap().api_key.expose(), "lp_k");
    assert_eq!(from(&[url, key, DSN]).unwrap().api_key.expose(), "lp_dsn");
    assert_eq!(from(&[url, key, ("LOGTIDE_DSN", " ")]).unwrap().api_key.expose(), "lp_k");
    for incomplete in [&[][..], &[url], &[key]] {
        assert_eq!(from(incomplete).unwrap_err(), EnvError::NoServer);
    }
}

#[test]
fn an_error_names_the_variable_and_never_shows_its_value() {
    for variable in [
        "LOGTIDE_BATCH_SIZE",
        "LOGTIDE_FLUSH_INTERVAL",
        "LOGTIDE_DROP_POLICY",
        "LOGTIDE_DEBUG",
        "LOGTIDE_SAMPLE_RATE",
        "LOGTIDE_MAX_RETRIES",
        "LOGTIDE_GLOBAL_METADATA",
        "LOGTIDE_PAYLOAD_LIMITS",
        "LOGTIDE_REDACTION",
        "LOGTIDE_HEADERS",
        "LOGTIDE_HTTP",
        "LOGTIDE_DSN",
    ] {
        let error = from(
            &[DSN, (variable, "lp_SECRET")]
                .map(|pair| if pair.0 == variable { (variable, "lp_SECRET") } else { pair }),
        )
        .unwrap_err();
        let message = format!("{error} {error:?}");
        assert!(error.to_string().contains(variable) && !message.contains("SECRET"), "{message}");
    }
}

#[test]
fn what_is_wrong_inside_of_an_object_is_not_shown_either() {
    for (variable, value) in [
        ("LOGTIDE_HEADERS", r#"{"x-token": 53437337}"#),
        ("LOGTIDE_HEADERS", r#"["SECRET"]"#),
        ("LOGTIDE_HTTP", r#"{"SECRET": 1}"#),
        ("LOGTIDE_HTTP", r#"{"proxy": {"SECRET": 1}}"#),
        ("LOGTIDE_HTTP", r#"{"client_certificate": {"key": "SECRET"}}"#),
        ("LOGTIDE_REDACTION", r#"{"keys": "SECRET"}"#),
    ] {
        let error = from(&[DSN, (variable, value)]).unwrap_err();
        let message = format!("{error} {error:?}");
        assert!(error.to_string().contains(variable) && error.to_string().contains("JSON"), "{message}");
        assert!(!message.contains("SECRET") && !message.contains("53437337"), "{message}");
    }
}

#[cfg(not(feature = "otlp"))]
#[test]
fn variables_of_otlp_are_an_error_that_names_the_feature() {
    for variable in ["LOGTIDE_WIRE", "LOGTIDE_TRACES_SAMPLE_RATE"] {
        let error = from(&[DSN, (variable, "1")]).unwrap_err();
        assert_eq!(error, EnvError::Feature { variable, feature: "otlp" });
    }
}

#[cfg(feature = "otlp")]
#[test]
fn a_wire_is_a_word_or_a_collector_that_needs_no_server() {
    let wire = |variables: &[(&str, &str)]| from(variables).map(|options| format!("{options:?}"));
    for (word, shown) in [("json", "wire: Json"), (" OTLP ", "wire: Otlp")] {
        assert!(wire(&[DSN, ("LOGTIDE_WIRE", word)]).unwrap().contains(shown));
        assert_eq!(from(&[("LOGTIDE_WIRE", word)]).unwrap_err(), EnvError::NoServer);
    }
    let collector =
        r#"{"collector": {"endpoint": "http://h:4318", "headers": {"a": "SECRET"}, "gzip": "no"}}"#;
    let shown = wire(&[("LOGTIDE_WIRE", collector)]).unwrap();
    assert!(shown.contains("http://h:4318") && shown.contains("compression: None"), "{shown}");
    assert!(!shown.contains("SECRET"), "{shown}");
    assert!(Client::new(from(&[("LOGTIDE_WIRE", collector)]).unwrap()).is_ok());
    for wrong in ["SECRET", r#"{"collector": {"SECRET": 1}}"#, r#"{"collector": "SECRET"}"#] {
        let message = wire(&[DSN, ("LOGTIDE_WIRE", wrong)]).unwrap_err().to_string();
        assert!(message.contains("LOGTIDE_WIRE") && !message.contains("SECRET"), "{message}");
    }
}

#[test]
fn texts_are_trimmed_whatever_the_variable() {
    let options = from(&[
        ("LOGTIDE_API_URL", " http://h:1\r"),
        ("LOGTIDE_API_KEY", "\u{feff}lp_k\r\n"),
        ("LOGTIDE_SERVICE", "api\r"),
        ("LOGTIDE_ENVIRONMENT", "\r"),
        ("LOGTIDE_RELEASE", "\t1.2.3 "),
        ("LOGTIDE_SERVER_NAME", "\u{feff}web-1"),
        ("LOGTIDE_FLUSH_INTERVAL", "250ms\r"),
        ("LOGTIDE_DROP_POLICY", "block: 50ms\r"),
        ("LOGTIDE_DEBUG", "on\r"),
        ("LOGTIDE_SAMPLE_RATE", "0.5\r"),
    ])
    .unwrap();
    assert_eq!((options.api_url.as_str(), options.api_key.expose()), ("http://h:1", "lp_k"));
    assert_eq!((options.service.as_str(), options.environment), ("api", None));
    assert_eq!((options.release.as_deref(), options.server_name.as_deref()), (Some("1.2.3"), Some("web-1")));
    assert_eq!(options.flush_interval, Duration::from_millis(250));
    assert_eq!(options.drop_policy, DropPolicy::Block(Duration::from_millis(50)));
    assert!(options.debug && options.sample_rate == 0.5);
    assert_eq!(from(&[("LOGTIDE_DSN", " https://lp_k@h/base/\r\n")]).unwrap().api_url, "https://h/base");
}

//! Valid and invalid configuration files.

use std::time::Duration;

use logtide_core::ErrorFormat;
use logtide_transport::HttpOptions;
use serde_json::{Value, json};

use super::*;
use crate::{Client, DropPolicy};

fn from(settings: &Value) -> Result<ClientOptions, serde_json::Error> {
    serde_json::from_value(settings.clone())
}

#[test]
fn a_file_sets_options_by_their_names() {
    let options = from(&json!({
        "dsn": "https://lp_dsn@logs.example.com", "service": "api", "batch_size": 7, "flush_interval": "250ms", "retry_delay": 2,
        "request_timeout": 0.5, "drop_policy": {"block": "50ms"}, "debug": true, "sample_rate": 0.5,
        "payload_limits": {"max_field_bytes": 99, "excluded_fields": ["body"]}, "redaction": {"keys": ["iban"]},
        "global_metadata": {"region": "eu"}, "error_format": "error", "attach_stacktrace": true, "max_breadcrumbs": 9,
        "event_ids": true, "sequence_numbers": "on", "outage_notice": false, "headers": {"x-tenant": "one"},
        "http": {"connect_timeout": 3, "idle_timeout": "9s", "max_idle": 2, "proxy": "none"},
    }))
    .unwrap();
    assert_eq!((options.service.as_str(), options.batch_size, options.sample_rate), ("api", 7, 0.5));
    assert_eq!(
        [options.flush_interval, options.retry_delay, options.request_timeout],
        [250, 2_000, 500].map(Duration::from_millis)
    );
    assert_eq!(options.drop_policy, DropPolicy::Block(Duration::from_millis(50)));
    let limits = &options.payload_limits;
    assert_eq!((limits.max_field_bytes, limits.max_entry_bytes), (99, 100 * 1024));
    assert_eq!((&limits.excluded_fields[..], limits.remove_base64), (&["body".to_owned()][..], true));
    assert!(options.redaction.enabled && options.redaction.keys == ["iban"]);
    assert_eq!(options.global_metadata.get("region"), Some(&json!("eu")));
    assert_eq!((options.error_format, options.max_breadcrumbs), (ErrorFormat::Error, 9));
    assert!(options.attach_stacktrace && options.event_ids && options.sequence_numbers);
    assert!(!options.outage_notice && options.headers == [("x-tenant".to_owned(), "one".to_owned())]);
    let http = format!("{:?}", options.http);
    let expected = HttpOptions::new().connect_timeout(Duration::from_secs(3)).max_idle(2).no_proxy();
    assert_eq!(http, format!("{:?}", expected.idle_timeout(Duration::from_secs(9))));
    assert_eq!(options.max_retries, 3, "what is not set keeps its default");
    assert!(Client::new(options).is_ok());
    let policy = from(&json!({"dsn": "https://k@h", "drop_policy": "oldest"})).unwrap().drop_policy;
    assert_eq!(policy, DropPolicy::Oldest);
}

#[test]
fn what_does_not_work_is_refused_without_the_key() {
    for (settings, hint) in [
        (json!({}), "set dsn"),
        (json!({"api_key": "lp_SECRET"}), "set dsn"),
        (json!({"dsn": "lp_SECRET"}), "scheme://key@host"),
        (json!({"api_url": "http://h", "api_key": 53_437_337}), "must be strings"),
        (json!({"api_url": "http://h", "api_key": ["lp_SECRET"]}), "must be strings"),
        (json!({"dsn": "https://lp_SECRET@h", "batch_sise": 1}), "batch_sise"),
        (json!({"dsn": "https://lp_SECRET@h", "flush_interval": "soon"}), "\"250ms\""),
        (json!({"dsn": "https://lp_SECRET@h", "flush_interval": -1}), "\"250ms\""),
        (json!({"dsn": "https://lp_SECRET@h", "payload_limits": {"max": 1}}), "max"),
        (json!({"dsn": "https://lp_SECRET@h", "headers": {"x-token": 53_437_337}}), "must be strings"),
        (json!({"dsn": "https://lp_SECRET@h", "http": {"timeout": 1}}), "connect_timeout"),
        (json!("https://lp_SECRET@h"), "invalid type: string, expected struct"),
        (json!({"dsn": "https://k@h", "headers": "x: SECRET, expected x"}), "string, expected a map"),
        (json!({"dsn": "https://k@h", "headers": 53_437_337}), "integer, expected a map"),
        (json!({"dsn": "https://k@h", "http": "socks5://user:SECRET@proxy"}), "string, expected struct"),
        (json!({"dsn": "https://lp_SECRET@h", "http": {"proxy": 53_437_337}}), "must be strings"),
    ] {
        let error = from(&settings).unwrap_err();
        let message = format!("{error} {error:?}");
        assert!(message.contains(hint), "{message}");
        assert!(!message.contains("SECRET") && !message.contains("53437337"), "{message}");
    }
}

#[test]
fn texts_are_trimmed_whatever_the_option() {
    let options = from(&json!({
        "api_url": "\u{feff}http://h:1\r", "api_key": "lp_k\r\n", "service": "api\r", "environment": " \t", "release": " 1 ",
        "server_name": "", "batch_size": " 7\r", "flush_interval": "250ms\r", "drop_policy": "Oldest\r", "debug": "yes\r",
        "sample_rate": "0.5 ", "redaction": {"enabled": "no\r", "keys": ["iban\r", ""], "allow_keys": [" csrf_token\r", " "]},
        "payload_limits": {"excluded_fields": [" body\r"], "max_field_bytes": "99\r"},
    }))
    .unwrap();
    assert_eq!((options.api_url.as_str(), options.api_key.expose()), ("http://h:1", "lp_k"));
    assert_eq!((options.service.as_str(), options.environment.as_deref()), ("api", None));
    assert_eq!((options.release.as_deref(), options.server_name.as_deref()), (Some("1"), None));
    assert_eq!((options.batch_size, options.flush_interval), (7, Duration::from_millis(250)));
    assert_eq!((options.drop_policy, options.debug, options.sample_rate), (DropPolicy::Oldest, true, 0.5));
    assert_eq!(
        (&options.redaction.keys[..], options.payload_limits.max_field_bytes),
        (&["iban".to_owned()][..], 99)
    );
    assert_eq!(options.payload_limits.excluded_fields, ["body"]);
    assert!(!options.redaction.enabled && options.redaction.allow_keys == ["csrf_token"]);
    let options =
        from(&json!({"dsn": " ", "api_url": "http://h", "api_key": "lp_k", "drop_policy": "block: 1s"}));
    assert_eq!(options.unwrap().drop_policy, DropPolicy::Block(Duration::from_secs(1)));
}

#[cfg(feature = "tls")]
#[test]
fn certificates_are_files_or_texts() {
    let http = |http: &Value| from(&json!({"dsn": "https://k@h", "http": http})).map(|options| options.http);
    let text = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
    let shown = format!(
        "{:?}",
        http(&json!({
            "ca_certificates": ["/etc/ca.pem\r", text, ""],
            "client_certificate": {"certificate": text, "key": "/etc/client.key"},
        }))
        .unwrap()
    );
    assert!(shown.contains(r#"ca_certificates: [Pem("/etc/ca.pem"), Pem(***)]"#), "{shown}");
    assert!(shown.contains(r#"certificate: Pem(***), key: Pem("/etc/client.key")"#), "{shown}");
    let empty = json!({"ca_certificates": "", "client_certificate": {"certificate": " ", "key": ""}});
    let empty = format!("{:?}", http(&empty).unwrap());
    assert!(empty.contains("ca_certificates: [], client_certificate: None"), "{empty}");
    let one = format!("{:?}", http(&json!({"ca_certificates": "ca.pem"})).unwrap());
    assert!(one.contains(r#"[Pem("ca.pem")]"#), "{one}");
    let missing =
        from(&json!({"dsn": "https://k@h", "http": {"ca_certificates": "/nowhere/ca.pem"}})).unwrap();
    let message = Client::new(missing).unwrap_err().to_string();
    assert!(message.contains("cannot read /nowhere/ca.pem"), "{message}");
    for wrong in [
        json!({"ca_certificates": 1}),
        json!({"client_certificate": {"certificate": "SECRET"}}),
        json!({"client_certificate": "-----BEGIN PRIVATE KEY-----\nSECRET"}),
    ] {
        let message = http(&wrong).unwrap_err().to_string();
        assert!(!message.contains("SECRET"), "{message}");
    }
}

/// The configuration of a program, of which the options are one part.
#[derive(Deserialize)]
struct Program {
    #[serde(flatten)]
    logtide: ClientOptions,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Either {
    Options(Box<ClientOptions>),
}

/// A file with every option that is a number, each written by `number` as serde_json represents it.
fn numbers(number: fn(&str) -> String) -> String {
    let mut text = r#"{"dsn": "https://lp_k@h", "payload_limits": {"max_field_bytes": "#.to_owned();
    text += &number("99");
    for (name, value) in [
        ("request_timeout", "0.5"),
        ("flush_interval", "2"),
        ("retry_delay", "2.5e-1"),
        ("sample_rate", "0.25"),
        ("batch_size", "7"),
        ("max_retries", "5"),
    ] {
        text +=
            &format!("{} \"{name}\": {}", if name == "request_timeout" { "}," } else { "," }, number(value));
    }
    text + r#", "drop_policy": {"block": "# + &number("0.05") + "}}"
}

fn assert_numbers(options: &ClientOptions) {
    assert_eq!(
        [options.request_timeout, options.flush_interval, options.retry_delay],
        [500, 2_000, 250].map(Duration::from_millis)
    );
    assert_eq!((options.sample_rate, options.batch_size, options.max_retries), (0.25, 7, 5));
    assert_eq!(options.payload_limits.max_field_bytes, 99);
    assert_eq!(options.drop_policy, DropPolicy::Block(Duration::from_millis(50)));
}

/// With its feature `arbitrary_precision`, which any crate of a program can enable, serde_json represents each number
/// as a map.
#[test]
fn numbers_are_read_whatever_features_serde_json_has() {
    let as_map = |number: &str| format!(r#"{{"$serde_json::private::Number": "{number}"}}"#);
    for text in [numbers(str::to_owned), numbers(as_map)] {
        assert_numbers(&serde_json::from_str(&text).unwrap());
        assert_numbers(&serde_json::from_str::<Program>(&text).unwrap().logtide);
        let Either::Options(options) = serde_json::from_str(&text).unwrap();
        assert_numbers(&options);
        assert_numbers(&serde_json::from_value(serde_json::from_str(&text).unwrap()).unwrap());
    }
}

#[test]
fn what_is_no_number_is_refused() {
    for value in [
        json!("x"),
        json!(-1),
        json!(0.5),
        json!({}),
        json!({"a": "1"}),
        json!([1]),
        json!(null),
        json!(true),
    ] {
        let error =
            from(&json!({"dsn": "https://k@h", "batch_size": value})).map(|options| options.batch_size);
        if value.is_null() {
            assert_eq!(error.unwrap(), 100, "null is not set");
        } else {
            assert!(error.unwrap_err().to_string().contains("a whole number"));
        }
    }
}

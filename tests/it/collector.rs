//! The configuration files for collectors, checked without a collector.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;

fn configuration(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/collector").join(name);
    let text = fs::read_to_string(path).expect("the file is there");
    serde_yaml_ng::from_str(&text).expect("it is YAML")
}

fn names(value: &Value) -> BTreeSet<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn every_component_is_declared_and_used() {
    for file in ["agent.yaml", "gateway.yaml"] {
        let whole = configuration(file);
        let pipelines = whole["service"]["pipelines"].as_object().expect("pipelines");
        assert_eq!(names(&whole["service"]["pipelines"]), BTreeSet::from(["logs", "traces"]), "{file}");
        for kind in ["receivers", "processors", "exporters"] {
            let used: BTreeSet<&str> = pipelines
                .values()
                .flat_map(|pipeline| pipeline[kind].as_array().expect("a list"))
                .filter_map(Value::as_str)
                .collect();
            assert_eq!(used, names(&whole[kind]), "{kind} of {file}");
        }
        let used = whole["service"]["extensions"].as_array().expect("a list");
        assert_eq!(
            used.iter().filter_map(Value::as_str).collect::<BTreeSet<_>>(),
            names(&whole["extensions"])
        );
        for pipeline in pipelines.values() {
            assert_eq!(pipeline["processors"][0], "memory_limiter", "it must stand first in {file}");
        }
    }
}

#[test]
fn what_the_agent_writes_is_what_the_gateway_reads() {
    let (agent, gateway) = (configuration("agent.yaml"), configuration("gateway.yaml"));
    let (written, read) = (&agent["exporters"]["kafka"], &gateway["receivers"]["kafka"]);
    for key in ["brokers", "logs", "traces"] {
        assert_eq!(written[key], read[key], "{key}");
    }
}

#[test]
fn nothing_counts_as_read_before_logtide_has_stored_it() {
    let gateway = configuration("gateway.yaml");
    let marking = &gateway["receivers"]["kafka"]["message_marking"];
    assert_eq!((&marking["after"], &marking["on_error"]), (&true.into(), &false.into()));
    assert_eq!(marking["on_permanent_error"], false);
    let exporter = &gateway["exporters"]["otlphttp"];
    assert_eq!(exporter["sending_queue"]["enabled"], false);
    assert!(exporter["logs_endpoint"].as_str().expect("a text").ends_with("/v1/otlp/logs"));
    assert!(exporter["traces_endpoint"].as_str().expect("a text").ends_with("/v1/otlp/traces"));
    assert_eq!(exporter["headers"]["X-API-Key"], "${env:LOGTIDE_API_KEY}");
    let agent = configuration("agent.yaml");
    let most = agent["receivers"]["otlp"]["protocols"]["http"]["max_request_body_size"].as_u64();
    assert!(most.is_some_and(|most| most > 16 << 20), "a request of the SDK fits");
}

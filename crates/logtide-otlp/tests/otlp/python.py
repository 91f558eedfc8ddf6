"""Reads the body of an OTLP request and prints what is in it as JSON."""

import json
import sys

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


def value(any_value):
    kind = any_value.WhichOneof("value")
    if kind is None:
        return None
    inner = getattr(any_value, kind)
    if kind == "array_value":
        return [value(element) for element in inner.values]
    return fields(inner.values) if kind == "kvlist_value" else inner


def fields(attributes):
    names = [attribute.key for attribute in attributes]
    assert len(names) == len(set(names)), names
    return {attribute.key: value(attribute.value) for attribute in attributes}


def log(record):
    return {
        "severity": [record.severity_number, record.severity_text],
        "body": record.body.string_value,
        "trace": record.trace_id.hex(),
        "attributes": fields(record.attributes),
    }


def span(record):
    return {
        "name": record.name,
        "kind": record.kind,
        "status": [record.status.code, record.status.message],
        "trace": record.trace_id.hex(),
        "span": record.span_id.hex(),
        "parent": record.parent_span_id.hex(),
        "attributes": fields(record.attributes),
        "events": [[event.name, fields(event.attributes)] for event in record.events],
        "links": [link.span_id.hex() for link in record.links],
    }


def of_service(resource, scopes, items, read):
    service = fields(resource.attributes)["service.name"]
    return [service, [read(item) for scope in scopes for item in getattr(scope, items)]]


body = sys.stdin.buffer.read()
if sys.argv[1] == "logs":
    request = ExportLogsServiceRequest.FromString(body)
    found = [of_service(each.resource, each.scope_logs, "log_records", log) for each in request.resource_logs]
else:
    request = ExportTraceServiceRequest.FromString(body)
    found = [of_service(each.resource, each.scope_spans, "spans", span) for each in request.resource_spans]
print(json.dumps(found))

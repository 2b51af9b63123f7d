//! OpenTelemetry spans of generative AI: OTLP JSON, a document or, as file exporters write it, a
//! `TracesData` a line.
//!
//! Spans with an agent, a tool, an MCP method or a model's operation are events; all others are passed
//! over. Who acts is `gen_ai.agent.id` or `.name`, else the service; on what is the tool, the data
//! source or the model's provider. Attributes that begin with `persona.` say what the conventions have
//! no words for: `persona.component`, `.level`, `.phase`, `.risk`, `.approval`, `.decision`, `.on_behalf_of`.

use serde_json::Value;
use smallvec::SmallVec;

use super::{Reader, Sink, any, at, each, services, text};
use crate::audit::event::{Candidates, Effect, Event, Text};

/// The reader.
pub static READER: Reader = Reader {
    name: "otel",
    summary: "OpenTelemetry GenAI spans in OTLP JSON, a document or a line each",
    sniff: |value| at(value, &["resourceSpans"]).is_some(),
    read: |bytes, sink| each(bytes, |record| read(record, sink)),
};

fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    at(value, &[key]).and_then(Value::as_array).into_iter().flatten()
}

fn read(record: &Value, sink: Sink<'_>) -> Result<(), String> {
    if at(record, &["resourceMetrics"]).or(at(record, &["resourceLogs"])).is_some() {
        return Ok(());
    }
    if at(record, &["resourceSpans"]).is_none() {
        return Err("it is no OTLP JSON: it has no resourceSpans".to_owned());
    }
    for resource in list(record, "resourceSpans") {
        let of_resource = resource.get("resource").unwrap_or(&Value::Null);
        for scope in list(resource, "scopeSpans") {
            for span in list(scope, "spans") {
                if let Some(event) = event(of_resource, span) {
                    sink(&event);
                }
            }
        }
    }
    Ok(())
}

/// The value of an attribute.
fn attribute<'v>(of: &'v Value, key: &str) -> Text<'v> {
    let found = list(of, "attributes").find(|one| one.get("key").and_then(Value::as_str) == Some(key));
    found.map_or_else(Text::default, |one| {
        any(
            one,
            &[
                &["value", "stringValue"],
                &["value", "intValue"],
                &["value", "boolValue"],
                &["value", "doubleValue"],
            ],
        )
    })
}

fn event<'v>(resource: &'v Value, span: &'v Value) -> Option<Event<'v>> {
    let of = |key: &str| attribute(span, key);
    let operation = of("gen_ai.operation.name");
    let method = of("mcp.method.name");
    let tool = of("gen_ai.tool.name");
    let stated = of("persona.component");
    if [&operation, &method, &tool, &stated].iter().all(|text| text.is_empty()) {
        return None;
    }
    let agents: Candidates<'v> = [
        of("persona.agent"),
        of("gen_ai.agent.id"),
        of("gen_ai.agent.name"),
        attribute(resource, "gen_ai.agent.id"),
        attribute(resource, "gen_ai.agent.name"),
        attribute(resource, "service.name"),
    ]
    .into_iter()
    .filter(|agent| !agent.is_empty())
    .collect();
    let mut components: Candidates<'v> = SmallVec::new();
    components.push(stated);
    components.push(of("gen_ai.data_source.id"));
    let uses_tool = operation.get() == "execute_tool" || !tool.is_empty() || method.get() == "tools/call";
    let hands_over = ["invoke_agent", "create_agent", "invoke_workflow"].contains(&operation.get());
    if !method.is_empty() {
        components.push(of("mcp.server.name"));
        components.push(of("server.address"));
    } else if !uses_tool && !hands_over {
        for key in ["gen_ai.provider.name", "gen_ai.system"] {
            let provider = of(key);
            components.extend(services::models(provider.get()).iter().map(|name| Text::from(*name)));
            components.push(provider);
        }
    }
    components.retain(|component| !component.is_empty());
    let trace = text(span, &["traceId"]);
    let within = |id: Text<'v>| {
        if id.is_empty() { id } else { format!("{}/{}", trace.get(), id.get()).into() }
    };
    let failed = matches!(text(span, &["status", "code"]).get(), "2" | "STATUS_CODE_ERROR")
        || !of("error.type").is_empty();
    let effect = match (operation.get(), method.get()) {
        ("chat" | "embeddings" | "generate_content" | "text_completion" | "retrieval", _)
        | (_, "resources/read") => Some(Effect::Read),
        _ => None,
    };
    let approval = of("persona.approval");
    Some(Event {
        time: nanos(&text(span, &["startTimeUnixNano"])),
        event: within(text(span, &["spanId"])),
        agents,
        components,
        tool,
        action: if operation.is_empty() { method } else { operation },
        level: of("persona.level"),
        effect,
        environment: [
            of("persona.environment"),
            attribute(resource, "deployment.environment.name"),
            attribute(resource, "deployment.environment"),
        ]
        .into_iter()
        .find(|text| !text.is_empty())
        .unwrap_or_default(),
        phase: of("persona.phase"),
        risk: of("persona.risk"),
        decision: of("persona.decision"),
        outcome: Text::from(if failed { "failure" } else { "success" }),
        on_behalf_of: [of("persona.on_behalf_of"), of("enduser.id"), of("user.id")]
            .into_iter()
            .find(|text| !text.is_empty())
            .unwrap_or_default(),
        shows_approval: !approval.is_empty(),
        approval,
        parent: within(text(span, &["parentSpanId"])),
        trace,
        ..Event::default()
    })
}

/// Nanoseconds since 1970 as a time; empty where they are none.
fn nanos<'v>(text: &Text<'_>) -> Text<'v> {
    let stamp = text.get().parse::<i128>().ok().filter(|nanos| *nanos > 0);
    let stamp = stamp.and_then(|nanos| jiff::Timestamp::from_nanosecond(nanos).ok());
    stamp.map_or_else(Text::default, |stamp| stamp.to_string().into())
}

//! Logs of calls to MCP servers: JSON-RPC messages, bare or in the envelope that gateways and proxies
//! put around them, and the flat entries that gateways write.
//!
//! Calls of tools are events, and so is reading a resource. Lists, answers and notifications are no
//! access. An MCP message does not say who called: that is in the envelope, or in `_meta`.

use serde_json::Value;
use smallvec::SmallVec;

use super::{Reader, Sink, any, at, each, text, traceparent};
use crate::audit::event::{Candidates, Effect, Event, Text};

/// The reader.
pub static READER: Reader = Reader {
    name: "mcp",
    summary: "MCP tool-call logs: JSON-RPC messages, bare or in a gateway's envelope",
    sniff: |value| {
        let has = |key: &str| at(value, &[key]).is_some();
        has("jsonrpc")
            || ENVELOPES.iter().any(|key| at(value, &[key, "jsonrpc"]).is_some())
            || ((has("tool_name") || has("tool")) && SERVERS.iter().any(|path| has(path[0])))
    },
    read: |bytes, sink| each(bytes, |record| read(record, sink)),
};

/// Under which keys a message stands in an envelope.
const ENVELOPES: [&str; 5] = ["payload", "message", "request", "rpc", "body"];
const SERVERS: [&[&str]; 6] =
    [&["server_name"], &["server_id"], &["server"], &["serverName"], &["mcp_server"], &["gateway_server"]];
const CALLERS: [&[&str]; 10] = [
    &["agent"],
    &["agent_id"],
    &["agent_name"],
    &["client_id"],
    &["client"],
    &["clientName"],
    &["caller"],
    &["principal"],
    &["user"],
    &["user_id"],
];

fn read(record: &Value, sink: Sink<'_>) -> Result<(), String> {
    let message =
        ENVELOPES.iter().find_map(|key| at(record, &[key]).filter(|one| one.get("jsonrpc").is_some()));
    let message = message.unwrap_or(record);
    let method = any(message, &[&["method"], &["mcp_method"], &["event"], &["type"]]);
    let flat_tool = any(record, &[&["tool_name"], &["tool"], &["toolName"]]);
    let (tool, action, effect) = match method.get() {
        "tools/call" => {
            let named = text(message, &["params", "name"]);
            (if named.is_empty() { flat_tool } else { named }, "tools/call", None)
        }
        "resources/read" => (Text::default(), "resources/read", Some(Effect::Read)),
        // Answers and lists are no access; flat entries may call a call what they like.
        _ if message.get("jsonrpc").is_some() => return Ok(()),
        _ if !flat_tool.is_empty() => (flat_tool, "tools/call", None),
        _ => return Ok(()),
    };
    let meta = ["params", "_meta"];
    let mut agents: Candidates<'_> = SmallVec::new();
    for path in CALLERS {
        agents.push(text(record, path));
        if let Some(last) = path.last() {
            agents.push(text(message, &[meta[0], meta[1], last]));
        }
    }
    agents.push(text(message, &["params", "clientInfo", "name"]));
    agents.retain(|agent| !agent.is_empty());
    let components: Candidates<'_> =
        SERVERS.iter().map(|path| text(record, path)).filter(|server| !server.is_empty()).collect();
    let parent = any(message, &[&["params", "_meta", "traceparent"]]);
    let (trace, span) = traceparent(parent.get()).unwrap_or_default();
    let trace = if trace.is_empty() {
        any(record, &[&["trace_id"], &["trace"], &["session_id"], &["sessionId"]])
    } else {
        trace.to_owned().into()
    };
    let failed = at(message, &["result", "isError"]) == Some(&Value::Bool(true));
    let outcome = any(record, &[&["outcome"], &["status"], &["error"]]);
    let event = Event {
        time: any(record, &[&["timestamp"], &["time"], &["ts"], &["@timestamp"], &["asctime"]]),
        event: any(record, &[&["event_id"], &["call_id"], &["request_id"]]),
        agents,
        components,
        tool,
        action: Text::from(action),
        effect,
        environment: any(record, &[&["environment"], &["env"]]),
        phase: text(record, &["phase"]),
        risk: text(record, &["risk"]),
        decision: any(record, &[&["decision"], &["policy_decision"]]),
        outcome: if failed { Text::from("failure") } else { outcome },
        on_behalf_of: any(record, &[&["on_behalf_of"], &["actor"], &["user_email"]]),
        approval: any(record, &[&["approval"], &["approved_by"], &["approver"]]),
        parent: span.to_owned().into(),
        trace,
        ..Event::default()
    };
    sink(&event);
    Ok(())
}

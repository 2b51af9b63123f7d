//! Configurations of MCP clients: each server becomes a component, a tool server.
//!
//! Commands, arguments, environment variables and headers may hold secrets: none of their values is read.

use std::sync::Arc;

use super::draft::{Draft, Reading};
use super::marked::{Marked, Value, json};
use super::words::Vocabulary;
use super::{Format, Source};
use crate::card::kinds::Kind;
use crate::card::node::Node;

/// See the module.
pub static FORMAT: Format = Format {
    name: "mcp",
    summary: "configurations of MCP clients: mcpServers and servers, as components with their tools",
    sniff,
    read,
};

fn sniff(source: &Source<'_>) -> u8 {
    let text = source.peek();
    if !text.trim_start().starts_with(['{', '/']) {
        return 0;
    }
    if text.contains("\"mcpServers\"") || text.contains("\"mcp-servers\"") {
        return 90;
    }
    let looks = text.contains("\"servers\"") && (text.contains("\"command\"") || text.contains("\"url\""));
    if looks && !text.contains("\"openapi\"") { 70 } else { 0 }
}

fn read(source: &Source<'_>, _: &Vocabulary) -> Reading {
    let file: Arc<str> = source.path.into();
    let root = match source.text().map_err(|why| (1, why)).and_then(json) {
        Ok(root) => root,
        Err((line, why)) => return Reading::nothing(source.path, line, why),
    };
    let mut reading = Reading::default();
    for (key, line, value) in root.entries() {
        match &**key {
            "mcpServers" | "mcp-servers" | "servers" => servers(value, &file, &mut reading),
            // Settings of an editor hold them one level down.
            "mcp" if value.is_map() => {
                for (key, _, inner) in value.entries() {
                    if matches!(&**key, "servers" | "mcpServers") {
                        servers(inner, &file, &mut reading);
                    }
                }
            }
            "inputs" => reading.note(&file, *line, "inputs ask for secrets, and are on no card"),
            "$schema" => {}
            other => reading.unread(&file, *line, format!("\"{other}\" lists no servers")),
        }
    }
    if reading.drafts.is_empty() {
        reading.unread(&file, 1, "there is no server in mcpServers or servers");
    }
    reading.combine();
    reading
}

/// Reads a mapping of servers.
pub fn servers(value: &Marked, file: &Arc<str>, reading: &mut Reading) {
    for (name, line, server) in value.entries() {
        if !server.is_map() {
            reading.unread(file, *line, format!("the server {name} is no mapping"));
            continue;
        }
        let draft = server_card(name, *line, server, file, reading);
        reading.drafts.push(draft);
    }
    if !value.is_map() {
        reading.unread(file, value.line, "the servers are no mapping of names");
    }
}

fn server_card(name: &str, line: u32, server: &Marked, file: &Arc<str>, reading: &mut Reading) -> Draft {
    let mut draft = Draft::named(Kind::Component, name, file, line);
    draft.set("platform", "mcp");
    let mut tools: Vec<(Box<str>, Node)> = Vec::new();
    for (key, line, value) in server.entries() {
        match &**key {
            "tools" | "allowedTools" | "alwaysAllow" | "autoApprove" | "includeTools" => {
                for tool in value.items() {
                    let name = tool.text().or_else(|| tool.word("name"));
                    match name {
                        Some("*") => reading.note(file, *line, format!("{} has all its tools, and which these are is not said", draft.name())),
                        Some(name) if !tools.iter().any(|(known, _)| &**known == name) => tools.push((name.into(), Node::Null)),
                        _ => {}
                    }
                }
                for (name, _, _) in value.entries() {
                    if !value.is_list() && !tools.iter().any(|(known, _)| known == name) {
                        tools.push((name.clone(), Node::Null));
                    }
                }
            }
            "description" | "title" => {
                if let Some(text) = value.text() {
                    draft.set("notes", text);
                }
            }
            "disabled" if matches!(value.value, Value::Scalar(Node::Bool(true))) => {
                reading.unread(file, *line, format!("{} is disabled here, which a card does not say", draft.name()));
            }
            // How it is started and reached is no matter of the card, and may hold secrets.
            "command" | "args" | "cwd" | "type" | "transport" | "timeout" | "disabled" | "enabled" | "url" | "serverUrl"
            | "httpUrl" | "env" | "envFile" | "headers" | "requestInit" | "dev" | "gallery" | "version" | "trust" | "sandbox"
            | "sandboxEnabled" | "startup_timeout_ms" => {}
            "oauth" | "auth" | "authorization" => reading.note(
                file,
                *line,
                format!("how one authenticates to {} is said in \"{key}\", which may hold secrets and is not read", draft.name()),
            ),
            other => {
                reading.unread(file, *line, format!("\"{other}\" of the server {} is no field of a component", draft.name()));
            }
        }
    }
    let secrets: Vec<&str> = ["env", "headers", "args"]
        .into_iter()
        .filter(|key| {
            server.get(key).is_some_and(|value| !value.items().is_empty() || !value.entries().is_empty())
        })
        .collect();
    if !secrets.is_empty() {
        let why =
            format!("{} of {} are not copied, since they may hold secrets", secrets.join(", "), draft.name());
        reading.note(file, line, why);
    }
    let run = ["command", "cwd", "url", "serverUrl", "httpUrl", "timeout", "envFile", "version"];
    let run: Vec<&str> = run.into_iter().filter(|key| server.get(key).is_some()).collect();
    if !run.is_empty() {
        let why = format!("how {} is run and reached is on no card: {}", draft.name(), run.join(", "));
        reading.note(file, line, why);
    }
    if !tools.is_empty() {
        draft.put("tools", Node::Map(tools));
    }
    draft
}

#[cfg(test)]
mod tests {
    use super::super::words::usual;
    use super::*;

    fn reading(text: &str) -> Reading {
        read(&Source { path: "mcp.json", bytes: text.as_bytes() }, &usual())
    }

    #[test]
    fn servers_become_tool_servers_and_secrets_stay_where_they_are() {
        let text = r#"{
  // comments are allowed
  "mcpServers": {
    "files": {"command": "npx", "args": ["--token", "s3cret-a"], "env": {"KEY": "s3cret-b"}, "tools": ["read", "*"]},
    "web": {"type": "http", "url": "https://user:s3cret-c@example.com/mcp", "headers": {"Authorization": "Bearer s3cret-d"}, "colour": 1}
  }
}"#;
        let reading = reading(text);
        assert_eq!(reading.drafts.len(), 2);
        let said = format!("{reading:?}");
        assert!(!said.contains("s3cret"), "{said}");
        assert_eq!(reading.drafts[0].get("tools"), Some(&Node::Map(vec![("read".into(), Node::Null)])));
        assert_eq!(reading.drafts[1].text("platform"), Some("mcp"));
        assert!(reading.unread.iter().any(|unread| unread.line == 5 && unread.why.contains("colour")));
    }

    #[test]
    fn servers_of_editors_and_of_their_settings() {
        assert_eq!(reading(r#"{"servers": {"a": {"command": "x"}}, "inputs": []}"#).drafts.len(), 1);
        assert_eq!(reading(r#"{"mcp": {"servers": {"a": {"url": "x"}}}}"#).drafts.len(), 1);
        assert_eq!(reading("{}").unread.len(), 1);
        assert!(reading("{\"servers\": [").unread[0].why.contains("JSON"));
    }
}

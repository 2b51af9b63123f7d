//! Custom agents in `*.agent.md`: the front matter becomes a persona, an agent; its servers components.
//!
//! The instructions below the front matter are a prompt, not a description, and are not copied.

use std::sync::Arc;

use super::draft::{Draft, Reading, list, text};
use super::marked::{Marked, Value, yaml};
use super::words::{Vocabulary, split_list};
use super::{Format, Source, mcp};
use crate::card::kinds::Kind;
use crate::card::node::Node;

/// See the module.
pub static FORMAT: Format = Format {
    name: "agent-md",
    summary: "custom agents with front matter (*.agent.md): tools, agents, handoffs, mcp-servers",
    sniff,
    read,
};

fn sniff(source: &Source<'_>) -> u8 {
    let has_front = front(source.peek()).is_some();
    match (source.ends(&[".agent.md", ".chatmode.md"]), has_front) {
        (true, true) => 95,
        (true, false) => 40,
        (false, true) => {
            let head = front(source.peek()).unwrap_or_default();
            let marks = ["\ntools:", "\nhandoffs:", "\nmcp-servers:", "\nagents:"];
            let own = format!("\n{head}");
            if own.contains("\ndescription:") && marks.iter().any(|mark| own.contains(mark)) { 80 } else { 0 }
        }
        (false, false) => 0,
    }
}

/// The front matter, between two lines of `---`.
fn front(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("---")?;
    let rest = rest.strip_prefix("\r\n").or(rest.strip_prefix('\n'))?;
    let end = rest.match_indices("---").find(|(at, _)| {
        (*at == 0 || rest[..*at].ends_with('\n'))
            && rest[at + 3..].trim_start_matches([' ', '\t', '\r']).starts_with(['\n'])
            || rest[at + 3..].trim().is_empty()
    })?;
    Some(&rest[..end.0])
}

fn read(source: &Source<'_>, _: &Vocabulary) -> Reading {
    let file: Arc<str> = source.path.into();
    let body = match source.text() {
        Ok(body) => body,
        Err(why) => return Reading::nothing(source.path, 1, why),
    };
    let Some(head) = front(body) else {
        return Reading::nothing(source.path, 1, "there is no front matter between two lines of ---");
    };
    // Its first line is the file's second.
    let (documents, error) = yaml(&format!("\n{head}"));
    let mut reading = Reading::default();
    if let Some((line, why)) = error {
        reading.unread(&file, line, why);
    }
    let Some(root) = documents.first() else { return reading };
    let stem = source.path.rsplit('/').next().unwrap_or(source.path);
    let stem = stem.split('.').next().unwrap_or(stem);
    let mut draft = Draft::named(Kind::Persona, root.word("name").unwrap_or(stem), &file, 1);
    draft.set("type", "agent");
    for (key, line, value) in root.entries() {
        field(&mut draft, key, *line, value, &file, &mut reading);
    }
    reading.drafts.insert(0, draft);
    let first = u32::try_from(head.lines().count() + 3).unwrap_or(u32::MAX);
    let rest = body.lines().skip(first as usize - 1);
    if rest.clone().any(|line| !line.trim().is_empty()) {
        reading.note(&file, first, "the instructions of the agent are not copied");
    }
    reading.combine();
    reading
}

fn field(draft: &mut Draft, key: &str, line: u32, value: &Marked, file: &Arc<str>, reading: &mut Reading) {
    match key {
        "name" => {}
        "description" => value.text().into_iter().for_each(|text| draft.set("description", text)),
        "tools" => tools(draft, value, file, reading),
        "agents" | "subagents" => {
            for agent in words(value) {
                if agent == "*" {
                    reading.unread(file, line, "it may call every agent; which these are is left open");
                } else {
                    draft.push("invokes", text(&agent));
                }
            }
        }
        "handoffs" => {
            for handoff in value.items() {
                match handoff.word("agent").or_else(|| handoff.text()) {
                    Some(agent) => draft.push("invokes", text(agent)),
                    None => reading.unread(file, handoff.line, "a hand-over does not say to which agent"),
                }
            }
        }
        "mcp-servers" | "mcpServers" | "mcp_servers" => {
            for item in value.items().iter().filter(|_| value.is_list()) {
                match item.text().or_else(|| item.word("name")) {
                    Some(name) => draft.push("component_access", text(name)),
                    None => reading.unread(file, item.line, "a server has no name"),
                }
            }
            if value.is_map() {
                mcp::servers(value, file, reading);
                for (name, _, server) in value.entries() {
                    let tools: Vec<&str> = server.words("tools").collect();
                    let mut fields = Vec::new();
                    if !tools.is_empty() {
                        fields.push(("tools".into(), list(tools)));
                    }
                    merge_grant(draft, name, fields);
                }
            }
        }
        // How it is shown and run is no matter of a persona.
        "model"
        | "models"
        | "argument-hint"
        | "target"
        | "infer"
        | "user-invokable"
        | "user-invocable"
        | "color"
        | "icon"
        | "disable-model-invocation"
        | "version"
        | "license" => {
            reading.note(file, line, format!("\"{key}\" says how it is shown and run, and is on no card"))
        }
        other => reading.unread(file, line, format!("\"{other}\" is no field that is known")),
    }
}

/// A list, or words with commas between.
fn words(value: &Marked) -> Vec<String> {
    match &value.value {
        Value::List(items) => items.iter().filter_map(Marked::text).map(str::to_owned).collect(),
        _ => value.text().map(split_list).unwrap_or_default(),
    }
}

/// `server/tool` is a tool of a server; a bare word is a tool of the client, of which no server is named.
fn tools(draft: &mut Draft, value: &Marked, file: &Arc<str>, reading: &mut Reading) {
    let mut own = Vec::new();
    for tool in words(value) {
        match tool.rsplit_once('/') {
            Some((server, tool)) if !server.is_empty() && !tool.is_empty() => {
                merge_grant(draft, server, vec![("tools".into(), list([tool]))]);
            }
            _ => own.push(tool),
        }
    }
    if own.iter().any(|tool| tool == "*") {
        reading.unread(file, value.line, "it has all tools; which these are is left open");
    }
    own.retain(|tool| tool != "*");
    if !own.is_empty() {
        let why = format!("tools of the client itself, of no server that is named: {}", own.join(", "));
        reading.unread(file, value.line, why);
    }
}

/// A grant of a server, with the tools of those before.
fn merge_grant(draft: &mut Draft, server: &str, fields: Vec<(Box<str>, Node)>) {
    let known = match draft.fields.iter_mut().find(|(key, _)| &**key == "component_access") {
        Some((_, Node::List(items))) => items
            .iter_mut()
            .find(|item| matches!(item.get("component"), Some(Node::Text(name)) if &**name == server)),
        _ => None,
    };
    let Some(Node::Map(entries)) = known else {
        let mut entries = vec![("component".into(), text(server))];
        entries.extend(fields);
        let item = if entries.len() == 1 { text(server) } else { Node::Map(entries) };
        return draft.push("component_access", item);
    };
    for (key, value) in fields {
        match (entries.iter_mut().find(|(own, _)| *own == key), value) {
            (Some((_, Node::List(own))), Node::List(more)) => {
                for tool in more {
                    if !own.contains(&tool) {
                        own.push(tool);
                    }
                }
            }
            (None, value) => entries.push((key, value)),
            (Some(_), _) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::usual;
    use super::*;

    #[test]
    fn front_matter_is_read_and_the_prompt_is_not() {
        let text = "---\nname: Test Planner\ndescription: 'Plans tests.'\ntools: ['search', 'github/list_issues', 'github/get_issue', 'files/*']\nagents: [Runner]\nhandoffs:\n  - label: Go\n    agent: Implementer\n    prompt: now\n  - label: Nowhere\nmcp-servers:\n  files:\n    command: npx\n    env: {TOKEN: s3cret}\n    tools: [\"read\"]\nmood: good\n---\n\nYou are s3cret.\n";
        let source = Source { path: "a/test-planner.agent.md", bytes: text.as_bytes() };
        assert_eq!(sniff(&source), 95);
        let reading = read(&source, &usual());
        assert!(!format!("{reading:?}").contains("s3cret"));
        let agent = &reading.drafts[0];
        assert_eq!((agent.name(), agent.text("type")), ("Test Planner", Some("agent")));
        assert_eq!(agent.get("invokes"), Some(&list(["Runner", "Implementer"])));
        let Some(Node::List(grants)) = agent.get("component_access") else { panic!("no grants") };
        assert_eq!(grants[0].get("tools"), Some(&list(["list_issues", "get_issue"])));
        assert_eq!(grants[1].get("tools"), Some(&list(["*", "read"])));
        let lines: Vec<u32> = reading.unread.iter().map(|unread| unread.line).collect();
        assert_eq!(lines, [4, 10, 16], "{:?}", reading.unread);
        assert_eq!(reading.drafts[1].name(), "files");
    }

    #[test]
    fn a_file_without_a_name_is_called_after_itself() {
        let source = Source {
            path: "review.agent.md",
            bytes: b"---\r\ndescription: x\r\ntools: read, edit\r\n---\r\nHi\r\n",
        };
        let reading = read(&source, &usual());
        assert_eq!(reading.drafts[0].name(), "review");
        assert!(reading.unread[0].why.contains("read, edit"));
    }
}

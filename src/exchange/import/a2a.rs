//! Agent cards of the A2A protocol, 0.3 and 1.0: each becomes a persona, an agent.
//!
//! Who answers for the agent and what it may touch is not on such a card, and stays open, unless it
//! carries our own extension (`exchange/agent_card.rs`), which has the fields of a persona's card.

use std::sync::Arc;

use super::draft::{Draft, Reading, text};
use super::marked::{Marked, json};
use super::words::Vocabulary;
use super::{Format, Source};
use crate::card::kinds::Kind;
use crate::exchange::agent_card::EXTENSION;

/// See the module.
pub static FORMAT: Format = Format {
    name: "a2a",
    summary: "agent cards of the A2A protocol, 0.3 and 1.0, as agents with their skills",
    sniff,
    read,
};

fn sniff(source: &Source<'_>) -> u8 {
    let text = source.peek();
    if !text.trim_start().starts_with(['{', '[']) {
        return 0;
    }
    let marks = [
        "\"defaultInputModes\"",
        "\"supportedInterfaces\"",
        "\"protocolVersion\"",
        "\"capabilities\"",
        "\"skills\"",
    ];
    match marks.iter().filter(|mark| text.contains(**mark)).count() {
        0 | 1 => 0,
        2 => 60,
        _ => 90,
    }
}

fn read(source: &Source<'_>, _: &Vocabulary) -> Reading {
    let file: Arc<str> = source.path.into();
    let root = match source.text().map_err(|why| (1, why)).and_then(json) {
        Ok(root) => root,
        Err((line, why)) => return Reading::nothing(source.path, line, why),
    };
    let mut reading = Reading::default();
    let inner = ["agents", "cards", "agentCards"].iter().find_map(|key| root.get(key));
    for card in inner.unwrap_or(&root).items() {
        let card = card.get("agentCard").or_else(|| card.get("card")).unwrap_or(card);
        one(card, &file, &mut reading);
    }
    reading.combine();
    reading
}

fn one(card: &Marked, file: &Arc<str>, reading: &mut Reading) {
    let Some(name) = card.word("name") else {
        reading.unread(file, card.line, "this agent card has no name");
        return;
    };
    let mut draft = Draft::named(Kind::Persona, name, file, card.line);
    draft.set("type", "agent");
    for (key, line, value) in card.entries() {
        match &**key {
            "name" => {}
            "description" => value.text().into_iter().for_each(|text| draft.set("description", text)),
            "skills" => {
                for skill in value.items() {
                    match skill.word("name").or_else(|| skill.word("id")).or_else(|| skill.text()) {
                        Some(word) => draft.push("skills", text(word)),
                        None => reading.unread(file, skill.line, format!("a skill of {name} has no name")),
                    }
                }
            }
            "securitySchemes" => schemes(value, name, file, reading),
            "provider" => {
                if let Some(organisation) = value.word("organization") {
                    let why =
                        format!("{name} is provided by {organisation}; who answers for it here is left open");
                    reading.note(file, *line, why);
                }
            }
            // How it is reached and what it is shown with is no matter of a persona.
            "url"
            | "version"
            | "protocolVersion"
            | "preferredTransport"
            | "additionalInterfaces"
            | "supportedInterfaces"
            | "capabilities"
            | "defaultInputModes"
            | "defaultOutputModes"
            | "security"
            | "securityRequirements"
            | "signatures"
            | "iconUrl"
            | "documentationUrl"
            | "supportsAuthenticatedExtendedCard"
            | "supportsExtendedAgentCard"
            | "$schema" => {}
            other => reading.unread(
                file,
                *line,
                format!("\"{other}\" on the card of {name} is no field that is known"),
            ),
        }
    }
    // Last, since it says of skills more than the list above.
    let extensions = card.at(&["capabilities", "extensions"]).map_or(&[][..], Marked::items);
    for extension in extensions.iter().filter(|one| one.word("uri") == Some(EXTENSION)) {
        if let Some(params) = extension.get("params") {
            governance(params, name, file, &mut draft, reading);
        }
    }
    let left =
        ["url", "version", "additionalInterfaces", "supportedInterfaces", "capabilities", "documentationUrl"];
    // Of capabilities the extensions were looked at above.
    let says = |key: &str| {
        card.get(key).is_some_and(|value| {
            value.entries().iter().any(|(own, _, _)| key != "capabilities" || &**own != "extensions")
                || !value.is_map()
        })
    };
    let left: Vec<&str> = left.into_iter().filter(|key| says(key)).collect();
    if !left.is_empty() {
        reading.note(file, card.line, format!("how {name} is reached is on no card: {}", left.join(", ")));
    }
    reading.drafts.push(draft);
}

/// Our own extension: what it says it says in the words of a persona's card.
fn governance(params: &Marked, name: &str, file: &Arc<str>, draft: &mut Draft, reading: &mut Reading) {
    for (key, line, value) in params.entries() {
        match &**key {
            // These follow from the rest, or belong to the catalog.
            "answers" | "vocabulary" => {}
            "id" | "type" | "section" | "team" => {
                value.text().into_iter().for_each(|text| draft.set(key, text));
            }
            "accountable"
            | "aliases"
            | "component_access"
            | "escalates_to"
            | "identity"
            | "invokes"
            | "monitored_by"
            | "override"
            | "primary_interaction"
            | "processes"
            | "skills" => {
                draft.put(key, value.node());
            }
            other => reading.unread(
                file,
                *line,
                format!("\"{other}\" of what governs {name} is no field of a persona's card that is known"),
            ),
        }
    }
}

/// How callers authenticate is said of a component or an interaction, which such a card does not name.
fn schemes(value: &Marked, name: &str, file: &Arc<str>, reading: &mut Reading) {
    for (scheme, line, inner) in value.entries() {
        let kinds = [
            "oauth2SecurityScheme",
            "apiKeySecurityScheme",
            "httpAuthSecurityScheme",
            "openIdConnectSecurityScheme",
            "mtlsSecurityScheme",
            "mutualTlsSecurityScheme",
        ];
        let wrapped = kinds.iter().find(|kind| inner.get(kind).is_some());
        let kind = inner
            .word("type")
            .or(wrapped.map(|kind| kind.trim_end_matches("SecurityScheme")))
            .unwrap_or(scheme);
        let why = format!(
            "callers of {name} authenticate by {kind}; write it as `auth` where cards name it in `primary_interaction`"
        );
        reading.note(file, *line, why);
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::usual;
    use super::*;
    use crate::card::node::Node;

    #[test]
    fn cards_of_both_versions_are_agents() {
        for text in [
            r#"{"protocolVersion": "0.3.0", "name": "Pay Agent", "description": "Pays.", "url": "https://x.example", "capabilities": {},
                "defaultInputModes": [], "skills": [{"id": "pay", "name": "Pay bills", "tags": []}], "securitySchemes": {"o": {"type": "oauth2"}}}"#,
            r#"{"name": "Pay Agent", "description": "Pays.", "supportedInterfaces": [], "capabilities": {}, "mood": "good",
                "skills": [{"id": "pay", "name": "Pay bills"}], "securitySchemes": {"o": {"oauth2SecurityScheme": {}}}}"#,
        ] {
            let source = Source { path: "agent-card.json", bytes: text.as_bytes() };
            assert!(sniff(&source) >= 60);
            let reading = read(&source, &usual());
            let draft = &reading.drafts[0];
            assert_eq!(
                (draft.name(), draft.text("type"), draft.text("description")),
                ("Pay Agent", Some("agent"), Some("Pays."))
            );
            assert_eq!(draft.get("skills"), Some(&Node::List(vec![super::text("Pay bills")])));
            assert!(reading.notes.iter().any(|note| note.why.contains("oauth2")), "{:?}", reading.notes);
            assert_eq!(reading.unread.len(), usize::from(text.contains("mood")));
        }
    }
}

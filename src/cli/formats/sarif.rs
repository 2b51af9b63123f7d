//! SARIF 2.1.0: for code scanning and editors.
//!
//! Files are named from the top of the repository. The proof of a finding is a code flow; its
//! fingerprint comes from its key, so that it is the same alert wherever its line moves. Only rules
//! that found something are described. Nothing in it depends on the machine or the time.

use serde::Serialize;
use serde_json::{Value, json};

use super::super::explain;
use super::super::report::{EntityPart, entity};
use super::super::style::{Style, safe};
use super::cause::cause_words;
use super::fixes::{Replacement, WayOut, replacements};
use super::{Format, Item, Shown, decided, spot_somewhere};
use crate::analysis::compare::Kind;
use crate::analysis::key::{Key, keys};
use crate::analysis::{Decided, Rule, Severity};
use crate::card::problem::{Level, Problem};
use crate::catalog::Catalog;

pub static FORMAT: Format = Format {
    name: "sarif",
    aliases: &[],
    summary: "SARIF 2.1.0, for code scanning and editors",
    print: |shown, style| Ok(serde_json::to_string_pretty(&log(shown, style)?)? + "\n"),
};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// What relative addresses are relative to.
const TOP: &str = "%SRCROOT%";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Result<'a> {
    rule_id: &'static str,
    rule_index: usize,
    kind: &'static str,
    level: &'static str,
    message: Message,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    code_flows: Vec<CodeFlow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    fingerprints: Value,
    partial_fingerprints: Value,
    suppressions: Vec<Suppression>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
    properties: Properties<'a>,
}

/// What else is known of a finding, as in the JSON of a check.
#[derive(Serialize)]
struct Properties<'a> {
    tags: [&'static str; 1],
    severity: &'static str,
    confidence: &'static str,
    subject: EntityPart,
    object: Option<EntityPart>,
    environment: Option<&'a str>,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalLocation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    uri_base_id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    name: String,
    fully_qualified_name: String,
    kind: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CodeFlow {
    thread_flows: [ThreadFlow; 1],
}

#[derive(Serialize)]
struct ThreadFlow {
    locations: Vec<FlowStep>,
}

#[derive(Serialize)]
struct FlowStep {
    location: Location,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix {
    description: Message,
    artifact_changes: Vec<ArtifactChange>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replaced>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replaced {
    deleted_region: Region,
    inserted_content: Message,
}

#[derive(Serialize)]
struct Suppression {
    kind: &'static str,
    status: &'static str,
    justification: String,
}

fn log(shown: &Shown<'_>, style: Style) -> serde_json::Result<Value> {
    let mut rules: Vec<&'static Rule> = shown.items.iter().map(|item| item.finding.rule).collect();
    rules.sort_by_key(|rule| rule.id);
    rules.dedup_by_key(|rule| rule.id);
    let (catalog, keys) = (shown.catalog(), keys(shown.analysis));
    let results: Vec<Result<'_>> =
        shown.items.iter().map(|item| result(shown, &rules, &keys[item.place], item)).collect();
    let broken = shown.problems().any(|problem| problem.level == Level::Error);
    let notifications: Vec<Value> = shown.problems().map(|problem| notification(shown, problem)).collect();
    let score = &shown.analysis.score;
    let mut properties = json!({
        "catalog": catalog.name,
        "at": shown.analysis.day.to_string(),
        "score": score.value.map(|value| (value * 10.0).round() / 10.0),
        "grade": score.grade().map(String::from),
        "coverage": (score.coverage * 100.0).round() / 100.0,
    });
    if !shown.filter.is_empty() {
        properties["filter"] = json!(shown.filter);
    }
    if let Some(since) = &shown.since {
        properties["since"] = json!({"name": since.name, "old": since.old, "gone": since.gone});
    }
    Ok(json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "persona",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|rule| descriptor(rule, style)).collect::<Vec<_>>(),
                "notifications": [{
                    "id": "problem",
                    "shortDescription": {"text": "Something of a file could not be read as it is meant."},
                }],
            }},
            "invocations": [{
                "executionSuccessful": !broken,
                "toolExecutionNotifications": notifications,
            }],
            "originalUriBaseIds": {TOP: {"description": {"text": "The top of the repository that holds the catalog."}}},
            "columnKind": "unicodeCodePoints",
            "results": serde_json::to_value(results)?,
            "properties": properties,
        }],
    }))
}

fn descriptor(rule: &Rule, style: Style) -> Value {
    let plain = Style { color: false, width: 100, ..style };
    let name: String = rule.id.split('-').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
    json!({
        "id": rule.id,
        "name": name,
        "shortDescription": {"text": sentence(rule.summary)},
        "fullDescription": {"text": description(rule.help).unwrap_or_else(|| sentence(rule.summary))},
        "help": {"text": explain::page(rule.help, plain), "markdown": rule.help},
        "properties": {"tags": [rule.category.word()]},
    })
}

/// What a page says first, below its title.
fn description(help: &str) -> Option<String> {
    let text = help.split("\n\n").nth(1)?.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty() && !text.starts_with('#')).then_some(text)
}

/// Half a sentence as a whole one.
fn sentence(half: &str) -> String {
    let mut letters = half.chars();
    let first = letters.next().map_or(String::new(), |letter| letter.to_uppercase().to_string());
    let rest = letters.as_str();
    format!("{first}{rest}{}", if rest.ends_with('.') { "" } else { "." })
}

fn result<'a>(shown: &Shown<'a>, rules: &[&'static Rule], key: &Key, item: &Item<'a>) -> Result<'a> {
    let (catalog, finding) = (shown.catalog(), item.finding);
    let spot = spot_somewhere(catalog, finding);
    let mut main = location(shown, spot.file, (spot.line, spot.column, spot.end_column), None);
    let named = [Some(finding.subject), finding.object].into_iter().flatten();
    main.logical_locations = named
        .map(|entity| LogicalLocation {
            name: safe(&catalog.name(entity)),
            fully_qualified_name: format!("{}/{}", catalog.kind(entity).word(), safe(&catalog.id(entity))),
            kind: catalog.kind(entity).word(),
        })
        .collect();
    let fingerprint = key.fingerprint();
    Result {
        rule_id: finding.rule.id,
        rule_index: rules.iter().position(|rule| rule.id == finding.rule.id).unwrap_or_default(),
        kind: "fail",
        level: level(finding.severity),
        message: Message { text: safe(&finding.message) },
        locations: vec![main],
        code_flows: flow(shown, catalog, item),
        related_locations: causes(shown, item),
        fingerprints: json!({"personaFindingKey/v1": fingerprint}),
        // Code scanning on GitHub tells alerts apart by this name, and would otherwise hash the line.
        partial_fingerprints: json!({"primaryLocationLineHash": format!("{fingerprint}:1")}),
        suppressions: suppressions(catalog, item),
        fixes: item.fixes.iter().filter_map(|fix| as_fix(shown, fix)).collect(),
        baseline_state: item.change.map(|change| match change.kind {
            Kind::New => "new",
            Kind::Worse | Kind::Changed => "updated",
            Kind::Gone => "absent",
        }),
        properties: Properties {
            tags: [finding.rule.category.word()],
            severity: finding.severity.word(),
            confidence: finding.confidence.word(),
            subject: entity(catalog, finding.subject),
            object: finding.object.map(|object| entity(catalog, object)),
            environment: finding.environment.map(|place| catalog.settings.environment(place)),
        },
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

fn flow(shown: &Shown<'_>, catalog: &Catalog, item: &Item<'_>) -> Vec<CodeFlow> {
    let steps = item.finding.evidence.iter().map(|edge| {
        let place = catalog.locate(edge.place);
        let detail = if edge.detail.is_empty() { String::new() } else { format!(" ({})", edge.detail) };
        let text =
            format!("{} {} {}{detail}", catalog.label(edge.from), edge.relation, catalog.label(edge.to));
        let at = (place.position.line, place.position.column, None);
        FlowStep { location: location(shown, place.file, at, Some(safe(&text))) }
    });
    let steps: Vec<FlowStep> = steps.collect();
    if steps.is_empty() {
        Vec::new()
    } else {
        vec![CodeFlow { thread_flows: [ThreadFlow { locations: steps }] }]
    }
}

/// The lines that made it new or worse, where they still are.
fn causes(shown: &Shown<'_>, item: &Item<'_>) -> Vec<Location> {
    let causes = item.change.into_iter().flat_map(|change| &change.causes);
    causes
        .filter_map(|cause| {
            let side = cause.after.as_ref()?;
            Some(location(shown, &side.file, (side.line, 1, None), Some(cause_words(cause, "->"))))
        })
        .collect()
}

/// A fix that changes files; advice has no form here.
fn as_fix(shown: &Shown<'_>, fix: &WayOut) -> Option<Fix> {
    let replaced = |one: Replacement| Replaced {
        deleted_region: Region {
            start_line: one.start_line,
            start_column: 1,
            end_line: Some(one.end_line),
            end_column: Some(one.end_column),
        },
        inserted_content: Message { text: one.text },
    };
    let changes: Vec<ArtifactChange> = fix
        .changes
        .iter()
        .map(|change| {
            let text = |side: &Option<std::sync::Arc<str>>| side.as_deref().unwrap_or_default().to_owned();
            let uri = address(&shown.from_top(&change.path));
            ArtifactChange {
                artifact_location: ArtifactLocation { uri, uri_base_id: TOP },
                replacements: replacements(&text(&change.before), &text(&change.after))
                    .into_iter()
                    .map(replaced)
                    .collect(),
            }
        })
        .filter(|change| !change.replacements.is_empty())
        .collect();
    let description =
        Message { text: format!("{}. It comes to: {}.", safe(&fix.title), safe(&fix.comes_to)) };
    (!changes.is_empty()).then_some(Fix { description, artifact_changes: changes })
}

fn suppressions(catalog: &Catalog, item: &Item<'_>) -> Vec<Suppression> {
    let kind = match item.finding.decision {
        None => return Vec::new(),
        Some(Decided::Ignored(_)) => "inSource",
        Some(Decided::Card(_)) => "external",
    };
    let justification = safe(&decided(catalog, item.finding).unwrap_or_default());
    vec![Suppression { kind, status: "accepted", justification }]
}

fn notification(shown: &Shown<'_>, problem: &Problem) -> Value {
    json!({
        "descriptor": {"id": "problem", "index": 0},
        "level": problem.level.word(),
        "message": {"text": format!("{}. {}", safe(&problem.message), safe(&problem.hint))},
        "locations": [location(shown, &problem.file, (problem.line, problem.column, None), None)],
    })
}

fn location(
    shown: &Shown<'_>,
    file: &str,
    (line, column, end_column): (u32, u32, Option<u32>),
    message: Option<String>,
) -> Location {
    Location {
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation { uri: address(&shown.from_top(file)), uri_base_id: TOP },
            region: Region {
                start_line: line.max(1),
                start_column: column.max(1),
                end_line: None,
                end_column,
            },
        },
        logical_locations: Vec::new(),
        message: message.map(|text| Message { text }),
    }
}

/// A relative path as an address: what has a meaning there, and what is not ASCII, as per cents.
fn address(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte))
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_an_address_of_the_same_file() {
        assert_eq!(address("personas/P 1#ü:%.yaml"), "personas/P%201%23%C3%BC%3A%25.yaml");
    }

    #[test]
    fn a_summary_is_a_sentence() {
        assert_eq!(sentence("a grant is too wide"), "A grant is too wide.");
    }
}

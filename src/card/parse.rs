//! A file's bytes -> its cards *and* its problems, never one or the other.
//!
//! One function a kind, below [`parse`]. References are not resolved here, and words of
//! vocabularies that a catalog can set are not checked here: a card does not know its catalog.

use std::sync::Arc;

use super::kinds::{
    AlternativeCard, Card, CatalogCard, ComponentCard, ComponentSkillCard, CourseCard, DecisionAction,
    DecisionCard, DutyCard, DutySetCard, EmbodiedCard, EntityCardRef, FlowCard, GrantCard, GrantFields,
    Header, IdentityCard, InteractionCard, Kind, Listed, Mode, NextCard, PerformerCard, PersonCard,
    PersonaCard, PersonaType, ProcessCard, ProcessLoop, ProcessPartCard, Responsibility, RoleCard,
    ScenarioCard, SkillCard, SkillCardRef, StepCard, TeamCard, TriggerCard, UseCard, WorkItemCard,
};
use super::node::{self, Node};
use super::path::{FieldPath, Item};
use super::problem::{Level, Problem};
use super::reader::{Fields, Findings, is_free};
use super::source::SourceMap;
use super::words::Name;
use super::{CardFile, PlacedCard, Spot};

/// The largest file that is read, in bytes.
pub const LARGEST_FILE: u64 = 16 * 1024 * 1024;

/// Reads a file's bytes. `path` is relative to the catalog's root, with `/` between folders.
#[must_use]
pub fn parse(path: &str, bytes: &[u8]) -> CardFile {
    match decode(bytes) {
        Ok(text) => parse_text(path, text),
        Err((line, message, hint)) => {
            CardFile::failed(Problem { line, ..Problem::of_file(Level::Error, path, message, hint) })
        }
    }
}

/// Reads a file's text, as [`parse`] does its bytes.
#[must_use]
pub fn parse_text(path: &str, text: &str) -> CardFile {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (documents, error) = node::documents(text);
    let mut cards = Vec::new();
    let mut found = Vec::new();
    for (number, mut document) in documents.into_iter().enumerate() {
        let spot = Spot { document: u32::try_from(number).unwrap_or(u32::MAX), item: None };
        read_document(&mut document, spot, &mut cards, &mut found);
    }
    let mut problems = Vec::new();
    if !found.is_empty() {
        let map = SourceMap::new(text);
        problems.extend(found.into_iter().map(|(spot, found)| {
            let place = map.locate(spot, found.path);
            Problem {
                file: path.to_owned(),
                line: place.line,
                column: place.column,
                level: found.level,
                message: found.message,
                hint: found.hint,
            }
        }));
    }
    if let Some(error) = error {
        problems.push(Problem {
            file: path.to_owned(),
            line: error.line,
            column: error.column,
            level: Level::Error,
            message: format!("this is not YAML: {}", error.message),
            hint: "Mend the line; what stands before it in the file was read, this document and what follows were not."
                .to_owned(),
        });
    }
    problems.sort();
    CardFile { path: path.into(), text: Arc::from(text), cards, problems, kept: false }
}

fn decode(bytes: &[u8]) -> Result<&str, (u32, String, &'static str)> {
    if bytes.len() as u64 > LARGEST_FILE {
        let message = format!(
            "this file has {} MB, and more than {} MB are not read",
            bytes.len() / 1_000_000,
            LARGEST_FILE / 1024 / 1024
        );
        return Err((1, message, "Split it, or name it under `exclude` in catalog.yaml."));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err((1, "this file is UTF-16, and cards are UTF-8".to_owned(), "Save it as UTF-8."));
    }
    if bytes.contains(&0) {
        return Err((
            1,
            "this file is binary, not text".to_owned(),
            "Remove it, rename it, or name it under `exclude` in catalog.yaml.",
        ));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let message = "this file holds bytes that are not UTF-8".to_owned();
        (u32::try_from(line).unwrap_or(u32::MAX), message, "Save it as UTF-8.")
    })
}

type FoundAt = (Spot, super::reader::Found);

fn read_document(document: &mut Node, spot: Spot, cards: &mut Vec<PlacedCard>, found: &mut Vec<FoundAt>) {
    let note = |message: String, hint: &str| {
        let findings = Findings::default();
        findings.add(FieldPath::CARD, Level::Note, message, hint);
        findings.take().into_iter().map(move |found| (spot, found))
    };
    let elsewhere = "Cards begin with `kind:`. Files of other tools may stay where they are.";
    let kind = match document {
        Node::Null => return,
        Node::Map(_) => document.get("kind"),
        _ => {
            found.extend(note("this document is no card, and was passed over".to_owned(), elsewhere));
            return;
        }
    };
    let word = match kind {
        Some(Node::Text(word)) => word.clone(),
        _ => {
            found.extend(note("this document has no `kind`, and was passed over".to_owned(), elsewhere));
            return;
        }
    };
    let name = Name::new(&word);
    let known = Kind::ALL.into_iter().find_map(|kind| {
        let single = kind.word().to_lowercase();
        match name.folded().strip_prefix(single.as_str())? {
            "" => Some((kind, false)),
            "list" => Some((kind, true)),
            _ => None,
        }
    });
    let findings = Findings::default();
    match known {
        Some((kind, list)) => {
            normalise(document, FieldPath::CARD, &findings);
            let Node::Map(entries) = &*document else {
                return;
            };
            found.extend(findings.take().into_iter().map(|found| (spot, found)));
            if list {
                read_list(kind, entries, spot, cards, found);
            } else {
                read_one(kind, entries, spot, cards, found);
            }
        }
        None => match misspelt(name.written()) {
            Some(near) => {
                findings.error(
                    FieldPath::CARD.key("kind"),
                    format!("`{name}` is no kind of card"),
                    &format!("Did you mean `{near}`?"),
                );
                found.extend(findings.take().into_iter().map(|found| (spot, found)));
            }
            None => found.extend(note(
                format!("a document of kind `{name}` belongs to another tool, and was passed over"),
                elsewhere,
            )),
        },
    }
}

/// The kind that a foreign word is a misspelling of: at most two edits away.
fn misspelt(word: &str) -> Option<String> {
    Kind::ALL
        .into_iter()
        .flat_map(|kind| [kind.word().to_owned(), format!("{}List", kind.word())])
        .map(|known| (strsim::levenshtein(word, &known), known))
        .filter(|(distance, _)| *distance <= 2)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

fn read_list(
    kind: Kind,
    entries: &[(Box<str>, Node)],
    spot: Spot,
    cards: &mut Vec<PlacedCard>,
    found: &mut Vec<FoundAt>,
) {
    let findings = Findings::default();
    let mut fields = Fields::new(entries, FieldPath::CARD, "list of cards", &findings);
    fields.skip("kind");
    let items = fields.items("items");
    fields.finish();
    let mut nodes = Vec::new();
    for (at, path, node) in items {
        match node {
            Node::Map(entries) => nodes.push((at, entries.clone())),
            Node::Text(name) => nodes.push((at, vec![("name".into(), Node::Text(name.clone()))])),
            _ => findings.error(
                path,
                format!("an item of this list should be a card or a name, but is {}", node.what()),
                "Write a name, or a mapping with `name:`.",
            ),
        }
    }
    found.extend(findings.take().into_iter().map(|found| (spot, found)));
    for (at, entries) in nodes {
        read_one(kind, &entries, Spot { item: Some(at), ..spot }, cards, found);
    }
}

fn read_one(
    kind: Kind,
    entries: &[(Box<str>, Node)],
    spot: Spot,
    cards: &mut Vec<PlacedCard>,
    found: &mut Vec<FoundAt>,
) {
    let findings = Findings::default();
    let what = match kind {
        Kind::Catalog => "catalog",
        Kind::Persona => "persona",
        Kind::Process => "process",
        Kind::Component => "component",
        Kind::Skill => "skill",
        Kind::Team => "team",
        Kind::Person => "person",
        Kind::Scenario => "scenario",
        Kind::Decision => "decision",
    };
    let mut fields = Fields::new(entries, FieldPath::CARD, what, &findings);
    fields.skip("kind");
    let card = match kind {
        Kind::Catalog => Some(Card::Catalog(catalog(&mut fields))),
        Kind::Persona => {
            persona_header(&mut fields).map(|header| Card::Persona(persona(header, &mut fields)))
        }
        Kind::Process => header(&mut fields).map(|header| Card::Process(process(header, &mut fields))),
        Kind::Component => header(&mut fields).map(|header| Card::Component(component(header, &mut fields))),
        Kind::Skill => header(&mut fields).map(|header| Card::Skill(skill(header, &mut fields))),
        Kind::Team => header(&mut fields).map(|header| Card::Team(TeamCard { header })),
        Kind::Person => header(&mut fields).map(|header| Card::Person(person(header, &mut fields))),
        Kind::Scenario => header(&mut fields).map(|header| Card::Scenario(scenario(header, &mut fields))),
        Kind::Decision => Some(Card::Decision(decision(&mut fields))),
    };
    if let Some(card) = card {
        fields.finish();
        cards.push(PlacedCard { spot, card });
    }
    found.extend(findings.take().into_iter().map(|found| (spot, found)));
}

/// Applies merge keys (`<<`) and reports keys that stand twice; of these the last counts.
fn normalise(node: &mut Node, path: FieldPath, found: &Findings) {
    match node {
        Node::List(items) => {
            for (place, item) in items.iter_mut().enumerate() {
                normalise(item, path.index(u32::try_from(place).unwrap_or(u32::MAX)), found);
            }
        }
        Node::Map(entries) => {
            let mut duplicates = Vec::new();
            let mut first: std::collections::HashMap<Box<str>, usize> =
                std::collections::HashMap::with_capacity(entries.len());
            for (place, (key, _)) in entries.iter().enumerate() {
                if let Some(earlier) = first.insert(key.clone(), place).filter(|_| &**key != "<<") {
                    duplicates.push(earlier);
                    let path = path.index(u32::try_from(place).unwrap_or(u32::MAX));
                    let hint = "Delete one of the two; until then the last one counts.";
                    found.error(path, format!("the field `{key}` stands here twice"), hint);
                }
            }
            // Places in the file must stay what they are for the lines of problems, so an entry
            // that does not count is emptied rather than removed.
            for place in duplicates {
                entries[place].0 = "x-duplicate".into();
            }
            merge(entries);
            for (place, (_, value)) in entries.iter_mut().enumerate() {
                normalise(value, path.index(u32::try_from(place).unwrap_or(u32::MAX)), found);
            }
        }
        Node::Null | Node::Bool(_) | Node::Int(_) | Node::Float(_) | Node::Text(_) => {}
    }
}

fn merge(entries: &mut Vec<(Box<str>, Node)>) {
    let mut merged = Vec::new();
    for (key, value) in entries.iter_mut().filter(|(key, _)| &**key == "<<") {
        match std::mem::replace(value, Node::Null) {
            Node::Map(inner) => merged.extend(inner),
            Node::List(items) => merged.extend(items.into_iter().flat_map(|item| match item {
                Node::Map(inner) => inner,
                _ => Vec::new(),
            })),
            other => {
                *value = other;
                continue;
            }
        }
        *key = "x-merged".into();
    }
    for (key, value) in merged {
        if !entries.iter().any(|(known, _)| *known == key) {
            entries.push((key, value));
        }
    }
}

fn header(fields: &mut Fields<'_>) -> Option<Header> {
    let before = fields.value("name");
    let id = fields.name("id");
    let name = fields.name("name");
    let aliases = fields.names("aliases");
    let description = fields.text("description");
    let said = matches!(before, Some(node) if !matches!(node, Node::Text(_)));
    let name = match (name, &id) {
        (Some(name), _) => name,
        (None, Some(id)) => {
            if !said {
                missing(fields, "name", "this card has an id, but no name");
            }
            id.clone()
        }
        (None, None) => {
            if !said {
                missing(fields, "name", "this card has no name, and was passed over");
            }
            return None;
        }
    };
    Some(Header { id, name, aliases, description })
}

/// A persona's card says in `description` what other cards say in their notes.
fn persona_header(fields: &mut Fields<'_>) -> Option<Header> {
    let description = fields.text("description");
    let header = header(fields)?;
    Some(Header { description: description.or(header.description), ..header })
}

fn missing(fields: &Fields<'_>, key: &str, message: &str) {
    fields.found().error(fields.path(), message.to_owned(), &format!("Add a line `{key}: ...`."));
}

/// An item that is a bare name, or a mapping with the name under `key`.
fn named<'n>(
    fields: &Fields<'n>,
    key: &'static str,
    what: &'static str,
    path: FieldPath,
    node: &'n Node,
) -> Option<(Name, Fields<'n>)> {
    let found = fields.found();
    match node {
        Node::Text(text) => {
            let name = Name::new(text);
            if name.is_empty() {
                found.error(path, format!("a {what} here has no name"), "Write its name.");
                return None;
            }
            Some((name, Fields::new(&[], path, what, found)))
        }
        Node::Map(entries) => {
            let mut inner = Fields::new(entries, path, what, found);
            let said = matches!(node.get(key), Some(node) if !matches!(node, Node::Text(_) | Node::Null));
            match inner.name(key) {
                Some(name) => Some((name, inner)),
                None => {
                    if !said {
                        let message = format!("a {what} here does not say which `{key}`");
                        found.error(path, message, &format!("Add `{key}: ...`, or write the bare name."));
                    }
                    None
                }
            }
        }
        _ => {
            found.error(
                path,
                format!("a {what} should be a name or a mapping, but is {}", node.what()),
                if matches!(node, Node::List(_)) {
                    "Take the inner list away."
                } else {
                    "Put the name in quotes to make it text."
                },
            );
            None
        }
    }
}

/// Reads each item of a list with `read`, which gets the name and the other fields.
fn each<T>(
    fields: &mut Fields<'_>,
    list: &'static str,
    key: &'static str,
    what: &'static str,
    read: impl Fn(Name, &mut Fields<'_>, Item) -> T,
) -> Vec<T> {
    let items = fields.items(list);
    items
        .into_iter()
        .filter_map(|(at, path, node)| {
            let (name, mut inner) = named(fields, key, what, path, node)?;
            let value = read(name, &mut inner, at);
            inner.finish();
            Some(value)
        })
        .collect()
}

fn catalog(fields: &mut Fields<'_>) -> CatalogCard {
    let name = fields.name("name");
    let description = fields.notes();
    let environments = fields.environments();
    let access_levels = fields.names("access_levels");
    let risk_levels = fields.names("risk_levels");
    let skill_levels = fields.names("skill_levels");
    let roles = fields.value("roles").is_some().then(|| words_to_levels(fields, "roles"));
    let persona_count = match fields.value("persona_count") {
        None => (None, None),
        Some(Node::Map(entries)) => {
            let path = fields.path().key("persona_count");
            let mut inner = Fields::new(entries, path, "persona count", fields.found());
            let range = (inner.whole("min"), inner.whole("max"));
            inner.finish();
            range
        }
        Some(node) => {
            fields.found().error(
                fields.path().key("persona_count"),
                format!("`persona_count` should be a mapping, but is {}", node.what()),
                "Write {min: 5, max: 10}.",
            );
            (None, None)
        }
    };
    let rules = rules(fields);
    let separation_of_duties = duty_sets(fields);
    let exclude = fields.names("exclude").iter().map(|name| name.written().to_owned()).collect();
    CatalogCard {
        name,
        description,
        environments,
        access_levels,
        risk_levels,
        skill_levels,
        roles,
        persona_count,
        rules,
        separation_of_duties,
        exclude,
    }
}

/// `{Reader: read}`, or a list of bare names and such mappings.
fn words_to_levels(fields: &mut Fields<'_>, key: &'static str) -> Vec<(Name, Option<Name>)> {
    let mut out = Vec::new();
    for (_, path, node) in fields.items(key) {
        match node {
            Node::Text(text) => out.push((Name::new(text), None)),
            Node::Map(entries) => {
                for (place, (name, level)) in entries.iter().enumerate() {
                    if is_free(name) {
                        continue;
                    }
                    let level = match level {
                        Node::Null => None,
                        Node::Text(level) => Some(Name::new(level)),
                        other => {
                            fields.found().error(
                                path.index(u32::try_from(place).unwrap_or(u32::MAX)),
                                format!("the level of `{name}` should be a word, but is {}", other.what()),
                                "Write one of the catalog's access levels.",
                            );
                            None
                        }
                    };
                    out.push((Name::new(name), level));
                }
            }
            _ => fields.found().error(
                path,
                format!("`{key}` should be a mapping or names, but is {}", node.what()),
                "Write one `name: level` a line.",
            ),
        }
    }
    out
}

fn rules(fields: &mut Fields<'_>) -> Vec<(Name, Name)> {
    let path = fields.path().key("rules");
    match fields.value("rules") {
        None => Vec::new(),
        Some(Node::Map(entries)) => entries
            .iter()
            .enumerate()
            .filter(|(_, (rule, _))| !is_free(rule))
            .filter_map(|(place, (rule, severity))| match severity {
                Node::Text(word) => Some((Name::new(rule), Name::new(word))),
                // Older YAML reads `off` as false, and so do some editors that rewrite files.
                Node::Bool(false) => Some((Name::new(rule), Name::new("off"))),
                Node::Null => None,
                other => {
                    fields.found().error(
                        path.index(u32::try_from(place).unwrap_or(u32::MAX)),
                        format!("the severity of `{rule}` should be a word, but is {}", other.what()),
                        "Write critical, high, medium, low, info, or off.",
                    );
                    None
                }
            })
            .collect(),
        Some(node) => {
            fields.found().error(
                path,
                format!("`rules` should be a mapping, but is {}", node.what()),
                "Write one `rule: severity` a line.",
            );
            Vec::new()
        }
    }
}

fn duty_sets(fields: &mut Fields<'_>) -> Vec<DutySetCard> {
    each(fields, "separation_of_duties", "name", "set of duties", |name, inner, at| {
        let mut duties = Vec::new();
        for (at, path, node) in inner.items("duties") {
            match node {
                Node::Text(text) => {
                    let process = Some(Name::new(text));
                    duties.push(DutyCard { process, component: None, level: None, at });
                }
                Node::Map(entries) => {
                    let mut duty = Fields::new(entries, path, "duty", inner.found());
                    let process = duty.name("process");
                    let component = duty.name("component");
                    let level = duty.name("level");
                    duty.finish();
                    if process.is_none() && component.is_none() {
                        inner.found().error(
                            path,
                            "a duty here names neither a process nor a component".to_owned(),
                            "Write {process: NAME}, or {component: NAME, level: write}.",
                        );
                        continue;
                    }
                    duties.push(DutyCard { process, component, level, at });
                }
                _ => inner.found().error(
                    path,
                    format!("a duty should be a mapping, but is {}", node.what()),
                    "Write {process: NAME}, or {component: NAME, level: write}.",
                ),
            }
        }
        DutySetCard { name, duties, max: inner.whole("max"), at }
    })
}

fn persona(header: Header, fields: &mut Fields<'_>) -> PersonaCard {
    let persona_type = fields.choice("type", &PersonaType::ALL, PersonaType::word).unwrap_or_default();
    let section = fields.name("section");
    let team = fields.name("team");
    let color = fields.text("color");
    let primary_interaction =
        each(fields, "primary_interaction", "with", "interaction", |with, inner, at| InteractionCard {
            with,
            protocol: inner.name("protocol"),
            auth: inner.name("auth"),
            cadence: inner.name("cadence"),
            at,
        });
    let grant_defaults = match fields.value("grant_defaults") {
        None => GrantFields::default(),
        Some(Node::Map(entries)) => {
            let path = fields.path().key("grant_defaults");
            let mut inner = Fields::new(entries, path, "grant", fields.found());
            let defaults = grant_fields(&mut inner);
            inner.finish();
            defaults
        }
        Some(node) => {
            fields.found().error(
                fields.path().key("grant_defaults"),
                format!("`grant_defaults` should be a mapping, but is {}", node.what()),
                "Write the fields of a grant, such as {mode: jit}.",
            );
            GrantFields::default()
        }
    };
    let component_access = grants(fields);
    let processes = each(fields, "processes", "process", "process", |process, inner, at| {
        let responsibility = inner.choice("responsibility", &Responsibility::ALL, Responsibility::word);
        ProcessPartCard { process, responsibility, at }
    });
    let skills = skills(fields);
    let work_items = each(fields, "work_items", "id", "work item", |id, inner, at| WorkItemCard {
        id,
        item_type: inner.name("type"),
        title: inner.text("title"),
        parent: inner.name("parent"),
        at,
    });
    let identity = identity(fields);
    let accountable = fields.listed("accountable");
    let escalates_to = fields.listed("escalates_to");
    let (override_by, override_how) = overrides(fields);
    PersonaCard {
        header,
        persona_type,
        section,
        team,
        color,
        primary_interaction,
        grant_defaults,
        component_access,
        processes,
        skills,
        work_items,
        identity,
        accountable,
        escalates_to,
        override_by,
        override_how,
        invokes: fields.listed("invokes"),
        monitored_by: fields.listed("monitored_by"),
    }
}

fn identity(fields: &mut Fields<'_>) -> Option<IdentityCard> {
    let path = fields.path().key("identity");
    match fields.value("identity")? {
        Node::Text(text) => Some(IdentityCard { provider: None, id: Some(Name::new(text)) }),
        Node::Map(entries) => {
            let mut inner = Fields::new(entries, path, "identity", fields.found());
            let identity = IdentityCard { provider: inner.name("provider"), id: inner.name("id") };
            inner.finish();
            Some(identity)
        }
        node => {
            fields.found().error(
                path,
                format!("`identity` should be a mapping, but is {}", node.what()),
                "Write {provider: entra, id: ...}.",
            );
            None
        }
    }
}

fn overrides(fields: &mut Fields<'_>) -> (Vec<Listed>, Option<String>) {
    if let Some(Node::Map(entries)) = fields.value("override") {
        let path = fields.path().key("override");
        let mut inner = Fields::new(entries, path, "override", fields.found());
        let by = inner.listed("by");
        let how = inner.text("how");
        inner.finish();
        return (by, how);
    }
    (fields.listed("override"), None)
}

const GRANT_FIELDS: [&str; 14] = [
    "role",
    "roles",
    "level",
    "environments",
    "environment",
    "tools",
    "mode",
    "phases",
    "max_risk",
    "max_duration",
    "starts",
    "expires",
    "auth",
    "approval",
];

fn grant_fields(fields: &mut Fields<'_>) -> GrantFields {
    let mut roles = fields.names("role");
    roles.extend(fields.names("roles"));
    let mut phases = fields.names("phases");
    phases.extend(fields.names("phase"));
    GrantFields {
        level_or_roles: Vec::new(),
        level: fields.name("level"),
        roles,
        environments: fields.environments(),
        tools: fields.names("tools"),
        mode: fields.choice("mode", &Mode::ALL, Mode::word),
        phases,
        max_risk: fields.name("max_risk"),
        max_duration: fields.duration("max_duration"),
        starts: fields.date("starts"),
        expires: fields.date("expires"),
        auth: fields.name("auth"),
        approval: fields.listed("approval"),
        reason: fields.text("reason"),
    }
}

/// A grant or a use in one of its short forms, or as a mapping with `component`.
enum Shorthand<'n> {
    Name(Name),
    Words(Name, Vec<Name>),
    Fields(Name, Fields<'n>),
}

fn shorthand<'n>(
    fields: &Fields<'n>,
    what: &'static str,
    path: FieldPath,
    node: &'n Node,
) -> Option<Shorthand<'n>> {
    let found = fields.found();
    let entries = match node {
        Node::Map(entries) if node.get("component").is_none() => entries,
        _ => {
            let (name, inner) = named(fields, "component", what, path, node)?;
            return Some(match node {
                Node::Text(_) => Shorthand::Name(name),
                _ => Shorthand::Fields(name, inner),
            });
        }
    };
    let mut stated = entries.iter().enumerate().filter(|(_, (key, _))| !is_free(key));
    let hint = "Write `NAME: read`, or a mapping with `component: NAME`.";
    let (Some((place, (key, value))), None) = (stated.next(), stated.next()) else {
        found.error(path, format!("a {what} here does not say which `component`"), hint);
        return None;
    };
    if GRANT_FIELDS.contains(&&**key) {
        found.error(path, format!("a {what} here does not say which `component`"), hint);
        return None;
    }
    let name = Name::new(key);
    let path = path.index(u32::try_from(place).unwrap_or(u32::MAX));
    match value {
        Node::Null => Some(Shorthand::Name(name)),
        Node::Text(word) => Some(Shorthand::Words(name, vec![Name::new(word)])),
        Node::Map(inner) => Some(Shorthand::Fields(name, Fields::new(inner, path, what, found))),
        Node::List(words) if words.iter().all(|word| matches!(word, Node::Text(_))) => {
            let words = words.iter().filter_map(|word| match word {
                Node::Text(word) => Some(Name::new(word)),
                _ => None,
            });
            Some(Shorthand::Words(name, words.collect()))
        }
        other => {
            found.error(
                path,
                format!(
                    "what `{name}` is granted should be a level, a role or a mapping, but is {}",
                    other.what()
                ),
                hint,
            );
            None
        }
    }
}

fn grants(fields: &mut Fields<'_>) -> Vec<GrantCard> {
    let items = fields.items("component_access");
    items
        .into_iter()
        .filter_map(|(at, path, node)| {
            Some(match shorthand(fields, "grant", path, node)? {
                Shorthand::Name(component) => GrantCard { component, fields: GrantFields::default(), at },
                Shorthand::Words(component, level_or_roles) => GrantCard {
                    component,
                    fields: GrantFields { level_or_roles, ..GrantFields::default() },
                    at,
                },
                Shorthand::Fields(component, mut inner) => {
                    let grant = grant_fields(&mut inner);
                    inner.finish();
                    GrantCard { component, fields: grant, at }
                }
            })
        })
        .collect()
}

fn uses(fields: &mut Fields<'_>) -> Vec<UseCard> {
    let items = fields.items("uses");
    let bare =
        |component, level, at| UseCard { component, level, environments: Vec::new(), tools: Vec::new(), at };
    items
        .into_iter()
        .filter_map(|(at, path, node)| {
            Some(match shorthand(fields, "use", path, node)? {
                Shorthand::Name(component) => bare(component, None, at),
                Shorthand::Words(component, words) => bare(component, words.into_iter().next(), at),
                Shorthand::Fields(component, mut inner) => {
                    let level = inner.name("level");
                    let environments = inner.environments();
                    let tools = inner.names("tools");
                    inner.finish();
                    UseCard { component, level, environments, tools, at }
                }
            })
        })
        .collect()
}

fn skills(fields: &mut Fields<'_>) -> Vec<SkillCardRef> {
    each(fields, "skills", "skill", "skill", |skill, inner, at| SkillCardRef {
        skill,
        level: inner.skill_level("level"),
        at,
    })
}

fn process(header: Header, fields: &mut Fields<'_>) -> ProcessCard {
    ProcessCard {
        header,
        part_of: fields.listed("part_of"),
        process_loop: fields.choice("loop", &ProcessLoop::ALL, ProcessLoop::word),
        phases: fields.names("phases"),
        uses: uses(fields),
        skills: skills(fields),
        steps: steps(fields),
    }
}

fn steps(fields: &mut Fields<'_>) -> Vec<StepCard> {
    let items = fields.items("steps");
    items
        .into_iter()
        .filter_map(|(at, path, node)| {
            // A step with an id may do without a name, but that is said.
            let key = if node.get("name").is_none() && node.get("id").is_some() { "id" } else { "name" };
            if key == "id" {
                fields.found().error(
                    path,
                    "a step here has an id, but no name".to_owned(),
                    "Add a line `name: ...`.",
                );
            }
            let (name, mut inner) = named(fields, key, "step", path, node)?;
            let id = inner.name("id");
            inner.skip("name");
            let step = StepCard {
                id,
                name,
                description: inner.notes(),
                environments: inner.environments(),
                phase: inner.name("phase"),
                uses: uses(&mut inner),
                skills: skills(&mut inner),
                performers: each(&mut inner, "performers", "persona", "performer", |persona, inner, at| {
                    PerformerCard { persona, level: inner.name("level"), at }
                }),
                next: next(&mut inner),
                lane: inner.name("lane"),
                at,
            };
            inner.finish();
            Some(step)
        })
        .collect()
}

fn next(fields: &mut Fields<'_>) -> Vec<NextCard> {
    let items = fields.items("next");
    items
        .into_iter()
        .filter_map(|(at, path, node)| match node {
            Node::Text(text) => Some(NextCard { process: None, step: Some(Name::new(text)), at }),
            Node::Map(entries) => {
                let mut inner = Fields::new(entries, path, "next step", fields.found());
                let next = NextCard { process: inner.name("process"), step: inner.name("step"), at };
                inner.finish();
                if next.process.is_none() && next.step.is_none() {
                    fields.found().error(
                        path,
                        "a next step here names neither a step nor a process".to_owned(),
                        "Write a step's id, or {process: NAME, step: ID}.",
                    );
                    return None;
                }
                Some(next)
            }
            _ => {
                fields.found().error(
                    path,
                    format!("a next step should be a name or a mapping, but is {}", node.what()),
                    "Write a step's id, or {process: NAME, step: ID}.",
                );
                None
            }
        })
        .collect()
}

fn component(header: Header, fields: &mut Fields<'_>) -> ComponentCard {
    ComponentCard {
        header,
        platform: fields.name("platform"),
        layer: fields.name("layer"),
        roles: roles(fields),
        skills: each(fields, "skills", "skill", "skill", |skill, inner, at| ComponentSkillCard {
            skill,
            from: inner.name("from"),
            level: inner.skill_level("level"),
            at,
        }),
        tools: words_to_levels(fields, "tools"),
        auth: fields.names("auth"),
        audit_log: fields.text("audit_log"),
        flows_to: each(fields, "flows_to", "component", "flow", |component, inner, at| FlowCard {
            component,
            label: inner.text("label"),
            at,
        }),
        alternatives: each(fields, "alternatives", "component", "alternative", |component, inner, at| {
            AlternativeCard { component, removes: inner.listed("removes"), at }
        }),
        role_table: fields.text("role_table"),
    }
}

fn roles(fields: &mut Fields<'_>) -> Vec<RoleCard> {
    each(fields, "roles", "name", "role", |name, inner, at| RoleCard {
        name,
        level: inner.name("level"),
        environments: inner.environments(),
        at,
    })
}

fn skill(header: Header, fields: &mut Fields<'_>) -> SkillCard {
    let implies = fields.listed("implies");
    let mut learn = Vec::new();
    for (at, path, node) in fields.items("learn") {
        match node {
            Node::Text(text) if text.contains("://") => {
                learn.push(CourseCard { title: None, url: Some(text.to_string()), at });
            }
            Node::Text(text) => learn.push(CourseCard { title: Some(text.to_string()), url: None, at }),
            Node::Map(entries) => {
                let mut inner = Fields::new(entries, path, "course", fields.found());
                learn.push(CourseCard { title: inner.text("title"), url: inner.text("url"), at });
                inner.finish();
            }
            _ => fields.found().error(
                path,
                format!("a course should be a mapping, but is {}", node.what()),
                "Write {title: ..., url: ...}.",
            ),
        }
    }
    SkillCard { header, implies, learn }
}

fn person(header: Header, fields: &mut Fields<'_>) -> PersonCard {
    let personas = each(fields, "personas", "persona", "persona", |persona, inner, at| EmbodiedCard {
        persona,
        context: inner.text("context"),
        at,
    });
    let skills = skills(fields);
    let active = fields.flag("active").unwrap_or(true);
    let stated = fields.number("allocation");
    let allocation = stated.filter(|share| *share > 0.0 && share.is_finite());
    if stated.is_some() && allocation.is_none() {
        fields.found().warning(
            fields.path().key("allocation"),
            "`allocation` is no share of a full week".to_owned(),
            "Write a number above 0, such as 0.5 for half a week; somebody who is away has `active: false`.",
        );
    }
    PersonCard { header, personas, skills, active, allocation: allocation.unwrap_or(1.0) }
}

fn scenario(header: Header, fields: &mut Fields<'_>) -> ScenarioCard {
    let router = fields.listed("router");
    let items = fields.items("triggers");
    let triggers = items
        .into_iter()
        .filter_map(|(at, path, node)| {
            let (change, mut inner) = match node {
                Node::Map(entries) => {
                    let mut inner = Fields::new(entries, path, "trigger", fields.found());
                    (inner.name("change"), inner)
                }
                _ => {
                    let (change, inner) = named(fields, "change", "trigger", path, node)?;
                    (Some(change), inner)
                }
            };
            let trigger = TriggerCard {
                change,
                phase: inner.name("phase"),
                risk: inner.name("risk"),
                route: inner.listed("route"),
                joins: inner.listed("joins"),
                leaves: inner.listed("leaves"),
                at,
            };
            inner.finish();
            Some(trigger)
        })
        .collect();
    ScenarioCard { header, router, triggers }
}

fn decision(fields: &mut Fields<'_>) -> DecisionCard {
    fields.skip("name");
    fields.skip("id");
    let path = fields.path().key("finding");
    let (mut rule, mut subject, mut object, mut environment) = (None, None, None, None);
    match fields.value("finding") {
        Some(Node::Map(entries)) => {
            let mut inner = Fields::new(entries, path, "finding", fields.found());
            rule = inner.name("rule");
            subject = entity(&mut inner, "subject");
            object = entity(&mut inner, "object");
            environment = inner.environments().into_iter().next();
            inner.finish();
        }
        Some(node) => fields.found().error(
            path,
            format!("`finding` should be a mapping, but is {}", node.what()),
            "Write {rule: ..., subject: ...}.",
        ),
        None => missing(fields, "finding", "this decision does not say which finding it is about"),
    }
    let action = fields.choice("action", &DecisionAction::ALL, DecisionAction::word);
    DecisionCard {
        rule,
        subject,
        object,
        environment,
        action,
        reason: fields.text("reason"),
        by: fields.name("by"),
        decided: fields.date("decided"),
        until: fields.date("until"),
        work_item: fields.name("work_item"),
    }
}

/// A name, or `{skill: NAME}` where two kinds share it.
fn entity(fields: &mut Fields<'_>, key: &'static str) -> Option<EntityCardRef> {
    match fields.value(key)? {
        Node::Map(entries) => match entries.as_slice() {
            [(kind, Node::Text(name))] => {
                Some(EntityCardRef { kind: Some(Name::new(kind)), name: Name::new(name) })
            }
            _ => {
                fields.found().error(
                    fields.path().key(key),
                    format!("`{key}` should name one entity"),
                    "Write its id or name, or {skill: NAME} where two kinds share the name.",
                );
                None
            }
        },
        _ => Some(EntityCardRef { kind: None, name: fields.name(key)? }),
    }
}

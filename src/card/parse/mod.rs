//! A file's bytes -> its cards *and* its problems, never one or the other.
//!
//! One function a kind, below [`parse`]. References are not resolved here, and words of
//! vocabularies that a catalog can set are not checked here: a card does not know its catalog.

mod persona;
mod process;
mod settings;
mod things;

use std::borrow::Cow;
use std::sync::Arc;

use crate::card::fields::is_free;
use crate::card::kinds::{
    AlternativeCard, Card, CatalogCard, ComponentCard, ComponentSkillCard, CourseCard, DecisionAction,
    DecisionCard, DutyCard, DutySetCard, EmbodiedCard, EntityCardRef, FlowCard, GrantCard, GrantFields,
    Header, IdentityCard, InteractionCard, Kind, Listed, Mode, NextCard, PerformerCard, PersonCard,
    PersonaCard, PersonaType, ProcessCard, ProcessLoop, ProcessPartCard, Responsibility, RoleCard,
    ScenarioCard, SkillCard, SkillCardRef, StepCard, TeamCard, TriggerCard, UseCard, WorkItemCard,
};
use crate::card::node::{self, Node};
use crate::card::path::{FieldPath, Item};
use crate::card::problem::{Level, Problem};
use crate::card::reader::{Fields, Findings, exactly};
use crate::card::source::SourceMap;
use crate::card::words::{Name, Words};
use crate::card::{CardFile, PlacedCard, Spot};

/// The largest file that is read, in bytes.
pub const LARGEST_FILE: u64 = 16 * 1024 * 1024;

/// Reads a file's bytes. `path` is relative to the catalog's root, with `/` between folders.
#[must_use]
pub fn parse(path: &str, bytes: &[u8]) -> CardFile {
    parse_with(&Words::default(), path, bytes)
}

/// Reads a file's bytes, sharing the words of files read before.
#[must_use]
pub fn parse_with(words: &Words, path: &str, bytes: &[u8]) -> CardFile {
    match decode(bytes) {
        Ok(text) => read_text(words, path, text),
        Err((line, message, hint)) => {
            CardFile::failed(Problem { line, ..Problem::of_file(Level::Error, path, message, hint) })
        }
    }
}

/// Reads a file's text, as [`parse`] does its bytes.
#[must_use]
pub fn parse_text(path: &str, text: &str) -> CardFile {
    read_text(&Words::default(), path, text)
}

fn read_text(words: &Words, path: &str, text: &str) -> CardFile {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (documents, error) = node::documents(text);
    let mut cards = Vec::with_capacity(1);
    let mut found = Vec::new();
    for (number, mut document) in documents.into_iter().enumerate() {
        let spot = Spot { document: u32::try_from(number).unwrap_or(u32::MAX), item: None };
        read_document(words, &mut document, spot, &mut cards, &mut found);
    }
    cards.shrink_to_fit();
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
    CardFile {
        path: path.into(),
        text: Arc::from(text),
        cards,
        problems,
        kept: false,
        said: std::sync::OnceLock::new(),
    }
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

fn read_document(
    words: &Words,
    document: &mut Node,
    spot: Spot,
    cards: &mut Vec<PlacedCard>,
    found: &mut Vec<FoundAt>,
) {
    let note = |message: String, hint: &str| {
        let findings = Findings::new(words);
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
    let findings = Findings::new(words);
    match known {
        Some((kind, list)) => {
            normalise(document, FieldPath::CARD, &findings);
            let Node::Map(entries) = &*document else {
                return;
            };
            found.extend(findings.take().into_iter().map(|found| (spot, found)));
            if list {
                read_list(words, kind, entries, spot, cards, found);
            } else {
                read_one(words, kind, entries, spot, cards, found);
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
    words: &Words,
    kind: Kind,
    entries: &[(Box<str>, Node)],
    spot: Spot,
    cards: &mut Vec<PlacedCard>,
    found: &mut Vec<FoundAt>,
) {
    let findings = Findings::new(words);
    let mut fields = Fields::new(entries, FieldPath::CARD, "list of cards", &findings);
    fields.skip("kind");
    let items = fields.items("items");
    fields.finish();
    let mut nodes = Vec::new();
    for (at, path, node) in items {
        match node {
            Node::Map(entries) => nodes.push((at, Cow::Borrowed(entries.as_slice()))),
            Node::Text(name) => {
                nodes.push((at, Cow::Owned(vec![("name".into(), Node::Text(name.clone()))])));
            }
            _ => findings.error(
                path,
                format!("an item of this list should be a card or a name, but is {}", node.what()),
                "Write a name, or a mapping with `name:`.",
            ),
        }
    }
    found.extend(findings.take().into_iter().map(|found| (spot, found)));
    for (at, entries) in nodes {
        read_one(words, kind, &entries, Spot { item: Some(at), ..spot }, cards, found);
    }
}

fn read_one(
    words: &Words,
    kind: Kind,
    entries: &[(Box<str>, Node)],
    spot: Spot,
    cards: &mut Vec<PlacedCard>,
    found: &mut Vec<FoundAt>,
) {
    let findings = Findings::new(words);
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
        Kind::Catalog => Some(Card::Catalog(settings::catalog(&mut fields))),
        Kind::Persona => {
            persona_header(&mut fields).map(|header| Card::Persona(persona::persona(header, &mut fields)))
        }
        Kind::Process => {
            header(&mut fields).map(|header| Card::Process(process::process(header, &mut fields)))
        }
        Kind::Component => {
            header(&mut fields).map(|header| Card::Component(things::component(header, &mut fields)))
        }
        Kind::Skill => header(&mut fields).map(|header| Card::Skill(things::skill(header, &mut fields))),
        Kind::Team => header(&mut fields).map(|header| Card::Team(TeamCard { header })),
        Kind::Person => header(&mut fields).map(|header| Card::Person(things::person(header, &mut fields))),
        Kind::Scenario => {
            header(&mut fields).map(|header| Card::Scenario(things::scenario(header, &mut fields)))
        }
        Kind::Decision => Some(Card::Decision(things::decision(&mut fields))),
    };
    if let Some(card) = card {
        fields.finish();
        cards.push(PlacedCard { spot, card });
    }
    found.extend(findings.take().into_iter().map(|found| (spot, found)));
}

/// Applies merge keys (`<<`) and reports keys that stand twice; of these the last counts.
fn normalise(node: &mut Node, path: FieldPath, found: &Findings<'_>) {
    match node {
        Node::List(items) => {
            for (place, item) in items.iter_mut().enumerate() {
                normalise(item, path.index(u32::try_from(place).unwrap_or(u32::MAX)), found);
            }
        }
        Node::Map(entries) => {
            // Places in the file must stay what they are for the lines of problems, so an entry
            // that does not count is emptied rather than removed.
            for (earlier, place) in duplicates(entries) {
                let path = path.index(u32::try_from(place).unwrap_or(u32::MAX));
                let hint = "Delete one of the two; until then the last one counts.";
                found.error(path, format!("the field `{}` stands here twice", entries[place].0), hint);
                entries[earlier].0 = "x-duplicate".into();
            }
            merge(entries);
            for (place, (_, value)) in entries.iter_mut().enumerate() {
                normalise(value, path.index(u32::try_from(place).unwrap_or(u32::MAX)), found);
            }
        }
        Node::Null | Node::Bool(_) | Node::Int(_) | Node::Float(_) | Node::Text(_) => {}
    }
}

/// Keys that stand twice: where one stands, and where it stands next, in the order of the latter.
fn duplicates(entries: &[(Box<str>, Node)]) -> Vec<(usize, usize)> {
    let key = |place: usize| &*entries[place].0;
    // Nearly all mappings are short, and a short one is compared sooner than sorted.
    if entries.len() <= 16
        && (1..entries.len()).all(|place| !(0..place).any(|other| key(other) == key(place)))
    {
        return Vec::new();
    }
    let mut places: Vec<usize> = (0..entries.len()).filter(|place| key(*place) != "<<").collect();
    places.sort_by_key(|place| (key(*place), *place));
    let pairs = places.windows(2).filter(|pair| key(pair[0]) == key(pair[1]));
    let mut found: Vec<_> = pairs.map(|pair| (pair[0], pair[1])).collect();
    found.sort_by_key(|(_, place)| *place);
    found
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
            let name = found.word(text);
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
    exactly(items.filter_map(|(at, path, node)| {
        let (name, mut inner) = named(fields, key, what, path, node)?;
        let value = read(name, &mut inner, at);
        inner.finish();
        Some(value)
    }))
}

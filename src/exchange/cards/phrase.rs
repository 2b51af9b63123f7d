//! A field of a card as a line or a cell of text, and back: `GitHub (level: write; environments: dev, prod)`.
//!
//! What is written reads back as the same value: where the plain words would not, JSON stands in their
//! place. Markup, escapes of files and titles of columns are for the formats.

use super::json;
use super::normal::{naming, twin};
use crate::card::fields::{Field, Form, Mapping, Takes};
use crate::card::node::Node;

/// A field as text: a line for each item of a list. Nothing where only JSON of the whole field can say it.
#[must_use]
pub fn cell(field: &'static Field, value: &Node) -> Option<String> {
    let text = match (field.takes, value) {
        (Takes::List(_) | Takes::WordsOr(_), Node::List(items)) => {
            let lines: Vec<String> = items.iter().map(|item| line(field, item)).collect();
            lines.join("\n")
        }
        (Takes::List(_), Node::Map(entries)) => levels(entries)?,
        (Takes::One(forms), Node::Map(entries)) if is_severities(forms) => levels(entries)?,
        (_, node) => line(field, node),
    };
    (read_cell(field, &text).as_ref() == Some(value)).then_some(text)
}

/// The value of a field that a text means; nothing where the text is empty.
#[must_use]
pub fn read_cell(field: &'static Field, text: &str) -> Option<Node> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let lines = || text.lines().map(bare).filter(|line| !line.is_empty());
    match field.takes {
        Takes::List(forms) if forms.iter().any(|form| matches!(form, Form::Levels)) => {
            Some(read_levels(lines()))
        }
        Takes::One(forms) if is_severities(forms) => match read_levels(lines()) {
            Node::List(words) => Some(Node::List(words)),
            node => Some(node),
        },
        Takes::List(_) => Some(Node::List(lines().map(|line| read_line(field, line)).collect())),
        Takes::WordsOr(_) => {
            let items: Vec<Node> = lines().map(|line| read_line(field, line)).collect();
            match items.as_slice() {
                [Node::Map(_)] => items.into_iter().next(),
                _ => Some(Node::List(items)),
            }
        }
        _ => Some(read_line(field, text)),
    }
}

/// One item of a list, or a value that is no list, as a line.
#[must_use]
pub fn line(field: &'static Field, item: &Node) -> String {
    let plain = match item {
        Node::Map(entries) => mapping(field).and_then(|mapping| words(field.name, mapping, entries)),
        Node::Text(text) => Some(text.to_string()),
        Node::Bool(_) | Node::Int(_) | Node::Float(_) => Some(scalar(item)),
        Node::Null | Node::List(_) => None,
    };
    let is_list = !matches!(field.takes, Takes::Text | Takes::Name);
    let fits = |text: &String| {
        let stays =
            if is_list { !text.contains(['\n', '\r']) && bare(text) == text } else { text.trim() == text };
        stays && !text.is_empty() && read_line(field, text) == *item
    };
    plain.filter(fits).unwrap_or_else(|| json::line(item))
}

/// The item, or the value, that a line means.
#[must_use]
pub fn read_line(field: &'static Field, line: &str) -> Node {
    let line = line.trim();
    if line.starts_with(['{', '[', '"'])
        && let Some(node) = json::read(line)
    {
        return node;
    }
    if let Some(mapping) = mapping(field)
        && let Some(fields) = read_words(field.name, mapping, line)
    {
        return Node::Map(fields);
    }
    read_scalar(field.takes, line)
}

/// A bullet in front of an item is no part of it.
fn bare(line: &str) -> &str {
    let line = line.trim();
    ["- ", "• ", "* "].iter().find_map(|bullet| line.strip_prefix(bullet)).unwrap_or(line).trim_start()
}

fn is_severities(forms: &[Form]) -> bool {
    forms.iter().any(|form| matches!(form, Form::Severities))
}

/// The mapping that a field, or an item of its list, may be.
#[must_use]
pub fn mapping(field: &Field) -> Option<&'static Mapping> {
    if let Takes::WordsOr(mapping) = field.takes {
        return Some(mapping);
    }
    field.takes.forms().iter().find_map(|form| match form {
        Form::Map(mapping) | Form::Access(mapping) => Some(*mapping),
        _ => None,
    })
}

fn scalar(node: &Node) -> String {
    match node {
        Node::Bool(value) => value.to_string(),
        Node::Int(value) => value.to_string(),
        // With its point, so that it stays what it is.
        Node::Float(value) => format!("{value:?}"),
        Node::Text(text) => text.to_string(),
        Node::Null | Node::List(_) | Node::Map(_) => String::new(),
    }
}

fn read_scalar(takes: Takes, word: &str) -> Node {
    let whole = || word.parse().ok().map(Node::Int);
    let read = match takes {
        Takes::Whole | Takes::SkillLevel => whole(),
        Takes::Share => whole().or_else(|| {
            let number: Option<f64> = word.parse().ok();
            number.filter(|number| number.is_finite()).map(Node::Float)
        }),
        Takes::Flag => match word.to_lowercase().as_str() {
            "true" | "yes" => Some(Node::Bool(true)),
            "false" | "no" => Some(Node::Bool(false)),
            _ => None,
        },
        _ => None,
    };
    read.unwrap_or_else(|| Node::Text(word.into()))
}

/// `GitHub (level: write; environments: dev, prod)`.
fn words(list: &str, mapping: &'static Mapping, entries: &[(Box<str>, Node)]) -> Option<String> {
    let name = naming(list).and_then(|naming| entries.iter().find(|(key, _)| &**key == naming));
    let mut pairs = Vec::new();
    for (key, value) in entries {
        if name.is_some_and(|(own, _)| own == key) {
            continue;
        }
        let field = mapping.field(key)?;
        pairs.push(format!("{}: {}", title(key), pair_value(field, value)));
    }
    let pairs = format!("({})", pairs.join("; "));
    match name {
        Some((_, Node::Text(name))) => Some(format!("{name} {pairs}")),
        Some(_) => None,
        None => Some(pairs),
    }
}

fn pair_value(field: &'static Field, value: &Node) -> String {
    let plain = match (field.takes, value) {
        (Takes::List(_), Node::List(items)) => {
            let words: Option<Vec<&str>> = items
                .iter()
                .map(|item| match item {
                    Node::Text(word) => Some(&**word),
                    _ => None,
                })
                .collect();
            words.map(|words| words.join(", "))
        }
        (_, Node::Text(_) | Node::Int(_) | Node::Float(_) | Node::Bool(_)) => Some(scalar(value)),
        _ => None,
    };
    plain.filter(|plain| read_pair(field, plain) == *value).unwrap_or_else(|| json::line(value))
}

fn read_pair(field: &'static Field, text: &str) -> Node {
    let text = text.trim();
    if text.starts_with(['{', '[', '"'])
        && let Some(node) = json::read(text)
    {
        return node;
    }
    match field.takes {
        Takes::List(_) => {
            let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
            Node::List(words.map(|word| Node::Text(word.into())).collect())
        }
        takes => read_scalar(takes, text),
    }
}

/// The name and the fields behind it, in the order of the table; nothing where it is no such phrase.
fn read_words(list: &str, mapping: &'static Mapping, line: &str) -> Option<Vec<(Box<str>, Node)>> {
    let (name, inner) = open(line)?;
    let mut pairs: Vec<(&'static Field, String)> = Vec::new();
    for part in inner.split(';') {
        let field = part.split_once(':').and_then(|(key, value)| {
            let key = key.trim().to_lowercase().replace(' ', "_");
            let name = twin(mapping, &key).map_or(&*key, |(first, _)| first);
            Some((mapping.field(name)?, value))
        });
        match (field, pairs.last_mut()) {
            (Some((field, value)), _) => pairs.push((field, value.to_owned())),
            // A value may hold a semicolon of its own.
            (None, Some((_, value))) => {
                value.push(';');
                value.push_str(part);
            }
            (None, None) => return None,
        }
    }
    let mut out: Vec<(Box<str>, Node)> = Vec::new();
    match (naming(list), name.is_empty()) {
        (_, true) => {}
        (Some(naming), false) => out.push((naming.into(), Node::Text(name.into()))),
        (None, false) => return None,
    }
    for (field, value) in pairs {
        if out.iter().any(|(known, _)| &**known == field.name) {
            return None;
        }
        if !value.trim().is_empty() {
            out.push((field.name.into(), read_pair(field, &value)));
        }
    }
    out.sort_by_key(|(key, _)| mapping.place(key));
    Some(out)
}

/// What stands before the last parenthesis, and what stands within it.
fn open(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_suffix(')')?;
    let mut depth = 1_usize;
    for (at, sign) in rest.char_indices().rev() {
        match sign {
            ')' => depth += 1,
            '(' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let name = &rest[..at];
            let apart = name.is_empty() || name.ends_with(char::is_whitespace);
            return apart.then(|| (name.trim_end(), &rest[at + 1..]));
        }
    }
    None
}

/// `Reader: read`, a line each.
fn levels(entries: &[(Box<str>, Node)]) -> Option<String> {
    let mut lines = Vec::new();
    for (name, level) in entries {
        lines.push(match level {
            Node::Null => name.to_string(),
            Node::Text(level) => format!("{name}: {level}"),
            _ => return None,
        });
    }
    Some(lines.join("\n"))
}

fn read_levels<'l>(lines: impl Iterator<Item = &'l str>) -> Node {
    let entries: Vec<(Box<str>, Node)> = lines
        .map(|line| match line.rsplit_once(':') {
            Some((name, level)) if !name.trim().is_empty() && !level.trim().is_empty() => {
                (name.trim().into(), Node::Text(level.trim().into()))
            }
            _ => (line.into(), Node::Null),
        })
        .collect();
    if entries.iter().all(|(_, level)| *level == Node::Null) {
        return Node::List(entries.into_iter().map(|(name, _)| Node::Text(name)).collect());
    }
    Node::Map(entries)
}

/// A field's name as people read it: `max risk`.
#[must_use]
pub fn title(key: &str) -> String {
    key.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::fields::mapping_of;
    use crate::card::kinds::Kind;
    use crate::card::node::documents;
    use crate::card::words::Name;
    use crate::exchange::cards::normal;

    fn field(kind: Kind, name: &str) -> &'static Field {
        mapping_of(kind).field(name).expect("a field")
    }

    fn levels() -> Vec<Name> {
        ["read", "write", "admin"].map(Name::new).into()
    }

    #[test]
    fn a_grant_is_a_line_that_people_read() {
        let grants = field(Kind::Persona, "component_access");
        let node = documents("- Lab\n- {component: Git Hub, level: write, environments: [dev, prod], max_risk: low, reason: 'a; b'}\n- {component: 'a (b)', role: Reader}\n").0.remove(0);
        let value = normal::value(grants, &node, &levels()).expect("a value");
        let text = cell(grants, &value).expect("a cell");
        assert_eq!(
            text,
            "Lab\nGit Hub (level: write; environments: dev, prod; max risk: low; reason: a; b)\na (b) (role: Reader)"
        );
        assert_eq!(read_cell(grants, &text), Some(value));
    }

    #[test]
    fn what_words_cannot_say_is_said_in_json() {
        let skills = field(Kind::Persona, "skills");
        for name in [
            "- x",
            "two\nlines",
            " blank",
            "{a",
            "\"q\"",
            "a (level: 3)",
            "[1]",
            "{\"a\":1}",
            "",
            "• x",
            "a\tb",
        ] {
            let value = Node::List(vec![Node::Text(name.into()), Node::Text("Go".into())]);
            let text = cell(skills, &value);
            match text {
                Some(text) => assert_eq!(read_cell(skills, &text), Some(value), "{text}"),
                None => panic!("{name:?} has no cell"),
            }
        }
        let level = field(Kind::Person, "allocation");
        for node in [Node::Int(1), Node::Float(1.0), Node::Float(0.25)] {
            let text = cell(level, &node).expect("a cell");
            assert_eq!(read_cell(level, &text), Some(node));
        }
    }

    #[test]
    fn maps_of_words_are_lines_too() {
        let tools = field(Kind::Component, "tools");
        let node = documents("{run_tests: write, read: }").0.remove(0);
        let value = normal::value(tools, &node, &levels()).expect("a value");
        assert_eq!(cell(tools, &value).as_deref(), Some("run_tests: write\nread"));
        let defaults = field(Kind::Persona, "grant_defaults");
        let node = documents("{mode: jit, auth: managed-identity}").0.remove(0);
        assert_eq!(cell(defaults, &node).as_deref(), Some("(mode: jit; auth: managed-identity)"));
    }
}

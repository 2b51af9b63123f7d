//! A card's fields in one form: long forms of grants and uses, lists where a list may stand, one name for
//! a field that has two, nothing that says nothing.
//!
//! Two cards that mean the same differ in this form at most in how a word is spelt. What a field may hold
//! comes from the table of fields; what is not known there stays as it is.

use crate::card::edit::items::naming_field;
use crate::card::fields::{Field, Form, Mapping, Takes, is_free, mapping_of};
use crate::card::kinds::Kind;
use crate::card::node::Node;
use crate::card::words::Name;
use crate::exchange::import::draft::CardFields;

/// The fields of a card; `levels` are the catalog's levels of access, from least to most.
#[must_use]
pub fn card(kind: Kind, node: &Node, levels: &[Name]) -> CardFields {
    let mapping = mapping_of(kind);
    match node {
        Node::Map(entries) => {
            let mut fields = map(mapping, entries, levels);
            fields.retain(|(key, _)| &**key != "kind");
            fields
        }
        Node::Text(_) => vec![("name".into(), node.clone())],
        _ => Vec::new(),
    }
}

/// The field that names an item of a list, or a mapping, where one does.
#[must_use]
pub fn naming(list: &str) -> Option<&'static str> {
    naming_field(list).or(match list {
        "separation_of_duties" => Some("name"),
        "duties" => Some("process"),
        "learn" => Some("title"),
        _ => None,
    })
}

/// The one name of a field that may be written in two ways, with the other.
#[must_use]
pub fn twin(mapping: &Mapping, key: &str) -> Option<(&'static str, &'static str)> {
    // The key of a finding names one environment, all others name several.
    let environments = if mapping.id == "finding-key" {
        ("environment", "environments")
    } else {
        ("environments", "environment")
    };
    let pairs = [environments, ("role", "roles"), ("phases", "phase")];
    pairs.into_iter().find(|(first, second)| {
        (key == *first || key == *second) && mapping.field(first).is_some() && mapping.field(second).is_some()
    })
}

/// The fields of a mapping.
#[must_use]
pub fn map(mapping: &'static Mapping, entries: &[(Box<str>, Node)], levels: &[Name]) -> CardFields {
    let mut out: CardFields = Vec::new();
    for (key, node) in entries {
        if *node == Node::Null {
            continue;
        }
        let pair = twin(mapping, key);
        let name = pair.map_or(&**key, |(first, _)| first);
        // Of two entries with one key the first counts; two names of one field add up.
        if out.iter().any(|(known, _)| &**known == name) {
            continue;
        }
        let Some(field) = mapping.field(name) else {
            out.push((key.clone(), node.clone()));
            continue;
        };
        let value = match pair {
            None => value(field, node, levels),
            Some((first, second)) => {
                let get = |key: &str| entries.iter().find(|(own, _)| &**own == key).map(|(_, node)| node);
                let both = [get(first), get(second)].into_iter().flatten();
                let both: Vec<Node> = both.flat_map(|node| items(node).to_vec()).collect();
                value(field, &Node::List(both), levels)
            }
        };
        out.extend(value.map(|value| (Box::from(name), value)));
    }
    out.sort_by_key(|(key, _)| mapping.place(key));
    out
}

fn items(node: &Node) -> &[Node] {
    match node {
        Node::List(items) => items,
        Node::Null => &[],
        bare => std::slice::from_ref(bare),
    }
}

/// The value of a field; nothing where it says nothing.
#[must_use]
pub fn value(field: &'static Field, node: &Node, levels: &[Name]) -> Option<Node> {
    match (field.takes, node) {
        (_, Node::Null) => None,
        (Takes::Anything, node) => Some(node.clone()),
        (Takes::WordsOr(mapping), Node::Map(entries)) => {
            let inner = map(mapping, entries, levels);
            match inner.as_slice() {
                [] => None,
                [(by, words)] if &**by == "by" => Some(words.clone()),
                _ => Some(Node::Map(inner)),
            }
        }
        (Takes::WordsOr(_), node) => list(items(node).to_vec()),
        (Takes::List(forms), node) if forms.iter().any(|form| matches!(form, Form::Levels)) => words(node),
        (Takes::List(forms), node) => {
            let all = items(node).iter().filter(|item| **item != Node::Null);
            list(all.map(|node| item(field.name, forms, node, levels)).collect())
        }
        (Takes::One(forms), node) => match item(field.name, forms, node, levels) {
            Node::Map(entries) if entries.is_empty() && !field.required => None,
            // A bare identity is its id.
            Node::Text(id) if field.name == "identity" => {
                Some(Node::Map(vec![("id".into(), Node::Text(id))]))
            }
            one => Some(one),
        },
        (_, Node::Text(text)) if text.trim().is_empty() => None,
        (_, node) => Some(node.clone()),
    }
}

fn list(mut items: Vec<Node>) -> Option<Node> {
    items.retain(|item| !matches!(item, Node::Text(text) if text.trim().is_empty()));
    (!items.is_empty()).then_some(Node::List(items))
}

/// One value of a list, or the value of a field that takes a mapping.
#[must_use]
pub fn item(list: &str, forms: &'static [Form], node: &Node, levels: &[Name]) -> Node {
    let Node::Map(entries) = node else { return node.clone() };
    for form in forms {
        match form {
            Form::Access(mapping) => return access(mapping, entries, levels),
            Form::Map(mapping) => {
                let fields = map(mapping, entries, levels);
                return match fields.as_slice() {
                    [(key, Node::Text(name))] if naming(list) == Some(key) && list != "learn" => {
                        Node::Text(name.clone())
                    }
                    _ => Node::Map(fields),
                };
            }
            Form::Severities => {
                // Older YAML reads `off` as false.
                let off = |node: &Node| match node {
                    Node::Bool(false) => Node::Text("off".into()),
                    other => other.clone(),
                };
                let stated = entries.iter().filter(|(_, node)| *node != Node::Null);
                return Node::Map(stated.map(|(key, node)| (key.clone(), off(node))).collect());
            }
            Form::Word | Form::Name | Form::Levels | Form::Entity => {}
        }
    }
    node.clone()
}

/// `GitHub: write`, `GitHub: {level: write}` and `{component: GitHub, level: write}` are one.
fn access(mapping: &'static Mapping, entries: &[(Box<str>, Node)], levels: &[Name]) -> Node {
    let is_long = entries.iter().any(|(key, _)| &**key == "component");
    let mut stated = entries.iter().filter(|(key, _)| !is_free(key));
    let long = match (is_long, stated.next(), stated.next()) {
        (false, Some((name, value)), None) => {
            let mut long: CardFields = vec![("component".into(), Node::Text(name.clone()))];
            match value {
                Node::Null => {}
                Node::Map(inner) => long.extend(inner.iter().cloned()),
                Node::Text(_) | Node::List(_) => long.extend(level_or_roles(mapping, value, levels)),
                // It is an error, and stays one.
                _ => return Node::Map(entries.to_vec()),
            }
            long.extend(entries.iter().filter(|(key, _)| is_free(key)).cloned());
            long
        }
        _ => entries.to_vec(),
    };
    let fields = map(mapping, &long, levels);
    match fields.as_slice() {
        [(key, Node::Text(name))] if &**key == "component" => Node::Text(name.clone()),
        _ => Node::Map(fields),
    }
}

fn level_or_roles(mapping: &Mapping, value: &Node, levels: &[Name]) -> CardFields {
    let place = |node: &Node| match node {
        Node::Text(word) => {
            let word = Name::new(word);
            levels.iter().position(|level| *level == word)
        }
        _ => None,
    };
    // What a step uses has a level only.
    if mapping.field("role").is_none() {
        return items(value).first().map(|word| ("level".into(), word.clone())).into_iter().collect();
    }
    let level = items(value).iter().filter(|node| place(node).is_some()).max_by_key(|node| place(node));
    let roles: Vec<Node> = items(value).iter().filter(|node| place(node).is_none()).cloned().collect();
    let mut out: CardFields = Vec::new();
    out.extend(level.map(|level| ("level".into(), level.clone())));
    if !roles.is_empty() {
        out.push(("role".into(), Node::List(roles)));
    }
    out
}

/// `{Reader: read}`, a list of words, or a list of both: a list of words where none has a level.
fn words(node: &Node) -> Option<Node> {
    let mut out: CardFields = Vec::new();
    for item in items(node) {
        match item {
            Node::Text(word) => out.push((word.clone(), Node::Null)),
            Node::Map(entries) => out.extend(entries.iter().cloned()),
            Node::Null => {}
            _ => return Some(node.clone()),
        }
    }
    if out.is_empty() {
        return None;
    }
    if out.iter().all(|(_, level)| *level == Node::Null) {
        return list(out.into_iter().map(|(word, _)| Node::Text(word)).collect());
    }
    // A word may stand twice in a list, but not in a mapping.
    let is_twice = |place: usize| out[..place].iter().any(|(word, _)| *word == out[place].0);
    if (0..out.len()).any(is_twice) {
        return list(items(node).iter().filter(|item| **item != Node::Null).cloned().collect());
    }
    Some(Node::Map(out))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::node::documents;

    fn normal(text: &str) -> CardFields {
        let levels: Vec<Name> = ["read", "write", "admin"].map(Name::new).into();
        card(Kind::Persona, &documents(text).0[0], &levels)
    }

    #[test]
    fn what_means_the_same_is_written_the_same() {
        let short = "name: A\ncomponent_access: [{Store: read}, Lab, {Hub: [Reader, write]}, {Vault: {environment: dev}}]\nskills: Go\noverride: {by: P1}\nid:\nteam: ' '\n";
        let long = "component_access:\n- {level: read, component: Store}\n- {component: Lab}\n- {component: Hub, roles: Reader, level: write}\n- {environments: [dev], component: Vault}\nskills: [{skill: Go}]\noverride: P1\nname: A\n";
        assert_eq!(normal(short), normal(long));
        assert_eq!(normal(short)[0], ("name".into(), Node::Text("A".into())));
    }

    #[test]
    fn what_is_not_known_stays() {
        let fields = normal("name: A\nx-cost: {a: 1}\nmood: good\nnotes: [1]\n");
        let keys: Vec<&str> = fields.iter().map(|(key, _)| &**key).collect();
        assert_eq!(keys, ["name", "notes", "x-cost", "mood"]);
    }
}

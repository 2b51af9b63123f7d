//! Items of lists in their short and long forms: `GitHub`, `GitHub: write`, `{component: GitHub, ...}`.
//!
//! Says which change sets a field of an item, whatever its form, and where a new field of a card
//! goes. What a field may hold is for the reader of cards.

use crate::card::node::Node;

use super::{Change, Route, Step};

/// Fields in the order in which cards state them.
const ORDER: &[&str] = &[
    "kind",
    "id",
    "name",
    "aliases",
    "component",
    "with",
    "process",
    "skill",
    "persona",
    "step",
    "change",
    "type",
    "platform",
    "layer",
    "part_of",
    "loop",
    "phases_of",
    "section",
    "team",
    "color",
    "description",
    "primary_interaction",
    "protocol",
    "cadence",
    "grant_defaults",
    "component_access",
    "role",
    "roles",
    "level",
    "from",
    "environments",
    "environment",
    "tools",
    "mode",
    "phase",
    "phases",
    "risk",
    "max_risk",
    "max_duration",
    "starts",
    "expires",
    "auth",
    "approval",
    "uses",
    "processes",
    "responsibility",
    "personas",
    "context",
    "skills",
    "implies",
    "learn",
    "steps",
    "performers",
    "next",
    "lane",
    "audit_log",
    "flows_to",
    "alternatives",
    "role_table",
    "work_items",
    "identity",
    "accountable",
    "escalates_to",
    "override",
    "by",
    "how",
    "invokes",
    "monitored_by",
    "router",
    "triggers",
    "route",
    "joins",
    "leaves",
    "active",
    "allocation",
    "finding",
    "action",
    "reason",
    "decided",
    "until",
    "work_item",
];

/// The place of a field among fields; `None` of one that is not known, which goes to the end.
#[must_use]
pub fn rank(key: &str) -> Option<usize> {
    ORDER.iter().position(|known| *known == key)
}

/// Puts fields in the order in which cards state them.
pub fn arrange(fields: &mut [(Box<str>, Node)]) {
    fields.sort_by_key(|(key, _)| rank(key).unwrap_or(usize::MAX));
}

/// The field that names an item of a list of cards' references, such as `component` of a grant.
#[must_use]
pub fn naming_field(list: &str) -> Option<&'static str> {
    Some(match list {
        "component_access" | "uses" | "flows_to" | "alternatives" => "component",
        "processes" => "process",
        "skills" => "skill",
        "performers" | "personas" => "persona",
        "primary_interaction" => "with",
        "next" => "step",
        "roles" | "steps" => "name",
        "triggers" => "change",
        "work_items" => "id",
        _ => return None,
    })
}

/// The changes that set a field of an item at `route` in a list named `list`; without a value they
/// remove it.
///
/// `is_level` says whether the word of a short form, `GitHub: write`, is a level rather than a role.
#[must_use]
pub fn set_field(
    item: &Node,
    list: &str,
    route: &Route,
    field: &str,
    value: Option<Node>,
    is_level: impl Fn(&str) -> bool,
) -> Vec<(Route, Change)> {
    let Some(naming) = naming_field(list) else { return Vec::new() };
    let short = matches!(list, "component_access" | "uses");
    let named = |name: &str, fields: Vec<(Box<str>, Node)>| {
        let mut entries = vec![(Box::from(naming), Node::Text(name.into()))];
        entries.extend(fields);
        Node::Map(entries)
    };
    let of_fields =
        |fields: Option<Node>| fields.map(|value| vec![(Box::from(field), value)]).unwrap_or_default();
    match item {
        Node::Text(name) => match value {
            None => Vec::new(),
            Some(value) if short && field == "level" => {
                vec![(route.clone(), Change::Set(Node::Map(vec![(name.clone(), value)])))]
            }
            value => vec![(route.clone(), Change::Set(named(name, of_fields(value))))],
        },
        Node::Map(entries) if short && item.get(naming).is_none() => {
            let Some((place, (name, inner))) =
                entries.iter().enumerate().find(|(_, (key, _))| !key.starts_with("x-") && &**key != "notes")
            else {
                return Vec::new();
            };
            let inside = route.then(place);
            match inner {
                Node::Map(fields) => set_in(fields, &inside, field, value),
                Node::Null if value.is_none() => Vec::new(),
                Node::Null if field == "level" => {
                    value.map(|value| (inside, Change::Set(value))).into_iter().collect()
                }
                Node::Null => vec![(inside, Change::Set(Node::Map(of_fields(value))))],
                words => {
                    let mut own = word_fields(words, is_level);
                    let alone = matches!(own.as_slice(), [(key, _)] if &**key == field);
                    let stated = own.iter().any(|(key, _)| &**key == field);
                    match value {
                        Some(value) if alone && field == "level" => vec![(inside, Change::Set(value))],
                        None if alone => vec![(route.clone(), Change::Set(Node::Text(name.clone())))],
                        None if !stated => Vec::new(),
                        value => {
                            own.retain(|(key, _)| &**key != field);
                            own.extend(of_fields(value));
                            arrange(&mut own);
                            vec![(inside, Change::Set(Node::Map(own)))]
                        }
                    }
                }
            }
        }
        Node::Map(fields) => set_in(fields, route, field, value),
        _ => Vec::new(),
    }
}

/// What the words of a short form, `GitHub: [write, Developer]`, say: a level, roles, or both. Of several
/// levels the last is taken, which people write last because it is the highest.
#[must_use]
pub fn word_fields(words: &Node, is_level: impl Fn(&str) -> bool) -> Vec<(Box<str>, Node)> {
    let listed: &[Node] = match words {
        Node::List(words) => words,
        Node::Null => &[],
        word => std::slice::from_ref(word),
    };
    let (levels, mut roles): (Vec<Node>, Vec<Node>) =
        listed.iter().cloned().partition(|word| matches!(word, Node::Text(word) if is_level(word)));
    let mut fields = Vec::new();
    fields.extend(levels.into_iter().next_back().map(|level| (Box::from("level"), level)));
    match roles.len() {
        0 => {}
        1 => fields.extend(roles.pop().map(|role| (Box::from("role"), role))),
        _ => fields.push(("role".into(), Node::List(roles))),
    }
    fields
}

/// Sets or removes a field of a mapping. `environment` and `environments`, `role` and `roles`,
/// `phase` and `phases` are one field each, and the other spelling goes.
fn set_in(
    fields: &[(Box<str>, Node)],
    route: &Route,
    field: &str,
    value: Option<Node>,
) -> Vec<(Route, Change)> {
    let spellings = spellings(field);
    let stated = |name: &str| fields.iter().any(|(key, _)| &**key == name);
    let own = spellings.iter().copied().find(|name| stated(name)).unwrap_or(field);
    let mut changes = Vec::new();
    for other in spellings.iter().filter(|name| **name != own && stated(name)) {
        changes.push((route.then(*other), Change::Remove));
    }
    match value {
        Some(value) => changes.push((route.then(own), Change::Set(value))),
        None if stated(own) => changes.push((route.then(own), Change::Remove)),
        None => {}
    }
    changes
}

fn spellings(field: &str) -> &'static [&'static str] {
    match field {
        "environments" | "environment" => &["environments", "environment"],
        "role" | "roles" => &["role", "roles"],
        "phases" | "phase" => &["phases", "phase"],
        _ => &[],
    }
}

/// The key under which a mapping states a field, where that can be spelt in two ways.
#[must_use]
pub fn spelling<'k>(node: &Node, field: &'k str) -> &'k str {
    spellings(field).iter().copied().find(|name| node.get(name).is_some()).unwrap_or(field)
}

/// The name that an item of a list states, whatever its form.
#[must_use]
pub fn name_of<'n>(item: &'n Node, list: &str) -> Option<&'n str> {
    let naming = naming_field(list)?;
    match item {
        Node::Text(name) => Some(name),
        Node::Map(entries) => match item.get(naming) {
            Some(Node::Text(name)) => Some(name),
            Some(_) => None,
            None => entries.iter().map(|(key, _)| &**key).find(|key| !key.starts_with("x-")),
        },
        _ => None,
    }
}

/// The change that gives an item of a list another name, whatever its form.
#[must_use]
pub fn rename(item: &Node, list: &str, route: &Route, name: &str) -> Option<(Route, Change)> {
    let naming = naming_field(list)?;
    match item {
        Node::Text(_) => Some((route.clone(), Change::Set(Node::Text(name.into())))),
        Node::Map(_) if item.get(naming).is_some() => {
            Some((route.then(naming), Change::Set(Node::Text(name.into()))))
        }
        Node::Map(entries) => {
            let place = entries.iter().position(|(key, _)| !key.starts_with("x-") && &**key != "notes")?;
            Some((
                Route(route.0.iter().cloned().chain([Step::Index(place)]).collect()),
                Change::Rename(name.into()),
            ))
        }
        _ => None,
    }
}

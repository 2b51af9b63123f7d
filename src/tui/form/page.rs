//! One page of a form: a mapping of a card as rows, and the changes that give its fields other values.
//!
//! A page is the card itself, a mapping in it, or an item of a list in whatever form it is written.
//! It knows no keys and draws nothing.

use crate::card::edit::{Change, Route, Step, items};
use crate::card::fields::{Field, Form as Shape, Mapping, Takes};
use crate::card::node::Node;

use super::words::{Refers, refers};

/// Where a page's fields stand in the card.
#[derive(Clone, Debug, PartialEq)]
pub enum Placement {
    /// They are the card's own.
    Card,
    /// They are those of a mapping.
    One(Route),
    /// They are those of an item of a list.
    Item(Route, &'static str),
}

impl Placement {
    /// The way to what the page shows.
    #[must_use]
    pub fn route(&self) -> Route {
        match self {
            Self::Card => Route::default(),
            Self::One(route) | Self::Item(route, _) => route.clone(),
        }
    }
}

/// What a row is.
#[derive(Clone, Copy, Debug)]
pub enum What {
    /// A value of one line.
    Value,
    /// A text of several lines.
    Text,
    /// Words of a vocabulary or names of cards, several.
    Words,
    /// A mapping that opens as a page.
    Mapping(&'static Mapping),
    /// An item of a list that is a word.
    Word(usize),
    /// An item of a list that opens as a page.
    Item(usize, &'static Mapping),
    /// An entry of a mapping of words to words.
    Entry(usize),
    /// A list that has no item yet.
    Empty,
    /// A mapping of words to words that has no entry yet.
    NoEntry,
    /// Something that is changed in an editor.
    Foreign,
}

impl What {
    /// The place of an item in its list.
    #[must_use]
    pub fn item(self) -> Option<usize> {
        match self {
            Self::Word(place) | Self::Item(place, _) | Self::Entry(place) => Some(place),
            Self::Value
            | Self::Text
            | Self::Words
            | Self::Mapping(_)
            | Self::Empty
            | Self::NoEntry
            | Self::Foreign => None,
        }
    }

    /// Whether it belongs to a list that more can be added to.
    #[must_use]
    pub fn is_list(self) -> bool {
        self.item().is_some() || matches!(self, Self::Empty | Self::NoEntry)
    }
}

/// A row of a page.
#[derive(Clone, Debug)]
pub struct Row {
    /// The field.
    pub field: &'static Field,
    /// What its words name.
    pub refers: Refers,
    /// What it is.
    pub what: What,
    /// What it says, on one line.
    pub text: String,
    /// What belongs to it: the other fields of an item.
    pub detail: String,
    /// The value; of an item the item's.
    pub node: Option<Node>,
    /// Whether it is the first of its field, and shows its title.
    pub first: bool,
}

/// The fields of a page as they are now.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    /// Each with its value.
    pub entries: Vec<(Box<str>, Node)>,
    /// The way to the mapping that holds them; none where the form is too short to hold another.
    pub base: Option<Route>,
}

impl Fields {
    /// The fields of what stands at a placement.
    #[must_use]
    pub fn of(node: &Node, placement: &Placement, is_level: impl Fn(&str) -> bool) -> Self {
        let route = placement.route();
        let named = |key: &str, value: &Node| (Box::from(key), value.clone());
        match (placement, node) {
            (Placement::Item(_, list), Node::Text(_)) => {
                let naming = items::naming_field(list).unwrap_or("name");
                Self { entries: vec![named(naming, node)], base: None }
            }
            (Placement::Item(_, "component_access" | "uses"), Node::Map(entries))
                if node.get("component").is_none() =>
            {
                let own = entries
                    .iter()
                    .enumerate()
                    .find(|(_, (key, _))| !key.starts_with("x-") && &**key != "notes");
                let Some((place, (name, inner))) = own else { return Self::default() };
                let mut fields = vec![(Box::from("component"), Node::Text(name.clone()))];
                match inner {
                    Node::Map(inner) => {
                        fields.extend(inner.iter().cloned());
                        Self { entries: fields, base: Some(route.then(place)) }
                    }
                    Node::Null => Self { entries: fields, base: None },
                    words => {
                        let level = matches!(words, Node::Text(word) if is_level(word));
                        fields.push(named(if level { "level" } else { "role" }, words));
                        Self { entries: fields, base: None }
                    }
                }
            }
            (_, Node::Map(entries)) => Self { entries: entries.clone(), base: Some(route) },
            // A short form of a mapping: an identity that is its id alone, an override that is names.
            (Placement::One(_), Node::Text(_) | Node::List(_)) => {
                let key = match route.0.last() {
                    Some(Step::Key(key)) if &**key == "override" => "by",
                    _ => "id",
                };
                Self { entries: vec![named(key, node)], base: None }
            }
            _ => Self::default(),
        }
    }

    /// The value of a field, whichever of its two spellings is there.
    #[must_use]
    pub fn get(&self, mapping: &Mapping, field: &str) -> Option<(&str, &Node)> {
        let spelt = |name: &str| self.entries.iter().rev().find(|(key, _)| &**key == name);
        spelt(field)
            .or_else(|| spelt(second_spelling(mapping, field)?))
            .map(|(key, node)| (&**key, node))
            .filter(|(_, node)| **node != Node::Null)
    }
}

/// The other spelling of a field, where it has one.
fn second_spelling(mapping: &Mapping, field: &str) -> Option<&'static str> {
    let other = match field {
        "environments" => "environment",
        "role" => "roles",
        "phases" => "phase",
        _ => return None,
    };
    mapping.field(other).map(|field| field.name)
}

/// Whether a field is only another spelling of one that the mapping has.
fn is_twice(mapping: &Mapping, field: &str) -> bool {
    let first = match field {
        "environment" => "environments",
        "roles" => "role",
        "phase" => "phases",
        _ => return false,
    };
    mapping.field(first).is_some()
}

/// The rows of a page.
#[must_use]
pub fn rows(mapping: &'static Mapping, fields: &Fields) -> Vec<Row> {
    let mut rows = Vec::new();
    for field in mapping.fields {
        if field.name == "kind" || is_twice(mapping, field.name) {
            continue;
        }
        let node = fields.get(mapping, field.name).map(|(_, node)| node.clone());
        rows.extend(rows_of(mapping, field, node));
    }
    rows
}

fn rows_of(mapping: &Mapping, field: &'static Field, node: Option<Node>) -> Vec<Row> {
    let refers = refers_of(mapping, field);
    let row = |what, text: String, detail: String, node: Option<Node>, first| Row {
        field,
        refers,
        what,
        text,
        detail,
        node,
        first,
    };
    let whole = node.as_ref().map(short).unwrap_or_default();
    match kept(field, refers) {
        Kept::List(inner) => {
            let items = node.as_ref().map(listed).unwrap_or_default();
            if items.is_empty() {
                return vec![row(What::Empty, String::new(), String::new(), None, true)];
            }
            let of = |place| inner.map_or(What::Word(place), |mapping| What::Item(place, mapping));
            items
                .into_iter()
                .enumerate()
                .map(|(place, item)| {
                    let (text, detail) = said(item, field.name);
                    row(of(place), text, detail, Some(item.clone()), place == 0)
                })
                .collect()
        }
        Kept::Entries => match &node {
            Some(Node::Map(entries)) if !entries.is_empty() => entries
                .iter()
                .enumerate()
                .map(|(place, (key, value))| {
                    row(What::Entry(place), key.to_string(), short(value), Some(value.clone()), place == 0)
                })
                .collect(),
            Some(Node::List(_) | Node::Text(_)) => {
                vec![row(What::Foreign, whole, String::new(), node, true)]
            }
            _ => vec![row(What::NoEntry, String::new(), String::new(), None, true)],
        },
        Kept::Mapping(inner) => vec![row(What::Mapping(inner), whole, String::new(), node, true)],
        Kept::Plain(what) => {
            let what = match &node {
                Some(Node::List(_) | Node::Map(_)) if !matches!(what, What::Words) => What::Foreign,
                _ => what,
            };
            vec![row(what, whole, String::new(), node, true)]
        }
    }
}

/// What the words of a field name; of a list of mappings, what its items are called by.
fn refers_of(mapping: &Mapping, field: &Field) -> Refers {
    let inner = field.takes.forms().iter().find_map(|form| match form {
        Shape::Map(inner) | Shape::Access(inner) => Some(*inner),
        _ => None,
    });
    match (inner, items::naming_field(field.name)) {
        (Some(inner), Some(naming)) => refers(inner, naming),
        _ => refers(mapping, field.name),
    }
}

enum Kept {
    Plain(What),
    List(Option<&'static Mapping>),
    Entries,
    Mapping(&'static Mapping),
}

fn kept(field: &Field, refers: Refers) -> Kept {
    let inner = |forms: &'static [Shape]| {
        forms.iter().find_map(|form| match form {
            Shape::Map(mapping) | Shape::Access(mapping) => Some(*mapping),
            _ => None,
        })
    };
    match field.takes {
        Takes::List(forms) if forms.iter().any(|form| matches!(form, Shape::Levels)) => Kept::Entries,
        Takes::List(forms) => match inner(forms) {
            Some(mapping) => Kept::List(Some(mapping)),
            None if refers == Refers::Free => Kept::List(None),
            None => Kept::Plain(What::Words),
        },
        Takes::One(forms) if forms.iter().any(|form| matches!(form, Shape::Severities)) => Kept::Entries,
        Takes::One(forms) => inner(forms).map_or(Kept::Plain(What::Value), Kept::Mapping),
        Takes::WordsOr(mapping) => Kept::Mapping(mapping),
        Takes::Anything => Kept::Plain(What::Text),
        Takes::Text if matches!(field.name, "description" | "reason") => Kept::Plain(What::Text),
        Takes::Text
        | Takes::Name
        | Takes::Choice(_)
        | Takes::Whole
        | Takes::Share
        | Takes::Flag
        | Takes::Day
        | Takes::Length
        | Takes::SkillLevel => Kept::Plain(What::Value),
    }
}

/// The items of a list; a bare value is a list of one.
fn listed(node: &Node) -> Vec<&Node> {
    match node {
        Node::List(items) => items.iter().collect(),
        Node::Null => Vec::new(),
        bare => vec![bare],
    }
}

/// What an item says: its name, and the rest of it.
fn said(item: &Node, list: &str) -> (String, String) {
    let Some(name) = items::name_of(item, list) else { return (short(item), String::new()) };
    let Node::Map(entries) = item else { return (name.to_owned(), String::new()) };
    let naming = items::naming_field(list).unwrap_or("name");
    let named = item.get(naming).is_some();
    let mut rest: Vec<String> = Vec::new();
    for (key, value) in entries {
        match (named, value) {
            (true, _) if &**key == naming => {}
            (true, value) => rest.push(entry(key, value)),
            (false, Node::Map(inner)) => rest.extend(inner.iter().map(|(key, value)| entry(key, value))),
            (false, Node::Null) => {}
            (false, value) => rest.push(short(value)),
        }
    }
    (name.to_owned(), rest.join(", "))
}

fn entry(key: &str, value: &Node) -> String {
    match value {
        Node::List(items) if items.iter().any(|item| matches!(item, Node::Map(_))) => {
            format!("{} {key}", items.len())
        }
        value => format!("{key} {}", short(value)),
    }
}

/// A value on one line.
#[must_use]
pub fn short(node: &Node) -> String {
    match node {
        Node::Null => String::new(),
        Node::Bool(value) => value.to_string(),
        Node::Int(value) => value.to_string(),
        Node::Float(value) => value.to_string(),
        Node::Text(text) => text.trim_end().to_owned(),
        Node::List(items) => items.iter().map(short).collect::<Vec<_>>().join(", "),
        Node::Map(entries) => {
            entries.iter().map(|(key, value)| entry(key, value)).collect::<Vec<_>>().join(", ")
        }
    }
}

/// The value that a typed text means in a field; none where it is to go.
///
/// # Errors
/// What should be written instead, as a sentence.
pub fn parsed(field: &Field, text: &str) -> Result<Option<Node>, String> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return if field.required { Err(format!("A {} is needed.", field.name)) } else { Ok(None) };
    }
    let example = field.examples.first().copied().unwrap_or_default();
    let wrong = |what: &str| Err(format!("This should be {what}, such as {example}."));
    let word = || Node::Text(trimmed.into());
    Ok(Some(match field.takes {
        Takes::Choice(words) => match words.iter().find(|word| crate::card::words::fold(trimmed) == **word) {
            Some(word) => Node::Text((*word).into()),
            None => return Err(format!("This should be one of {}.", words.join(", "))),
        },
        Takes::Whole => match trimmed.parse::<i64>() {
            Ok(number) => Node::Int(number),
            Err(_) => return wrong("a whole number"),
        },
        Takes::Share => match trimmed.parse::<f64>() {
            Ok(number) if number > 0.0 && number.is_finite() => {
                trimmed.parse::<i64>().map_or(Node::Float(number), Node::Int)
            }
            _ => return wrong("a number above 0"),
        },
        Takes::Flag => match trimmed {
            "true" | "yes" => Node::Bool(true),
            "false" | "no" => Node::Bool(false),
            _ => return Err("This should be true or false.".to_owned()),
        },
        Takes::Day => match trimmed.parse::<jiff::civil::Date>() {
            Ok(_) if trimmed.len() == 10 => word(),
            _ => return wrong("a day"),
        },
        Takes::SkillLevel => trimmed.parse::<i64>().map_or_else(|_| word(), Node::Int),
        Takes::Anything
        | Takes::Text
        | Takes::Name
        | Takes::Length
        | Takes::One(_)
        | Takes::List(_)
        | Takes::WordsOr(_) => word(),
    }))
}

/// The changes that give a field of a page another value, or none.
#[must_use]
pub fn set(
    placement: &Placement,
    node: &Node,
    mapping: &Mapping,
    fields: &Fields,
    (field, value): (&str, Option<Node>),
    is_level: impl Fn(&str) -> bool,
) -> Vec<(Route, Change)> {
    let own = fields.get(mapping, field).map_or(field, |(name, _)| name).to_owned();
    if let Placement::Item(route, list) = placement {
        let naming = items::naming_field(list);
        if naming == Some(field) {
            return match value {
                Some(Node::Text(name)) => items::rename(node, list, route, &name).into_iter().collect(),
                _ => Vec::new(),
            };
        }
        if naming.is_some() {
            return items::set_field(node, list, route, &own, value, is_level);
        }
    }
    match (&fields.base, value) {
        (Some(base), Some(value)) => vec![(base.then(own.as_str()), Change::Set(value))],
        (Some(base), None) if fields.get(mapping, field).is_some() => {
            vec![(base.then(own.as_str()), Change::Remove)]
        }
        (None, Some(value)) => {
            let mut entries: Vec<(Box<str>, Node)> =
                fields.entries.iter().filter(|(key, _)| **key != *own).cloned().collect();
            entries.push((own.into(), value));
            vec![(placement.route(), Change::Set(Node::Map(entries)))]
        }
        _ => Vec::new(),
    }
}

/// The way to a field's value, where the page's form can hold one.
#[must_use]
pub fn route_of(mapping: &Mapping, fields: &Fields, field: &str) -> Option<Route> {
    let own = fields.get(mapping, field).map_or(field, |(name, _)| name);
    fields.base.as_ref().map(|base| base.then(own))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::fields::{GRANT, mapping_of};
    use crate::card::kinds::Kind;
    use crate::card::node::documents;

    fn node(text: &str) -> Node {
        documents(text).0.into_iter().next().expect("a document")
    }

    fn is_level(word: &str) -> bool {
        matches!(word, "read" | "write" | "admin")
    }

    #[test]
    fn a_grant_shows_the_same_fields_in_every_form() {
        let placement =
            Placement::Item(Route::default().then("component_access").then(0), "component_access");
        for (text, level) in [
            ("Azure Storage", None),
            ("Azure Storage: read", Some("read")),
            ("Azure Storage: {level: read, environments: dev}", Some("read")),
            ("{component: Azure Storage, level: read}", Some("read")),
        ] {
            let fields = Fields::of(&node(text), &placement, is_level);
            let said = |name: &str| fields.get(&GRANT, name).map(|(_, node)| short(node));
            assert_eq!(said("component").as_deref(), Some("Azure Storage"), "{text}");
            assert_eq!(said("level").as_deref(), level, "{text}");
        }
        let role = Fields::of(&node("Azure Storage: Blob Reader"), &placement, is_level);
        assert!(role.get(&GRANT, "role").is_some());
    }

    #[test]
    fn rows_follow_the_table_and_lists_show_their_items() {
        let card = node("kind: Persona\nname: Bot\nskills: [Python, {skill: RAG, level: 2}]\nteam: AI\n");
        let fields = Fields::of(&card, &Placement::Card, is_level);
        let rows = rows(mapping_of(Kind::Persona), &fields);
        let of = |name: &str| rows.iter().filter(|row| row.field.name == name).collect::<Vec<_>>();
        assert!(of("kind").is_empty());
        assert_eq!(of("team")[0].text, "AI");
        let skills = of("skills");
        assert_eq!(skills.len(), 2);
        assert_eq!((skills[1].text.as_str(), skills[1].detail.as_str()), ("RAG", "level 2"));
        assert!(matches!(of("component_access")[0].what, What::Empty));
        assert!(matches!(of("accountable")[0].what, What::Words));
    }

    #[test]
    fn what_is_typed_is_held_against_what_the_field_takes() {
        let field = |name| mapping_of(Kind::Person).field(name).expect("a field");
        assert_eq!(parsed(field("allocation"), "0.5"), Ok(Some(Node::Float(0.5))));
        assert!(parsed(field("allocation"), "0").is_err());
        assert_eq!(parsed(field("active"), "no"), Ok(Some(Node::Bool(false))));
        assert!(parsed(field("name"), "  ").is_err());
        let expires = GRANT.field("expires").expect("a field");
        assert!(parsed(expires, "2027-02-30").is_err());
        assert_eq!(parsed(expires, ""), Ok(None));
        assert!(parsed(GRANT.field("mode").expect("a field"), "sometimes").is_err());
    }

    #[test]
    fn a_short_grant_grows_only_as_far_as_it_must() {
        let route = Route::default().then("component_access").then(0);
        let placement = Placement::Item(route.clone(), "component_access");
        let change = |text: &str, field: &str, value: &str| {
            let item = node(text);
            let fields = Fields::of(&item, &placement, is_level);
            set(&placement, &item, &GRANT, &fields, (field, Some(Node::Text(value.into()))), is_level)
        };
        let changes = change("Azure Storage: read", "level", "write");
        assert_eq!(changes, [(route.then(0), Change::Set(Node::Text("write".into())))]);
        let changes = change("{component: Azure Storage}", "mode", "jit");
        assert_eq!(changes, [(route.then("mode"), Change::Set(Node::Text("jit".into())))]);
        let changes = change("Azure Storage", "component", "Key Vault");
        assert_eq!(changes, [(route, Change::Set(Node::Text("Key Vault".into())))]);
    }
}

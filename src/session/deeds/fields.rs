//! Fields set, added to and taken from, written as `team=AI Team`, `skills+=RAG`, `skills-=SQL`.

use crate::card::edit::{Change, Route, Step, items, value_at};
use crate::card::node::{Node, documents};
use crate::card::words::Name;
use crate::catalog::{CardEdit, Catalog, Entity};

use super::Deed;

/// What an assignment does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Gives a value; an empty one removes the field.
    Set,
    /// Adds an item to a list that has it not.
    Add,
    /// Takes an item from a list.
    Take,
}

/// A field, and what is done to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// The way to the field, as written: keys between dots, places or names of items in brackets.
    steps: Vec<Word>,
    /// What is done.
    pub sign: Sign,
    /// The value; none where the field goes.
    pub value: Option<Node>,
    /// As written.
    written: String,
}

#[derive(Clone, Debug, PartialEq)]
enum Word {
    Key(Box<str>),
    Place(usize),
    Item(String),
}

impl Assignment {
    /// Reads `team=AI Team`, `skills+=RAG`, `identity.id=x`, `component_access["Azure Storage"].level=read`.
    ///
    /// # Errors
    /// A sentence where it is none.
    pub fn read(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text} is no assignment; write field=value, field+=item or field-=item");
        let mut depth = 0usize;
        let equals = text.char_indices().find(|(_, letter)| {
            match letter {
                '[' => depth += 1,
                ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            *letter == '=' && depth == 0
        });
        let (at, _) = equals.ok_or_else(wrong)?;
        let (path, value) = (&text[..at], text[at + 1..].trim());
        let (path, sign) = match (path.strip_suffix('+'), path.strip_suffix('-')) {
            (Some(path), _) => (path, Sign::Add),
            (_, Some(path)) => (path, Sign::Take),
            _ => (path, Sign::Set),
        };
        let steps = words(path.trim()).filter(|steps| !steps.is_empty()).ok_or_else(wrong)?;
        let value = (!value.is_empty()).then(|| node(value));
        if value.is_none() && sign != Sign::Set {
            return Err(wrong());
        }
        Ok(Self { steps, sign, value, written: text.to_owned() })
    }

    /// The same, of a value that is known already, such as that of a form.
    #[must_use]
    pub fn of(field: &str, sign: Sign, value: Option<Node>) -> Self {
        Self { steps: vec![Word::Key(field.into())], sign, value, written: field.to_owned() }
    }
}

/// What an assignment does to the cards of some entities, as one deed.
///
/// # Errors
/// A sentence where one of them has no card, or an item is not in its list.
pub fn assign(catalog: &Catalog, entities: &[Entity], assignments: &[Assignment]) -> Result<Deed, String> {
    let mut edits = Vec::new();
    for entity in entities {
        for assignment in assignments {
            edits.extend(one(catalog, *entity, assignment)?);
        }
    }
    let what: Vec<&str> = assignments.iter().map(|assignment| assignment.written.as_str()).collect();
    let whom = match entities {
        [one] => catalog.id(*one).into_owned(),
        several => format!("{} cards", several.len()),
    };
    Ok(Deed::new(format!("set {} of {whom}", what.join(", ")), edits))
}

fn one(catalog: &Catalog, entity: Entity, assignment: &Assignment) -> Result<Vec<CardEdit>, String> {
    let label = catalog.label(entity);
    let place = catalog.place(entity).filter(|_| catalog.is_declared(entity));
    let place = place.ok_or_else(|| format!("{label} has no card; `persona new` makes one"))?;
    let file = catalog.file_of(place.card);
    let spot = catalog.spot_of(place.card);
    let mut route = Route::from(place.path);
    let mut list = String::new();
    for word in &assignment.steps {
        let step = match word {
            Word::Key(key) => {
                list = key.to_string();
                Step::Key(key.clone())
            }
            Word::Place(at) => Step::Index(*at),
            Word::Item(name) => {
                let items = match value_at(&file.text, spot, &route) {
                    Some(Node::List(items)) => items,
                    _ => return Err(format!("{label}: {route} is no list")),
                };
                let at = place_of(&items, &list, &Name::new(name));
                let at = at.ok_or_else(|| format!("{label}: there is no {name} in {route}"))?;
                route = route.then(at);
                // A grant in its short form holds its fields below its name.
                if let Some(Node::Map(entries)) = items.get(at)
                    && matches!(list.as_str(), "component_access" | "uses")
                    && let [(key, Node::Map(_))] = entries.as_slice()
                {
                    route = route.then(&**key);
                }
                continue;
            }
        };
        route = route.then(step);
    }
    let own = value_at(&file.text, spot, &route);
    let change = |change: Change| vec![CardEdit::Change { card: place.card, route: route.clone(), change }];
    Ok(match (assignment.sign, &assignment.value) {
        (Sign::Set, Some(value)) if own.as_ref() == Some(value) => Vec::new(),
        (Sign::Set, Some(value)) => {
            let there =
                |length: usize| value_at(&file.text, spot, &Route(route.0[..length].to_vec())).is_some();
            // What it stands in is made along with it.
            let top = Route::from(place.path).0.len() + 1;
            let length = (top..route.0.len()).find(|length| !there(*length)).unwrap_or(route.0.len());
            let value = route.0[length..].iter().rev().try_fold(value.clone(), |inner, step| match step {
                Step::Key(key) => Ok(Node::Map(vec![(key.clone(), inner)])),
                Step::Index(_) => Err(format!("{label}: there is no {route}")),
            })?;
            let route = Route(route.0[..length].to_vec());
            vec![CardEdit::Change { card: place.card, route, change: Change::Set(value) }]
        }
        (Sign::Set, None) if own.is_none() => Vec::new(),
        (_, None) => change(Change::Remove),
        (Sign::Add, Some(value)) => {
            let known = match &own {
                Some(Node::List(items)) => items.as_slice(),
                Some(bare) => std::slice::from_ref(bare),
                None => &[],
            };
            let is_there = match value {
                Node::Text(word) => place_of(known, &list, &Name::new(word)).is_some(),
                value => known.contains(value),
            };
            if is_there { Vec::new() } else { change(Change::Insert(usize::MAX, value.clone())) }
        }
        (Sign::Take, Some(value)) => {
            let gone = || format!("{label}: {} is not in {route}", shown(value));
            let found = |items: &[Node]| match value {
                Node::Text(word) => place_of(items, &list, &Name::new(word)),
                value => items.iter().position(|item| item == value),
            };
            match &own {
                Some(Node::List(items)) => {
                    let at = found(items).ok_or_else(gone)?;
                    let route = if items.len() == 1 { route } else { route.then(at) };
                    vec![CardEdit::Change { card: place.card, route, change: Change::Remove }]
                }
                Some(bare) => {
                    found(std::slice::from_ref(bare)).ok_or_else(gone)?;
                    change(Change::Remove)
                }
                None => return Err(gone()),
            }
        }
    })
}

/// The place of an item in a list, by the name that it states in whatever form.
fn place_of(items: &[Node], list: &str, name: &Name) -> Option<usize> {
    items.iter().position(|item| match items::name_of(item, list) {
        Some(own) => Name::new(own) == *name,
        None => matches!(item, Node::Text(word) if Name::new(word) == *name),
    })
}

/// A value as YAML, or the words as they are where they are none.
fn node(text: &str) -> Node {
    match documents(text) {
        (mut nodes, None) if nodes.len() == 1 && !matches!(nodes[0], Node::Null) => nodes.remove(0),
        _ => Node::Text(text.into()),
    }
}

fn shown(node: &Node) -> String {
    match node {
        Node::Text(text) => text.to_string(),
        other => format!("{other:?}"),
    }
}

fn words(path: &str) -> Option<Vec<Word>> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let (item, after) = inner.split_once(']')?;
            let item = item.trim().trim_matches(['"', '\'']);
            steps.push(match item.parse() {
                Ok(place) => Word::Place(place),
                Err(_) if item.is_empty() => return None,
                Err(_) => Word::Item(item.to_owned()),
            });
            rest = after.strip_prefix('.').unwrap_or(after);
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (key, after) = rest.split_at(end);
            if key.trim().is_empty() {
                return None;
            }
            steps.push(Word::Key(key.trim().into()));
            rest = after.strip_prefix('.').unwrap_or(after);
        }
    }
    Some(steps)
}

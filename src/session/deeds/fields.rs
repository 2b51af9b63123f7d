//! Fields set, added to and taken from, written as `team=AI Team`, `skills+=RAG`, `skills-=SQL`.

use crate::card::Spot;
use crate::card::edit::{Change, Route, Step, items, value_at};
use crate::card::node::{Node, documents};
use crate::card::words::Name;
use crate::catalog::{CardEdit, Catalog, Entity, Place};

use super::Deed;
use super::access::is_level;

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
    /// The way to the field, as written: keys between dots, places or names of items in brackets,
    /// `*` for all of them.
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
    Every,
    Place(usize),
    Item(String),
}

impl Assignment {
    /// Reads `team=AI Team`, `skills+=RAG`, `identity.id=x`, `component_access["Azure Storage"].level=read`,
    /// `component_access[*].mode=jit`.
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
    let mut cards = Vec::new();
    for entity in entities {
        let label = catalog.label(*entity);
        let place = catalog.place(*entity).filter(|_| catalog.is_declared(*entity));
        cards.push((place.ok_or_else(|| format!("{label} has no card; `persona new` makes one"))?, label));
    }
    // Each assignment sees what those before it did: the first may give an item another form.
    let mut after: Option<Catalog> = None;
    let mut edits = Vec::new();
    for assignment in assignments {
        let now = match (&mut after, edits.is_empty()) {
            (None, true) => catalog,
            (done, _) => {
                let before = done.as_ref().unwrap_or(catalog);
                let next = before.after(&edits).map_err(|refusal| refusal.to_string())?;
                done.insert(next)
            }
        };
        edits.clear();
        for (place, label) in &cards {
            edits.extend(one(now, *place, label, assignment)?);
        }
    }
    if let Some(before) = &after {
        let last = before.after(&edits).map_err(|refusal| refusal.to_string())?;
        edits = catalog.rewritten(&last);
    }
    let what: Vec<&str> = assignments.iter().map(|assignment| assignment.written.as_str()).collect();
    let whom = match entities {
        [one] => catalog.id(*one).into_owned(),
        several => format!("{} cards", several.len()),
    };
    Ok(Deed::new(format!("set {} of {whom}", what.join(", ")), edits))
}

/// Where an assignment has come to on its way.
struct At {
    route: Route,
    /// The list that it is in, or is.
    list: Box<str>,
    is_item: bool,
}

/// The edits of one card.
fn one(
    catalog: &Catalog,
    place: Place,
    label: &str,
    assignment: &Assignment,
) -> Result<Vec<CardEdit>, String> {
    let text = &catalog.file_of(place.card).text;
    let spot = catalog.spot_of(place.card);
    let mut edits = Vec::new();
    let mut at = vec![At { route: Route::from(place.path), list: "".into(), is_item: false }];
    for (number, word) in assignment.steps.iter().enumerate() {
        let is_last = number + 1 == assignment.steps.len();
        let mut next = Vec::new();
        for At { route, list, is_item } in at {
            let own = value_at(text, spot, &route);
            let item = |place: usize| {
                // One bare value is a list of one.
                let is_list = matches!(own, Some(Node::List(_)));
                let route = if is_list { route.then(place) } else { route.clone() };
                At { route, list: list.clone(), is_item: true }
            };
            let items = match &own {
                Some(Node::List(items)) => items.as_slice(),
                Some(bare) => std::slice::from_ref(bare),
                None => &[],
            };
            match word {
                Word::Key(key) => {
                    let item = own.as_ref().filter(|_| is_item && items::naming_field(&list).is_some());
                    let changes = item.filter(|_| is_last).and_then(|item| {
                        let is_level = |word: &str| is_level(catalog, word);
                        let value = of_item(item, key, assignment, is_level)?;
                        Some(items::set_field(item, &list, &route, key, value, is_level))
                    });
                    match changes {
                        Some(changes) => {
                            edits.extend(changes.into_iter().map(|(route, change)| CardEdit::Change {
                                card: place.card,
                                route,
                                change,
                            }))
                        }
                        None if is_item && own.is_none() => {
                            return Err(format!("{label}: there is no {route}"));
                        }
                        None => {
                            let inside = item.and_then(|item| below(item, &list));
                            let route = inside.map_or(route.clone(), |place| route.then(place));
                            let fields = value_at(text, spot, &route).unwrap_or(Node::Null);
                            let route = route.then(if is_item { items::spelling(&fields, key) } else { key });
                            next.push(At { route, list: key.clone(), is_item: false });
                        }
                    }
                }
                Word::Place(place) if *place < items.len() => next.push(item(*place)),
                Word::Place(place) => {
                    return Err(format!("{label}: there is no {}", route.then(*place)));
                }
                Word::Every => next.extend((0..items.len()).map(item)),
                Word::Item(name) if own.is_some() => {
                    let found = place_of(items, &list, &Name::new(name));
                    let found = found.ok_or_else(|| format!("{label}: there is no {name} in {route}"))?;
                    next.push(item(found));
                }
                Word::Item(_) => return Err(format!("{label}: {route} is no list")),
            }
        }
        at = next;
    }
    for At { route, list, .. } in at {
        edits.extend(there(text, spot, place, label, &route, &list, assignment)?);
    }
    Ok(edits)
}

/// The value that a field of an item in a list gets, where it is given as a whole: always where it is set,
/// else where the item has a short form, which has no place for it. The inner value is none where it goes.
fn of_item(
    item: &Node,
    field: &str,
    assignment: &Assignment,
    is_level: impl Fn(&str) -> bool,
) -> Option<Option<Node>> {
    let value = assignment.value.clone();
    let words = match (assignment.sign, item) {
        (Sign::Set, _) => return Some(value),
        (_, Node::Text(_)) => &Node::Null,
        (_, Node::Map(entries)) => match entries.as_slice() {
            [(_, words @ (Node::Text(_) | Node::List(_) | Node::Null))] => words,
            _ => return None,
        },
        _ => return None,
    };
    let own = items::word_fields(words, is_level).into_iter().find(|(key, _)| &**key == field);
    let mut listed = match own {
        Some((_, Node::List(items))) => items,
        Some((_, bare)) => vec![bare],
        None => Vec::new(),
    };
    let value = value?;
    let known = listed.iter().position(|own| alike(own, &value));
    match (assignment.sign, known) {
        (Sign::Add, None) => listed.push(value),
        (Sign::Take, Some(place)) => drop(listed.remove(place)),
        // It is there already; or is not, which is said where it is looked for.
        (Sign::Take, None) => return None,
        _ => {}
    }
    Some((!listed.is_empty()).then_some(Node::List(listed)))
}

/// Where in a short form its fields stand, if it has any.
fn below(item: &Node, list: &str) -> Option<usize> {
    let Node::Map(entries) = item else { return None };
    let is_short = matches!(list, "component_access" | "uses") && item.get("component").is_none();
    entries.iter().position(|(_, value)| is_short && matches!(value, Node::Map(_)))
}

fn alike(left: &Node, right: &Node) -> bool {
    match (left, right) {
        (Node::Text(left), Node::Text(right)) => Name::new(left) == Name::new(right),
        _ => left == right,
    }
}

/// The edits at the end of the way.
fn there(
    text: &str,
    spot: Spot,
    place: Place,
    label: &str,
    route: &Route,
    list: &str,
    assignment: &Assignment,
) -> Result<Vec<CardEdit>, String> {
    let route = route.clone();
    let own = value_at(text, spot, &route);
    let change = |change: Change| vec![CardEdit::Change { card: place.card, route: route.clone(), change }];
    Ok(match (assignment.sign, &assignment.value) {
        (Sign::Set, Some(value)) if own.as_ref() == Some(value) => Vec::new(),
        (Sign::Set, Some(value)) => {
            let there = |length: usize| value_at(text, spot, &Route(route.0[..length].to_vec())).is_some();
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
                Node::Text(word) => place_of(known, list, &Name::new(word)).is_some(),
                value => known.contains(value),
            };
            if is_there { Vec::new() } else { change(Change::Insert(usize::MAX, value.clone())) }
        }
        (Sign::Take, Some(value)) => {
            let gone = || format!("{label}: {} is not in {route}", shown(value));
            let found = |items: &[Node]| match value {
                Node::Text(word) => place_of(items, list, &Name::new(word)),
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
                Err(_) if item == "*" => Word::Every,
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

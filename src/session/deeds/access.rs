//! Access given and taken: whole grants of one persona, and one environment of them.

use crate::analysis::whatif::{component, persona, unknown};
use crate::card::edit::{Change, Route, items};
use crate::card::fields::is_free;
use crate::card::node::Node;
use crate::card::path::FieldPath;
use crate::card::words::{Name, fold};
use crate::catalog::{CardEdit, Catalog, ComponentId, EnvironmentSet, Grant, Level, PersonaId};

use super::Deed;

/// What a grant is to say, in the words of a card; what is empty is left as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GrantWords {
    /// The level.
    pub level: Option<String>,
    /// Where.
    pub environments: Vec<String>,
    /// Other fields, such as `mode` or `expires`, with their words; several words are a list.
    pub fields: Vec<(&'static str, Vec<String>)>,
}

/// Gives a persona access, or gives other words to the grant that is there for the same environments.
///
/// # Errors
/// A sentence where a word is unknown.
pub fn grant(catalog: &Catalog, who: &str, what: &str, words: &GrantWords) -> Result<Deed, String> {
    let id = persona(catalog, who)?;
    let known = catalog.find_component(&Name::new(what));
    let name = known.map_or_else(|| what.to_owned(), |id| catalog.id(id.into()).into_owned());
    let mut fields: Vec<(&'static str, Node)> = Vec::new();
    if let Some(word) = &words.level {
        fields.push(("level", one_of(&catalog.settings.access_levels, "access level", word)?));
    }
    let mut environments = EnvironmentSet::NONE;
    let mut list = Vec::new();
    for word in &words.environments {
        list.push(one_of(&catalog.settings.environments, "environment", word)?);
        let place = catalog.settings.environments.iter().position(|own| own.is(&fold(word)));
        environments = environments.union(place.map_or(EnvironmentSet::NONE, EnvironmentSet::one));
    }
    if !list.is_empty() {
        fields.push(("environments", Node::List(list)));
    }
    for (field, words) in &words.fields {
        let value = match words.as_slice() {
            [] => continue,
            [one] if !matches!(*field, "tools" | "phases") => text(one),
            several => Node::List(several.iter().map(|word| text(word)).collect()),
        };
        fields.push((field, value));
    }
    let own = &catalog.personas[id.index()];
    let grants: Vec<&Grant> = own.grants.iter().filter(|grant| Some(grant.component) == known).collect();
    let same = match (environments.is_empty(), grants.as_slice()) {
        (true, [one]) => Some(*one),
        (true, _) => None,
        (false, grants) => grants.iter().copied().find(|grant| grant.environments == environments),
    };
    let edits = match same {
        Some(grant) => with_fields(catalog, grant, fields),
        None => vec![add_grant(catalog, id, &name, fields)],
    };
    let roles = words.fields.iter().find(|(field, _)| *field == "role").map(|(_, roles)| roles.as_slice());
    let high: Vec<&str> = words.level.iter().chain(roles.unwrap_or_default()).map(String::as_str).collect();
    let mut given = String::new();
    if !high.is_empty() {
        given.push_str(&format!(" at {}", high.join(" and ")));
    }
    if !words.environments.is_empty() {
        given.push_str(&format!(" in {}", words.environments.join(", ")));
    }
    Ok(Deed::new(format!("grant {} {name}{given}", own.id), edits))
}

/// Takes a persona's access to a component: all of it, or in one environment.
///
/// # Errors
/// A sentence where there is none, or a word is unknown.
pub fn revoke(catalog: &Catalog, who: &str, what: &str, environment: Option<&str>) -> Result<Deed, String> {
    let (id, component) = (persona(catalog, who)?, component(catalog, what)?);
    let own = &catalog.personas[id.index()];
    let name = catalog.id(component.into());
    let none = |place: &str| format!("{} is not granted {name}{place}", catalog.label(id.into()));
    let grants: Vec<&Grant> = own.grants.iter().filter(|grant| grant.component == component).collect();
    if grants.is_empty() {
        return Err(none(""));
    }
    let Some(word) = environment else {
        let edits = grants.iter().map(|grant| CardEdit::at(grant.place, Change::Remove)).collect();
        return Ok(Deed::new(format!("revoke {}'s access to {name}", own.id), edits));
    };
    let place = catalog.settings.environments.iter().position(|known| known.is(&fold(word)));
    let known = catalog.settings.environments.iter().map(Name::written);
    let place = place.ok_or_else(|| unknown("environment", word, known))?;
    let edits = without(catalog, &grants, place);
    if edits.is_empty() {
        return Err(none(&format!(" in {word}")));
    }
    Ok(Deed::new(format!("revoke {}'s access to {name} in {word}", own.id), edits))
}

/// Gives a persona this level of a component in one environment, and there only; none takes it.
#[must_use]
pub fn set_access(
    catalog: &Catalog,
    id: PersonaId,
    component: ComponentId,
    environment: usize,
    level: Option<Level>,
) -> Deed {
    let own = &catalog.personas[id.index()];
    let name = catalog.id(component.into());
    let place = catalog.settings.environment(environment);
    let grants: Vec<&Grant> = own.grants.iter().filter(|grant| grant.component == component).collect();
    let only = EnvironmentSet::one(environment);
    let Some(level) = level else {
        let edits = without(catalog, &grants, environment);
        return Deed::new(format!("take {}'s access to {name} in {place}", own.id), edits);
    };
    let word = catalog.settings.level(level);
    let deed = |edits| Deed::new(format!("give {} {word} on {name} in {place}", own.id), edits);
    if let Some(alone) = grants.iter().find(|grant| grant.environments == only) {
        let others: Vec<&Grant> = grants.iter().copied().filter(|grant| grant.place != alone.place).collect();
        let mut edits = without(catalog, &others, environment);
        edits.extend(with_fields(catalog, alone, vec![("level", text(word))]));
        return deed(edits);
    }
    let mut edits = without(catalog, &grants, environment);
    let like = grants.iter().find(|grant| {
        grant.level == Some(level) && grant.roles.is_empty() && !grant.environments.contains(environment)
    });
    match like.filter(|grant| !grant.environments.is_empty()) {
        Some(like) => {
            let places = like.environments.union(only);
            edits.extend(with_fields(catalog, like, vec![("environments", places_of(catalog, places))]));
        }
        None => edits.push(add_grant(
            catalog,
            id,
            &name,
            vec![("level", text(word)), ("environments", places_of(catalog, only))],
        )),
    }
    deed(edits)
}

/// The edits after which some grants do not hold in an environment.
fn without(catalog: &Catalog, grants: &[&Grant], environment: usize) -> Vec<CardEdit> {
    let all: EnvironmentSet = (0..catalog.settings.environments.len()).collect();
    let mut edits = Vec::new();
    for grant in grants {
        let stated = if grant.environments.is_empty() { all } else { grant.environments };
        if !stated.contains(environment) {
            continue;
        }
        let rest: EnvironmentSet = stated.iter().filter(|place| *place != environment).collect();
        if rest.is_empty() {
            edits.push(CardEdit::at(grant.place, Change::Remove));
        } else {
            edits.extend(with_fields(catalog, grant, vec![("environments", places_of(catalog, rest))]));
        }
    }
    edits
}

/// Gives a grant other fields, whatever its form. A level takes the place of its roles, and roles of its
/// level, unless both are given.
pub(super) fn with_fields(
    catalog: &Catalog,
    grant: &Grant,
    fields: Vec<(&'static str, Node)>,
) -> Vec<CardEdit> {
    let place = grant.place;
    let Some(item) = catalog.value_at(place) else { return Vec::new() };
    let given = |field: &str| fields.iter().any(|(known, _)| *known == field);
    let dropped: &[&str] = match (given("level"), given("role")) {
        (true, false) if !grant.roles.is_empty() => &["role", "roles"],
        (false, true) if grant.level.is_some() => &["level"],
        _ => &[],
    };
    let is_level = |word: &str| is_level(catalog, word);
    let set = |field: &str, value: Option<Node>| {
        items::set_field(&item, "component_access", &place.path.into(), field, value, is_level)
            .into_iter()
            .map(|(route, change)| CardEdit::Change { card: place.card, route, change })
            .collect::<Vec<_>>()
    };
    if is_long(&item) {
        let mut edits: Vec<CardEdit> =
            fields.into_iter().flat_map(|(field, value)| set(field, Some(value))).collect();
        if let Some(field) = dropped.first() {
            edits.extend(set(field, None));
        }
        return edits;
    }
    if let (Node::Text(_), [("level", level)]) = (&item, fields.as_slice()) {
        return set("level", Some(level.clone()));
    }
    if let Node::Map(entries) = &item
        && let [("level", level)] = fields.as_slice()
        && let Some(at) = entries.iter().position(|(key, _)| !is_free(key))
    {
        let route = Route::from(place.path).then(at);
        return vec![CardEdit::Change { card: place.card, route, change: Change::Set(level.clone()) }];
    }
    // A short form is written out, since one edit of it would move the place of the next.
    let mut own = written_out(catalog, grant);
    own.retain(|(key, _)| !given(key) && !dropped.contains(&&**key));
    own.extend(fields.into_iter().map(|(field, value)| (Box::from(field), value)));
    items::arrange(&mut own);
    vec![CardEdit::at(place, Change::Set(Node::Map(own)))]
}

/// The fields that the card states of a grant, whatever its form; the component first.
pub(super) fn written_out(catalog: &Catalog, grant: &Grant) -> Vec<(Box<str>, Node)> {
    let Some(item) = catalog.value_at(grant.place) else { return Vec::new() };
    let Node::Map(entries) = &item else {
        let name = items::name_of(&item, "component_access").unwrap_or_default();
        return vec![("component".into(), text(name))];
    };
    if item.get("component").is_some() {
        return entries.clone();
    }
    let mut own: Vec<(Box<str>, Node)> = Vec::new();
    for (key, value) in entries {
        if is_free(key) {
            own.push((key.clone(), value.clone()));
            continue;
        }
        own.insert(0, ("component".into(), text(key)));
        match value {
            Node::Map(fields) => own.extend(fields.iter().cloned()),
            words => own.extend(items::word_fields(words, |word| is_level(catalog, word))),
        }
    }
    own
}

/// Whether a grant's fields stand in a mapping, each with its key.
pub(super) fn is_long(item: &Node) -> bool {
    match item {
        Node::Map(entries) => {
            item.get("component").is_some() || entries.iter().any(|(_, value)| matches!(value, Node::Map(_)))
        }
        _ => false,
    }
}

/// Whether a word is one of the catalog's levels, however it is spelt.
pub(super) fn is_level(catalog: &Catalog, word: &str) -> bool {
    let word = fold(word);
    catalog.settings.access_levels.iter().any(|level| level.is(&word))
}

pub(super) fn add_grant(
    catalog: &Catalog,
    id: PersonaId,
    name: &str,
    fields: Vec<(&'static str, Node)>,
) -> CardEdit {
    let mut entries: Vec<(Box<str>, Node)> = vec![("component".into(), text(name))];
    entries.extend(fields.into_iter().map(|(field, value)| (Box::from(field), value)));
    items::arrange(&mut entries);
    let place = catalog.personas[id.index()].place.with(FieldPath::CARD.key("component_access"));
    CardEdit::at(place, Change::Insert(usize::MAX, Node::Map(entries)))
}

pub(super) fn places_of(catalog: &Catalog, set: EnvironmentSet) -> Node {
    Node::List(set.iter().map(|place| text(catalog.settings.environment(place))).collect())
}

pub(super) fn one_of(known: &[Name], kind: &str, word: &str) -> Result<Node, String> {
    let own = known.iter().find(|own| own.is(&fold(word)));
    own.map(|own| text(own.written())).ok_or_else(|| unknown(kind, word, known.iter().map(Name::written)))
}

pub(super) fn text(word: &str) -> Node {
    Node::Text(word.into())
}

//! Many grants at once: those on a component narrowed, and a field given to all of them.
//!
//! Narrowing never widens: where a role means less in one environment than the bound allows, it stays
//! there as it is.

use std::collections::BTreeMap;

use crate::analysis::whatif::{component, unknown};
use crate::card::edit::{Change, items};
use crate::card::node::Node;
use crate::card::words::{Name, fold};
use crate::catalog::{CardEdit, Catalog, ComponentId, EnvironmentSet, Grant, Level, PersonaId};

use super::Deed;
use super::access::{is_level, one_of, places_of, text, with_fields, written_out};

/// How far access may reach; what is not given is no bound.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// The highest level.
    pub level: Option<String>,
    /// The only environments.
    pub environments: Vec<String>,
}

/// Narrows what personas are granted on a component. A grant that would hold nowhere goes.
///
/// # Errors
/// A sentence where a word is unknown, nothing bounds, or none of them is granted the component.
pub fn narrow(
    catalog: &Catalog,
    personas: &[PersonaId],
    what: &str,
    bounds: &Bounds,
) -> Result<Deed, String> {
    let component = component(catalog, what)?;
    let name = catalog.id(component.into());
    let most = bounds.level.as_deref().map(|word| level(catalog, word)).transpose()?;
    let within = environments(catalog, &bounds.environments)?;
    if most.is_none() && within.is_empty() {
        return Err("say to which level, or to which environments".to_owned());
    }
    let mut edits = Vec::new();
    let mut holders = Vec::new();
    for id in personas {
        let grants = &catalog.personas[id.index()].grants;
        for grant in grants.iter().filter(|grant| grant.component == component) {
            edits.extend(narrowed(catalog, *id, grant, most, within));
            if !holders.contains(id) {
                holders.push(*id);
            }
        }
    }
    let whom = match holders.as_slice() {
        [] => return Err(format!("nobody here is granted {name}")),
        [one] => catalog.id((*one).into()).into_owned(),
        several => format!("{} personas", several.len()),
    };
    let mut to = String::new();
    if let Some(most) = most {
        to.push_str(&format!(" to {}", catalog.settings.level(most)));
    }
    if !within.is_empty() {
        let known = &catalog.settings;
        let places: Vec<&str> = within.iter().map(|place| known.environment(place)).collect();
        to.push_str(&format!("{} in {}", if to.is_empty() { " to what is" } else { "" }, places.join(", ")));
    }
    if !edits.is_empty() {
        let after = catalog.after(&edits).map_err(|refusal| refusal.to_string())?;
        if let Some(id) = holders.iter().find(|id| !holds(&after, **id, component, most, within)) {
            return Err(format!(
                "{} would keep more: what its grant_defaults state holds for {name} too; change these first",
                catalog.label((*id).into())
            ));
        }
    }
    Ok(Deed::new(format!("narrow {name} of {whom}{to}"), edits))
}

/// Gives a field to all grants of personas, or to those on a component; without a value takes it.
///
/// # Errors
/// A sentence where the component is unknown, or there is no such grant.
pub fn set_on_grants(
    catalog: &Catalog,
    personas: &[PersonaId],
    what: Option<&str>,
    field: &str,
    value: Option<&Node>,
) -> Result<Deed, String> {
    let only = what.map(|what| component(catalog, what)).transpose()?;
    let grants: Vec<&Grant> = personas
        .iter()
        .flat_map(|id| &catalog.personas[id.index()].grants)
        .filter(|grant| only.is_none_or(|only| grant.component == only))
        .collect();
    let on = only.map_or(String::new(), |only| format!(" on {}", catalog.id(only.into())));
    if grants.is_empty() {
        return Err(format!("there is no grant{on} to change"));
    }
    let edits = grants.iter().flat_map(|grant| {
        let Some(item) = catalog.value_at(grant.place) else { return Vec::new() };
        let route = grant.place.path.into();
        let level = |word: &str| is_level(catalog, word);
        let changes = items::set_field(&item, "component_access", &route, field, value.cloned(), level);
        let card = grant.place.card;
        changes.into_iter().map(|(route, change)| CardEdit::Change { card, route, change }).collect()
    });
    let sets = if value.is_some() { "set" } else { "remove" };
    Ok(Deed::new(format!("{sets} {field} of {} grants{on}", grants.len()), edits.collect()))
}

/// The edits after which a grant holds within the bounds only.
fn narrowed(
    catalog: &Catalog,
    id: PersonaId,
    grant: &Grant,
    most: Option<Level>,
    within: EnvironmentSet,
) -> Vec<CardEdit> {
    let all: EnvironmentSet = (0..catalog.settings.environments.len()).collect();
    let is_anywhere = grant.environments.is_empty();
    let kept: EnvironmentSet = match (is_anywhere, within.is_empty()) {
        (true, _) => within,
        (false, true) => grant.environments,
        (false, false) => grant.environments.iter().filter(|place| within.contains(*place)).collect(),
    };
    if !is_anywhere && kept.is_empty() {
        return vec![CardEdit::at(grant.place, Change::Remove)];
    }
    let mut fields = Vec::new();
    if kept != grant.environments {
        fields.push(("environments", places_of(catalog, kept)));
    }
    let Some(most) = most else { return with_fields(catalog, grant, fields) };
    if grant.level.is_none() && grant.roles.is_empty() && grant.highest_level().is_none() {
        fields.push(("level", text(catalog.settings.level(most))));
        return with_fields(catalog, grant, fields);
    }
    // What it comes to in each environment where it holds.
    let own = |place: usize| match is_anywhere {
        true => level_there(catalog, grant, place),
        false => grant.level_in(place),
    };
    let places = if kept.is_empty() { all } else { kept };
    let mut levels: BTreeMap<Option<Level>, EnvironmentSet> = BTreeMap::new();
    let mut is_higher = false;
    for place in places.iter() {
        is_higher |= own(place).is_some_and(|level| level > most);
        let here = levels.entry(own(place).map(|level| level.min(most))).or_insert(EnvironmentSet::NONE);
        *here = here.union(EnvironmentSet::one(place));
    }
    if !is_higher && grant.highest_level().is_none_or(|level| level <= most) {
        return with_fields(catalog, grant, fields);
    }
    if let [(Some(level), _)] = levels.iter().collect::<Vec<_>>().as_slice() {
        fields.push(("level", text(catalog.settings.level(*level))));
        return with_fields(catalog, grant, fields);
    }
    // It comes to several levels: each becomes a grant of its own, the first one in its place.
    let mut edits = Vec::new();
    for (level, places) in levels {
        let Some(level) = level else { continue };
        let word = text(catalog.settings.level(level));
        let fields = vec![("level", word), ("environments", places_of(catalog, places))];
        if edits.is_empty() {
            edits = with_fields(catalog, grant, fields);
            continue;
        }
        let mut copy = written_out(catalog, grant);
        let replaced = ["level", "role", "roles", "environment", "environments"];
        copy.retain(|(key, _)| !replaced.contains(&&**key));
        copy.extend(fields.into_iter().map(|(field, value)| (Box::from(field), value)));
        items::arrange(&mut copy);
        let card = catalog.personas[id.index()].place;
        let list = card.with(crate::card::path::FieldPath::CARD.key("component_access"));
        edits.push(CardEdit::at(list, Change::Insert(usize::MAX, Node::Map(copy))));
    }
    edits
}

/// What a grant that states no environment comes to in one.
fn level_there(catalog: &Catalog, grant: &Grant, place: usize) -> Option<Level> {
    if grant.level.is_none() && grant.roles.is_empty() {
        return grant.level_without_environment();
    }
    let component = &catalog.components[grant.component.index()];
    let of_role = |role: &Name| {
        if !component.roles.iter().any(|own| own.name == *role) {
            let known = catalog.settings.roles.iter().find(|(name, _)| name == role);
            return known.and_then(|(_, level)| *level);
        }
        let own = component.roles.iter().filter(|own| own.name == *role);
        let here = own.filter(|own| own.environments.is_empty() || own.environments.contains(place));
        here.filter_map(|own| own.level).max()
    };
    grant.level.max(grant.roles.iter().filter_map(of_role).max())
}

/// Whether all grants of a persona on a component hold within the bounds.
fn holds(
    catalog: &Catalog,
    id: PersonaId,
    component: ComponentId,
    most: Option<Level>,
    within: EnvironmentSet,
) -> bool {
    let grants = catalog.personas[id.index()].grants.iter();
    grants.filter(|grant| grant.component == component).all(|grant| {
        let low = most.is_none_or(|most| grant.highest_level().is_none_or(|level| level <= most));
        let inside = within.is_empty()
            || (!grant.environments.is_empty()
                && grant.environments.iter().all(|place| within.contains(place)));
        low && inside
    })
}

fn level(catalog: &Catalog, word: &str) -> Result<Level, String> {
    let known = &catalog.settings.access_levels;
    one_of(known, "access level", word)?;
    let place = known.iter().position(|own| own.is(&fold(word))).unwrap_or(0);
    Ok(Level(u8::try_from(place).unwrap_or(u8::MAX)))
}

fn environments(catalog: &Catalog, words: &[String]) -> Result<EnvironmentSet, String> {
    let known = &catalog.settings.environments;
    let place = |word: &String| {
        let place = known.iter().position(|own| own.is(&fold(word)));
        place.ok_or_else(|| unknown("environment", word, known.iter().map(Name::written)))
    };
    words.iter().map(place).collect()
}

//! Personas merged, removed and taken apart, as edits of cards: all that names them follows.
//!
//! What that means for findings and score is for whoever applies the edits to compute.

use crate::card::edit::{Change, items};
use crate::card::kinds::Kind;
use crate::card::node::Node;
use crate::card::path::FieldPath;
use crate::catalog::{CardEdit, Catalog, Entity, Mention, PersonaId, Place, ProcessId};

use super::facts::{Facts, NeedSource, RequirementSource};

/// The fields of a persona that are lists, in the order of its card.
const LISTS: [&str; 9] = [
    "primary_interaction",
    "component_access",
    "processes",
    "skills",
    "work_items",
    "accountable",
    "escalates_to",
    "invokes",
    "monitored_by",
];

/// The edits that make one persona of two: `into` takes all that `from` has, `from` goes, and what
/// named it names `into`.
#[must_use]
pub fn merge(catalog: &Catalog, into: PersonaId, from: PersonaId) -> Vec<CardEdit> {
    let (own, other) = (&catalog.personas[into.index()], &catalog.personas[from.index()]);
    let mut edits = Vec::new();
    let card =
        |place: crate::catalog::Place, field: &str| catalog.value_at(place.with(FieldPath::CARD.key(field)));
    let defaults = match card(other.place, "grant_defaults") {
        Some(Node::Map(entries)) => entries,
        _ => Vec::new(),
    };
    let same_defaults = card(own.place, "grant_defaults") == card(other.place, "grant_defaults");
    for field in LISTS {
        let theirs = list(card(other.place, field));
        let mut mine = list(card(own.place, field));
        for item in theirs {
            let item =
                if field == "component_access" && !same_defaults { stated(item, &defaults) } else { item };
            if names(catalog, field, &item, into) || names(catalog, field, &item, from) {
                continue;
            }
            let known = mine.iter().any(|known| match field {
                "component_access" => *known == item,
                _ => {
                    *known == item
                        || (word(known, field).is_some() && word(known, field) == word(&item, field))
                }
            });
            if known {
                continue;
            }
            mine.push(item.clone());
            let place = own.place.with(FieldPath::CARD.key(field));
            edits.push(CardEdit::at(place, Change::Insert(usize::MAX, item)));
        }
    }
    let alias = Node::Text(other.name.written().into());
    let place = own.place.with(FieldPath::CARD.key("aliases"));
    edits.push(CardEdit::at(place, Change::Insert(usize::MAX, alias)));
    // Where a list would name it twice, the second mention goes.
    let mentions = catalog.mentions(into.into());
    let beside = |mention: &Mention| {
        mentions.iter().any(|own| {
            own.card == mention.card
                && own.item != mention.item
                && own.field == mention.field
                && parent(own) == parent(mention)
        })
    };
    let id = own.id.written();
    let mut seen: Vec<(crate::catalog::CardId, Vec<crate::card::edit::Step>)> = Vec::new();
    for mention in catalog.mentions(from.into()) {
        let of_itself = mention.card == own.place.card && mention.field.as_ref() != "approval";
        let twice = seen.contains(&(mention.card, parent(&mention)));
        seen.push((mention.card, parent(&mention)));
        edits.push(if of_itself || beside(&mention) || twice {
            mention.removed()
        } else {
            mention.renamed(id)
        });
    }
    edits.retain(|edit| !matches!(edit, CardEdit::Change { card, .. } if *card == other.place.card));
    edits.push(CardEdit::Remove(other.place.card));
    edits
}

/// The edits that give processes of a persona to a new one: with the steps in them that name the
/// persona, the grants that their work needs, and the skills that they require. What the rest of
/// the work needs too, both have.
///
/// # Errors
/// A sentence where the persona does not list one of the processes, or would keep none.
pub fn split(
    catalog: &Catalog,
    facts: &Facts,
    persona: PersonaId,
    processes: &[ProcessId],
) -> Result<Vec<CardEdit>, String> {
    let own = &catalog.personas[persona.index()];
    let label = catalog.label(persona.into());
    for process in processes {
        if !own.processes.iter().any(|part| part.process == *process) {
            return Err(format!("{label} does not list the process {}", catalog.label((*process).into())));
        }
    }
    if own.processes.iter().all(|part| processes.contains(&part.process)) {
        return Err(format!("{label} would keep no process; leave it at least one"));
    }
    let moves =
        |process: ProcessId| facts.wholes[process.index()].iter().any(|whole| processes.contains(whole));
    let given = facts.of_persona(persona);
    let of_need = |source: NeedSource| match source {
        NeedSource::Step(step, _) => moves(catalog.steps[step.index()].process),
        NeedSource::Process(process, _) => moves(process),
    };
    let of_skill = |source: RequirementSource| match source {
        RequirementSource::Step(step) => moves(catalog.steps[step.index()].process),
        RequirementSource::Process(process) => moves(process),
        RequirementSource::Component(_, need) => {
            given.needs.get(need).is_some_and(|need| of_need(need.source))
        }
    };
    let id = free_id(catalog);
    let words: Vec<_> = processes.iter().map(|process| catalog.id((*process).into())).collect();
    let mut fields: Vec<(Box<str>, Node)> = vec![
        ("id".into(), Node::Text(id.as_str().into())),
        ("name".into(), Node::Text(format!("{} ({})", own.name, words.join(", ")).into())),
    ];
    let card = |field: &str| catalog.value_at(own.place.with(FieldPath::CARD.key(field)));
    for field in ["type", "section", "team", "primary_interaction", "grant_defaults"] {
        fields.extend(card(field).map(|value| (Box::from(field), value)));
    }
    let mut edits = Vec::new();
    let mut share = |field: &'static str, items: &[(Place, bool, bool)]| {
        let mut moved = Vec::new();
        for (place, there, here) in items {
            if *there {
                moved.extend(catalog.value_at(*place));
            }
            if *there && !*here {
                edits.push(CardEdit::at(*place, Change::Remove));
            }
        }
        if !moved.is_empty() {
            fields.push((Box::from(field), Node::List(moved)));
        }
    };
    let grants: Vec<_> = own
        .grants
        .iter()
        .map(|grant| {
            let needs = given.needs_of(grant.component);
            let there = needs.iter().any(|need| of_need(need.source));
            (grant.place, there, needs.iter().any(|need| !of_need(need.source)))
        })
        .collect();
    share("component_access", &grants);
    let parts: Vec<_> =
        own.processes.iter().map(|part| (part.place, processes.contains(&part.process), false)).collect();
    share("processes", &parts);
    let skills: Vec<_> = own
        .skills
        .iter()
        .map(|skill| {
            let asked: Vec<_> = facts.implied[skill.skill.index()]
                .iter()
                .flat_map(|implied| given.requirements_of(*implied))
                .collect();
            let there = asked.iter().any(|requirement| of_skill(requirement.source));
            (skill.place, there, asked.iter().any(|requirement| !of_skill(requirement.source)))
        })
        .collect();
    share("skills", &skills);
    for field in ["accountable", "escalates_to", "override", "invokes", "monitored_by"] {
        fields.extend(card(field).map(|value| (Box::from(field), value)));
    }
    for performed in
        given.performs.iter().filter(|performed| moves(catalog.steps[performed.step.index()].process))
    {
        let step = &catalog.steps[performed.step.index()];
        for performer in step.performers.iter().filter(|performer| performer.persona == Some(persona)) {
            let mention = catalog.mentions(persona.into()).into_iter().find(|mention| {
                mention.card == performer.place.card && mention.item == performer.place.path.into()
            });
            edits.extend(mention.map(|mention| mention.renamed(&id)));
        }
    }
    // Whoever is the one is the other too, until somebody decides otherwise.
    for person in &catalog.people {
        if person.personas.iter().any(|embodied| embodied.persona == Some(persona)) {
            let path = person.place.path.key("personas");
            edits.push(CardEdit::at(
                person.place.with(path),
                Change::Insert(usize::MAX, Node::Text(id.as_str().into())),
            ));
        }
    }
    edits.push(CardEdit::Add { kind: Kind::Persona, fields });
    Ok(edits)
}

/// The id after the highest that reads like `P012`; `P001` where there is none.
#[must_use]
pub fn free_id(catalog: &Catalog) -> String {
    let numbers = catalog.personas.iter().filter_map(|persona| {
        let digits = persona.id.written().strip_prefix(['P', 'p'])?;
        Some((digits.parse::<u32>().ok()?, digits.len()))
    });
    let (highest, width) = numbers.max().unwrap_or((0, 3));
    format!("P{:0width$}", highest.saturating_add(1))
}

fn parent(mention: &Mention) -> Vec<crate::card::edit::Step> {
    mention.item.0.split_last().map(|(_, rest)| rest.to_vec()).unwrap_or_default()
}

fn list(node: Option<Node>) -> Vec<Node> {
    match node {
        Some(Node::List(items)) => items,
        None | Some(Node::Null) => Vec::new(),
        Some(bare) => vec![bare],
    }
}

fn word(item: &Node, field: &str) -> Option<String> {
    let name = match item {
        Node::Text(text) => Some(&**text),
        other => items::name_of(other, field),
    };
    name.map(crate::card::words::fold)
}

/// Whether an item names a persona: nobody works with, invokes or watches itself.
fn names(catalog: &Catalog, field: &str, item: &Node, persona: PersonaId) -> bool {
    let refers =
        matches!(field, "primary_interaction" | "invokes" | "monitored_by" | "accountable" | "escalates_to");
    refers
        && word(item, field)
            .is_some_and(|word| catalog.find_persona(&crate::card::words::Name::new(&word)) == Some(persona))
}

/// A grant with the defaults of its card written out.
fn stated(item: Node, defaults: &[(Box<str>, Node)]) -> Node {
    if defaults.is_empty() {
        return item;
    }
    let name = items::name_of(&item, "component_access").map(str::to_owned);
    let Some(name) = name else { return item };
    let mut entries = match &item {
        Node::Text(_) => vec![("component".into(), Node::Text(name.into()))],
        Node::Map(own) if item.get("component").is_some() => own.clone(),
        Node::Map(own) => {
            let mut entries: Vec<(Box<str>, Node)> = vec![("component".into(), Node::Text(name.into()))];
            match own.first().map(|(_, value)| value) {
                Some(Node::Map(fields)) => entries.extend(fields.iter().cloned()),
                // A word is a level or a role; which of them is said by the short form alone.
                Some(Node::Text(_) | Node::List(_)) => return item,
                _ => {}
            }
            entries
        }
        _ => return item,
    };
    for (field, value) in defaults {
        if !entries.iter().any(|(known, _)| known == field) {
            entries.push((field.clone(), value.clone()));
        }
    }
    Node::Map(entries)
}

/// The edits that remove an entity's card and all that names it.
#[must_use]
pub fn remove(catalog: &Catalog, entity: Entity) -> Vec<CardEdit> {
    let Some(place) = catalog.place(entity) else { return Vec::new() };
    let mut edits: Vec<CardEdit> = catalog.mentions(entity).iter().map(Mention::removed).collect();
    if catalog.is_declared(entity) {
        edits.retain(|edit| !matches!(edit, CardEdit::Change { card, .. } if *card == place.card));
        edits.push(CardEdit::Remove(place.card));
    }
    edits
}

/// The edits that call an entity otherwise, here and everywhere: its id where that is what names
/// it (personas with an id), else its name.
#[must_use]
pub fn rename(catalog: &Catalog, entity: Entity, field: &str, to: &str) -> Vec<CardEdit> {
    let mut edits = Vec::new();
    if let Some(place) = catalog.place(entity).filter(|_| catalog.is_declared(entity)) {
        let path = FieldPath::CARD.key(field);
        edits.push(CardEdit::at(place.with(path), Change::Set(Node::Text(to.into()))));
    }
    let old = match field {
        "id" => catalog.id(entity),
        _ => catalog.name(entity),
    };
    let old = crate::card::words::fold(&old);
    for mention in catalog.mentions(entity) {
        // A mention by another word of the entity stays good.
        let by = match &mention.node {
            Node::Text(text) => Some(crate::card::words::fold(text)),
            other => items::name_of(other, &mention.field).map(crate::card::words::fold),
        };
        if by.is_none_or(|by| by == old) {
            edits.push(mention.renamed(to));
        }
    }
    edits
}

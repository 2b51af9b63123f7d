//! How cards fit together: names that lead nowhere, cards that are not there, twins and strays.

use crate::analysis::{Finding, reshape};
use crate::card::kinds::Kind;
use crate::card::node::Node;
use crate::card::path::FieldPath;
use crate::card::words::nearest;
use crate::catalog::{CardEdit, CardId, Entity, EntityKind, Mention, Party, PersonaId, Place, ProcessId};

use super::hand::{Hand, text};
use super::{Fix, Way};

fn kind_of(kind: EntityKind) -> Option<Kind> {
    Some(match kind {
        EntityKind::Persona => Kind::Persona,
        EntityKind::Process => Kind::Process,
        EntityKind::Component => Kind::Component,
        EntityKind::Skill => Kind::Skill,
        EntityKind::Team => Kind::Team,
        EntityKind::Person => Kind::Person,
        _ => return None,
    })
}

pub(super) fn undeclared(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let catalog = hand.catalog();
    let entity = finding.subject;
    let Some(kind) = kind_of(catalog.kind(entity)) else { return Vec::new() };
    let name = hand.label(entity);
    let declare = CardEdit::Add { kind, fields: vec![("name".into(), text(catalog.id(entity)))] };
    let word = catalog.kind(entity).word();
    let mentions = catalog.mentions(entity);
    let mut fixes =
        vec![Fix::safe(Way::Declare, format!("Create a card for the {word} {name}"), vec![declare])];
    let places = match mentions.len() {
        1 => "the one place that names it".to_owned(),
        count => format!("the {count} places that name it"),
    };
    let edits = mentions.iter().map(Mention::removed).collect();
    fixes.push(Fix::edits(Way::Remove, format!("Remove {name} from {places}"), edits));
    fixes
}

pub(super) fn similar_name(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Some(declared) = finding.object else { return Vec::new() };
    let catalog = hand.catalog();
    let (wrong, right) = (hand.id(finding.subject), hand.id(declared));
    let mentions = catalog.mentions(finding.subject);
    let renamed = mentions.iter().map(|mention| mention.renamed(&right)).collect();
    let mut fixes =
        vec![Fix::edits(Way::Rename, format!("Write {right} instead of {wrong}, everywhere"), renamed)];
    if let Some(place) = catalog.place(declared) {
        fixes.push(Fix::edits(
            Way::Record,
            format!("Make {wrong} another word for {right}"),
            vec![hand.add(place, "aliases", text(&wrong))],
        ));
    }
    if let Some(kind) = kind_of(catalog.kind(finding.subject)) {
        let add = CardEdit::Add { kind, fields: vec![("name".into(), text(&wrong))] };
        fixes.push(Fix::edits(
            Way::Declare,
            format!("Create a card for {wrong}: it is something else than {right}"),
            vec![add],
        ));
    }
    fixes
}

pub(super) fn unknown_interaction(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let (Entity::Persona(persona), Some(object)) = (finding.subject, finding.object) else {
        return Vec::new();
    };
    let catalog = hand.catalog();
    let name = hand.id(object);
    let places = named_at(hand, persona, |party| matches!(party, Party::Unknown(id) if object == id.into()));
    let known = catalog.personas.iter().map(|persona| persona.name.written());
    let known = known.chain(catalog.teams.iter().map(|team| team.name.written()));
    let mut fixes = Vec::new();
    if let Some(near) = nearest(&name, known) {
        let edits: Vec<CardEdit> = places.iter().filter_map(|place| hand.rename(*place, near)).collect();
        fixes.push(Fix::edits(Way::Rename, format!("Write {near} instead of {name}"), edits));
    }
    fixes.push(new_persona(hand, &name, None));
    if twin(hand, &name, None).is_none() {
        let team = CardEdit::Add { kind: Kind::Team, fields: vec![("name".into(), text(&name))] };
        fixes.push(Fix::edits(Way::Declare, format!("Create a card for the team {name}"), vec![team]));
    } else {
        let title = format!("Write the card of the agent {name}: access, skills, and who answers for it");
        fixes.push(Fix::advice(Way::Declare, title));
    }
    let edits = places.iter().map(|place| hand.remove(*place)).collect();
    fixes.push(Fix::edits(Way::Remove, format!("Remove {name} from the card"), edits));
    fixes
}

/// Where a persona says that it works with somebody; a card may say so twice.
fn named_at(hand: &Hand<'_>, persona: PersonaId, is_meant: impl Fn(Party) -> bool) -> Vec<Place> {
    let all = hand.persona(persona).interactions.iter();
    all.filter(|own| is_meant(own.party)).map(|own| own.place).collect()
}

/// A card for a persona that is named and not there. Of an agent: with those who answer for, stop
/// and watch an agent of the same work, since an agent without these is a worse gap than none.
fn new_persona(hand: &Hand<'_>, name: &str, process: Option<ProcessId>) -> Fix {
    let mut fields = vec![("id".into(), text(reshape::free_id(hand.catalog()))), ("name".into(), text(name))];
    let model = twin(hand, name, process);
    if let Some(model) = model {
        fields.push(("type".into(), text("agent")));
        let place = hand.persona(model).place;
        let copied = |field: &'static str| {
            let path = FieldPath::CARD.key(field);
            hand.catalog().value_at(place.with(path)).map(|value| (Box::from(field), value))
        };
        fields.extend(copied("team"));
        if let Some(process) = process {
            fields.push(("processes".into(), Node::List(vec![text(hand.id(process))])));
        }
        fields.extend(
            ["accountable", "escalates_to", "override", "monitored_by"].into_iter().filter_map(copied),
        );
    } else if let Some(process) = process {
        fields.push(("processes".into(), Node::List(vec![text(hand.id(process))])));
    }
    let add = CardEdit::Add { kind: Kind::Persona, fields };
    let title = match model {
        Some(model) => format!(
            "Create a card for the agent {name}; whoever answers for {} answers for it too",
            hand.label(model)
        ),
        None => format!("Create a card for the persona {name}"),
    };
    Fix::edits(Way::Declare, title, vec![add])
}

/// The fields of a new persona of a name, as far as the catalog knows them: its work where a step names
/// it, and of an agent those who answer for its like.
pub(super) fn known_of_persona(hand: &Hand<'_>, name: &str) -> Vec<(Box<str>, Node)> {
    let catalog = hand.catalog();
    let word = crate::card::words::Name::new(name);
    let process = catalog
        .steps
        .iter()
        .find(|step| step.performers.iter().any(|own| own.persona.is_none() && own.name == word))
        .map(|step| step.process);
    match new_persona(hand, name, process).edits.pop() {
        Some(CardEdit::Add { fields, .. }) => fields,
        _ => Vec::new(),
    }
}

/// The agent that is most like one that is only named: in its process, else by words of its name.
fn twin(hand: &Hand<'_>, name: &str, process: Option<ProcessId>) -> Option<PersonaId> {
    let words = |name: &str| -> Vec<String> {
        crate::card::words::fold(name).split_whitespace().map(str::to_owned).collect()
    };
    let own = words(name);
    own.iter().any(|word| matches!(word.as_str(), "agent" | "bot" | "router")).then_some(())?;
    let facts = hand.context.facts;
    (0..hand.catalog().personas.len())
        .map(PersonaId::from_index)
        .filter(|id| hand.persona(*id).is_agent())
        .max_by_key(|id| {
            let there = process.is_some_and(|process| facts.of_persona(*id).takes_part_in(process));
            let shared = words(hand.persona(*id).name.written());
            let shared = shared.iter().filter(|word| own.contains(word)).count();
            (shared, there, std::cmp::Reverse(*id))
        })
}

pub(super) fn unknown_reference(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let (Some(object), Some(place)) = (finding.object, finding.place) else { return Vec::new() };
    let catalog = hand.catalog();
    let name = hand.id(object);
    let own: Vec<_> = catalog
        .unknown_references
        .iter()
        .filter(|unknown| unknown.subject == finding.subject && Entity::Name(unknown.name) == object)
        .collect();
    let people = own
        .iter()
        .all(|unknown| matches!(unknown.field, "accountable" | "approval" | "escalates_to" | "override"));
    let known = catalog.personas.iter().flat_map(|persona| [persona.id.written(), persona.name.written()]);
    let known = known.chain(catalog.people.iter().map(|person| person.name.written()).filter(|_| people));
    let mut fixes = Vec::new();
    if let Some(near) = nearest(&name, known) {
        let edits = own.iter().filter_map(|unknown| hand.rename(unknown.place, near)).collect();
        fixes.push(Fix::edits(Way::Rename, format!("Write {near} instead of {name}"), edits));
    }
    let process = match finding.subject {
        Entity::Step(step) => Some(catalog.steps[step.index()].process),
        _ => None,
    };
    fixes.push(new_persona(hand, &name, process));
    if people {
        let add = CardEdit::Add { kind: Kind::Person, fields: vec![("name".into(), text(&name))] };
        fixes.push(Fix::edits(Way::Declare, format!("Create a card for the person {name}"), vec![add]));
    }
    let places = own.iter().map(|unknown| hand.remove(unknown.place)).collect::<Vec<_>>();
    let places = if places.is_empty() { vec![hand.remove(place)] } else { places };
    fixes.push(Fix::edits(Way::Remove, format!("Remove {name} where it is named"), places));
    fixes
}

pub(super) fn missing_persona(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Entity::Step(step) = finding.subject else { return Vec::new() };
    let catalog = hand.catalog();
    let own = &catalog.steps[step.index()];
    let Some(first) = own.performers.first() else { return Vec::new() };
    let name = first.name.written();
    let mut fixes = vec![];
    if let Some(near) = nearest(name, catalog.personas.iter().map(|persona| persona.name.written())) {
        let edits: Vec<CardEdit> = hand.rename(first.place, near).into_iter().collect();
        fixes.push(Fix::edits(Way::Rename, format!("Write {near} instead of {name}"), edits));
    }
    // Who takes part in the process could do it.
    let takes_part = (0..catalog.personas.len())
        .map(PersonaId::from_index)
        .filter(|persona| hand.context.facts.of_persona(*persona).takes_part_in(own.process));
    for persona in takes_part.take(2) {
        let edits: Vec<CardEdit> = hand.rename(first.place, &hand.id(persona)).into_iter().collect();
        let title = format!("Let {} do it", hand.label(persona));
        fixes.push(Fix::edits(Way::Reassign, title, edits));
    }
    let new = new_persona(hand, name, Some(own.process));
    if twin(hand, name, Some(own.process)).is_some() {
        fixes.insert(0, new);
    } else {
        fixes.push(new);
    }
    let edits = own.performers.iter().map(|performer| hand.remove(performer.place)).collect();
    fixes.push(Fix::edits(
        Way::Remove,
        format!("Name nobody: whoever takes part in {} does it", hand.label(own.process)),
        edits,
    ));
    fixes
}

pub(super) fn one_way_interaction(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let (Entity::Persona(persona), Some(Entity::Persona(other))) = (finding.subject, finding.object) else {
        return Vec::new();
    };
    let places = named_at(hand, persona, |party| party == Party::Persona(other));
    let (one, two) = (hand.label(persona), hand.label(other));
    let add = hand.add(
        hand.persona(other).place,
        "primary_interaction",
        text(hand.persona(persona).name.written()),
    );
    vec![
        Fix::edits(Way::Record, format!("Name {one} on the card of {two} too"), vec![add]),
        Fix::edits(
            Way::Remove,
            format!("Remove {two} from the card of {one}"),
            places.iter().map(|place| hand.remove(*place)).collect(),
        ),
    ]
}

pub(super) fn isolated_persona(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Entity::Persona(persona) = finding.subject else { return Vec::new() };
    let place = hand.persona(persona).place;
    let mut fixes: Vec<Fix> = hand
        .kindred(persona, None)
        .into_iter()
        .filter(|other| hand.kinship(persona, *other) > 0)
        .take(2)
        .map(|other| {
            let name = hand.persona(other).name.written();
            let mut edits = vec![hand.add(place, "primary_interaction", text(name))];
            let own = hand.persona(persona).name.written();
            edits.push(hand.add(hand.persona(other).place, "primary_interaction", text(own)));
            let title =
                format!("State that {} and {} work with each other", hand.label(persona), hand.label(other));
            Fix::edits(Way::Record, title, edits)
        })
        .collect();
    fixes.push(Fix::advice(
        Way::Record,
        format!("Ask with whom {} works, and name them on its card", hand.label(persona)),
    ));
    fixes
}

pub(super) fn performer_without_process(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let (Entity::Persona(persona), Some(Entity::Process(process))) = (finding.subject, finding.object) else {
        return Vec::new();
    };
    let name = hand.label(process);
    let add = hand.add(hand.persona(persona).place, "processes", text(hand.id(process)));
    let informed = Node::Map(vec![
        ("process".into(), text(hand.id(process))),
        ("responsibility".into(), text("consulted")),
    ]);
    let consulted = hand.add(hand.persona(persona).place, "processes", informed);
    let steps = hand.catalog().processes[process.index()].steps.iter();
    let named: Vec<CardEdit> = steps
        .flat_map(|step| &hand.catalog().steps[step.index()].performers)
        .filter(|performer| performer.persona == Some(persona))
        .map(|performer| hand.remove(performer.place))
        .collect();
    vec![
        Fix::edits(Way::Record, format!("List {name} on the card of {}", hand.label(persona)), vec![add]),
        Fix::edits(
            Way::Record,
            format!("List {name} as consulted: it does single steps and takes no part in the rest"),
            vec![consulted],
        ),
        Fix::edits(Way::Remove, format!("Take the steps of {name} from {}", hand.label(persona)), named),
    ]
}

pub(super) fn near_duplicate(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let (Entity::Persona(first), Some(Entity::Persona(second))) = (finding.subject, finding.object) else {
        return Vec::new();
    };
    let (one, two) = (hand.label(first), hand.label(second));
    vec![
        Fix::edits(
            Way::Merge,
            format!("Merge {two} into {one}"),
            reshape::merge(hand.catalog(), first, second),
        ),
        Fix::edits(
            Way::Merge,
            format!("Merge {one} into {two}"),
            reshape::merge(hand.catalog(), second, first),
        ),
        Fix::advice(Way::Describe, format!("Say on both cards what sets {one} and {two} apart")),
    ]
}

pub(super) fn persona_count(hand: &Hand<'_>, _: &Finding) -> Vec<Fix> {
    let (least, most) = hand.catalog().settings.persona_count;
    let count = hand.catalog().personas.len();
    let mut fixes = Vec::new();
    if count > most {
        fixes.push(Fix::advice(
            Way::Merge,
            format!("Merge personas that do nearly the same; `persona whatif --counts {least}-{most}` says which cost least"),
        ));
    } else {
        fixes.push(Fix::advice(
            Way::Describe,
            "Add the personas that the work still has: ask who builds, who runs, who watches it".to_owned(),
        ));
    }
    // That nobody is a good balance is nobody's view.
    if let Some(place) = hand.catalog().settings.place.filter(|_| count > 0) {
        let (least, most) = (least.min(count), most.max(count));
        let number = |value: usize| Node::Int(i64::try_from(value).unwrap_or(i64::MAX));
        let balance = Node::Map(vec![("min".into(), number(least)), ("max".into(), number(most))]);
        fixes.push(Fix::edits(
            Way::Record,
            format!("Call {least} to {most} personas a good balance for this catalog"),
            vec![hand.put(place, "persona_count", balance)],
        ));
    }
    fixes
}

pub(super) fn unused_component(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Entity::Component(component) = finding.subject else { return Vec::new() };
    let name = hand.label(component);
    let place = hand.catalog().components[component.index()].place;
    let mut layers: Vec<(usize, &str)> = Vec::new();
    for layer in hand.catalog().components.iter().filter_map(|own| own.layer.as_ref()) {
        match layers.iter_mut().find(|(_, known)| layer.is(known)) {
            Some((count, _)) => *count += 1,
            None => layers.push((1, layer.written())),
        }
    }
    let layer = layers.iter().max_by_key(|(count, _)| *count);
    let remove = reshape::remove(hand.catalog(), component.into());
    let mut fixes = vec![Fix::edits(Way::Remove, format!("Remove the card of {name}"), remove)];
    if let Some((_, layer)) = layer {
        let title = format!("Draw {name} in the layer {layer} of the architecture");
        fixes.push(Fix::edits(Way::Record, title, vec![hand.put(place, "layer", text(layer))]));
    }
    fixes.push(Fix::advice(Way::Describe, format!("If {name} is used, describe the step that uses it")));
    fixes
}

pub(super) fn duplicate_name(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let (Entity::Duplicate(later), Some(first)) = (finding.subject, finding.object) else {
        return Vec::new();
    };
    let catalog = hand.catalog();
    let own = &catalog.duplicates[later.index()];
    let card: CardId = own.place.card;
    let name = own.name.written();
    let mut fixes = Vec::new();
    let free = |word: &str| -> String {
        (2..)
            .map(|number| format!("{word} ({number})"))
            .find(|new| catalog.find(new).is_empty())
            .unwrap_or_default()
    };
    let by_name = own.shared.iter().any(|(_, word)| *word == own.name);
    let by_id = own.id != own.name && own.shared.iter().any(|(_, word)| *word == own.id);
    if by_id && !by_name {
        let id = reshape::free_id(hand.catalog());
        let put = hand.put(own.place, "id", text(&id));
        fixes.push(Fix::edits(Way::Rename, format!("Give {name} the id {id}"), vec![put]));
    }
    if by_name {
        let new = free(name);
        let mut edits = vec![hand.put(own.place, "name", text(&new))];
        if by_id {
            edits.push(hand.put(own.place, "id", text(reshape::free_id(hand.catalog()))));
        }
        fixes.push(Fix::edits(Way::Rename, format!("Call the later one {new}"), edits));
    }
    let aliases =
        catalog.value_at(own.place.with(FieldPath::CARD.key("aliases"))).filter(|_| !by_name && !by_id);
    if let Some(Node::List(aliases)) = aliases {
        let shared = |alias: &Node| match alias {
            Node::Text(alias) => own.shared.iter().any(|(_, word)| word.is(&crate::card::words::fold(alias))),
            _ => false,
        };
        let edits = aliases
            .iter()
            .enumerate()
            .filter(|(_, alias)| shared(alias))
            .map(|(place, _)| {
                let at = u32::try_from(place).unwrap_or(u32::MAX);
                let path = FieldPath::CARD.key("aliases").index(at);
                hand.remove(own.place.with(path))
            })
            .collect();
        fixes.push(Fix::edits(Way::Remove, "Remove the alias that both share".to_owned(), edits));
    }
    let title = format!("Remove the later card; {} stays", hand.label(first));
    fixes.push(Fix::edits(Way::Remove, title, vec![CardEdit::Remove(card)]));
    fixes
}

pub(super) fn stale_decision(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let catalog = hand.catalog();
    match finding.subject {
        Entity::Ignore(id) => {
            let ignore = &catalog.ignores[id.index()];
            let edit = CardEdit::RemoveIgnore { file: ignore.file.clone(), line: ignore.line };
            let mut fixes = vec![Fix::safe(Way::Remove, "Remove the comment".to_owned(), vec![edit])];
            if ignore.reason.is_empty() {
                fixes.insert(0, Fix::advice(Way::Record, "Write the reason behind the bracket".to_owned()));
            }
            fixes
        }
        Entity::Decision(id) => {
            let own = &catalog.decisions[id.index()];
            let mut fixes = Vec::new();
            if own.until.is_some_and(|until| until < hand.context.day)
                && let Ok(until) = hand.context.day.checked_add(jiff::Span::new().days(90))
            {
                let put = hand.put(own.place, "until", text(until.to_string()));
                fixes.push(Fix::edits(Way::Renew, format!("Let the decision hold until {until}"), vec![put]));
            }
            let remove = CardEdit::Remove(own.place.card);
            fixes.push(Fix::edits(Way::Remove, "Remove the decision".to_owned(), vec![remove]));
            fixes
        }
        _ => Vec::new(),
    }
}

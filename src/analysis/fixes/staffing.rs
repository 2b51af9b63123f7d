//! Who is there: personas without people, people with too much, work that nobody owns or that one
//! holds with what should be apart.

use crate::analysis::Finding;
use crate::card::kinds::{PersonaType, Responsibility};
use crate::card::node::Node;
use crate::catalog::{Actor, CardEdit, DutyTarget, Entity, Grant, Level, PersonId, PersonaId, ProcessId};

use super::hand::{Hand, text};
use super::{Fix, Way};

fn embody(hand: &Hand<'_>, person: PersonId, persona: PersonaId) -> CardEdit {
    let place = hand.catalog().people[person.index()].place;
    hand.add(place, "personas", text(hand.id(persona)))
}

fn assigned(hand: &Hand<'_>, persona: PersonaId, title: impl Fn(&str) -> String) -> Vec<Fix> {
    hand.people_for(persona)
        .into_iter()
        .filter(|person| !hand.embodying(persona).contains(person))
        .take(2)
        .map(|person| {
            Fix::edits(Way::Reassign, title(&hand.label(person)), vec![embody(hand, person, persona)])
        })
        .collect()
}

pub(super) fn unstaffed_persona(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Entity::Persona(persona) = finding.subject else { return Vec::new() };
    let label = hand.label(persona);
    let mut fixes = assigned(hand, persona, |person| format!("Let {person} be {label}"));
    // Who is named but away comes back.
    let away = hand
        .catalog()
        .people
        .iter()
        .find(|person| !person.active && person.personas.iter().any(|own| own.persona == Some(persona)));
    if let Some(person) = away {
        fixes.push(Fix::edits(
            Way::Record,
            format!("Mark {} as active again, once it is so", person.name),
            vec![hand.put(person.place, "active", Node::Bool(true))],
        ));
    }
    fixes.push(Fix::advice(Way::Hire, format!("Hire someone as {label}")));
    fixes.push(redesign_work(hand, persona));
    fixes
}

fn redesign_work(hand: &Hand<'_>, persona: PersonaId) -> Fix {
    let mut alternatives: Vec<String> = Vec::new();
    for need in &hand.context.facts.of_persona(persona).needs {
        for other in &hand.catalog().components[need.component.index()].alternatives {
            let name = hand.label(other.component);
            if !alternatives.contains(&name) {
                alternatives.push(name);
            }
        }
    }
    let how = if alternatives.is_empty() {
        "give its processes to other personas".to_owned()
    } else {
        format!("use {}, which ask for less", super::hand::and(&alternatives))
    };
    Fix::advice(Way::Redesign, format!("Redesign the workload to do without {}: {how}", hand.label(persona)))
}

pub(super) fn single_person_persona(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Entity::Persona(persona) = finding.subject else { return Vec::new() };
    let label = hand.label(persona);
    let mut fixes = assigned(hand, persona, |person| format!("Let {person} be {label} as well"));
    if let Some(person) =
        hand.people_for(persona).into_iter().find(|person| !hand.embodying(persona).contains(person))
    {
        fixes.push(Fix::advice(Way::Train, format!("Train {} as a deputy of {label}", hand.label(person))));
    }
    fixes.push(Fix::advice(Way::Hire, format!("Hire a second {label}")));
    fixes
}

pub(super) fn overloaded_person(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Entity::Person(person) = finding.subject else { return Vec::new() };
    let own = &hand.catalog().people[person.index()];
    let name = hand.label(person);
    // What others are as well goes first, then what others know best.
    let mut embodied: Vec<_> =
        own.personas.iter().filter_map(|own| Some((own.persona?, own.place))).collect();
    embodied.sort_by_key(|(persona, _)| std::cmp::Reverse(hand.embodying(*persona).len()));
    let mut fixes = Vec::new();
    for (persona, place) in &embodied {
        let others = hand.embodying(*persona).iter().any(|other| other != &person);
        let label = hand.label(*persona);
        if others {
            let title = format!("Relieve {name} of {label}, which others are as well");
            fixes.push(Fix::edits(Way::Reassign, title, vec![hand.remove(*place)]));
        } else if let Some(other) = hand.people_for(*persona).into_iter().find(|other| *other != person) {
            let edits = vec![hand.remove(*place), embody(hand, other, *persona)];
            let title = format!("Let {} be {label} instead of {name}", hand.label(other));
            fixes.push(Fix::edits(Way::Reassign, title, edits));
        }
        if fixes.len() == 3 {
            break;
        }
    }
    // One may not be enough.
    let count = embodied.len();
    let bearable = (own.allocation * 3.0).floor().clamp(0.0, 3.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=3")]
    let bearable = bearable as usize;
    if count > bearable + 1 {
        let edits = embodied.iter().take(count - bearable).map(|(_, place)| hand.remove(*place)).collect();
        let title = format!("Leave {name} {bearable} personas");
        fixes.push(Fix::edits(Way::Reassign, title, edits));
    }
    fixes.push(Fix::advice(Way::Hire, format!("Hire someone who takes a part of what {name} does")));
    fixes
}

/// Personas near a process: who performs its steps, then who is granted what it uses.
fn near_process(hand: &Hand<'_>, process: ProcessId) -> Vec<PersonaId> {
    let catalog = hand.catalog();
    let own = &catalog.processes[process.index()];
    let steps = own.steps.iter().map(|step| &catalog.steps[step.index()]);
    let used: Vec<_> =
        own.uses.iter().chain(steps.clone().flat_map(|step| &step.uses)).map(|used| used.component).collect();
    let mut near: Vec<(usize, PersonaId)> = (0..catalog.personas.len())
        .map(PersonaId::from_index)
        .map(|persona| {
            let named = steps
                .clone()
                .filter(|step| step.performers.iter().any(|performer| performer.persona == Some(persona)))
                .count();
            let granted =
                used.iter().filter(|component| !hand.grants(persona, **component).is_empty()).count();
            let human = usize::from(hand.is_there(Actor::Persona(persona)));
            (8 * named + 2 * granted + human, persona)
        })
        .collect();
    near.sort_by_key(|(score, persona)| (std::cmp::Reverse(*score), *persona));
    near.into_iter().map(|(_, persona)| persona).collect()
}

pub(super) fn unowned_process(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Entity::Process(process) = finding.subject else { return Vec::new() };
    let name = hand.label(process);
    let catalog = hand.catalog();
    let mut fixes: Vec<Fix> = near_process(hand, process)
        .into_iter()
        .take(2)
        .map(|persona| {
            let listed = hand.persona(persona).processes.iter().find(|part| part.process == process);
            let edits = match listed {
                Some(part) => hand.set_in_list(
                    part.place,
                    "processes",
                    "responsibility",
                    Some(text(Responsibility::Responsible.word())),
                ),
                None => vec![hand.add(hand.persona(persona).place, "processes", text(hand.id(process)))],
            };
            Fix::edits(Way::Reassign, format!("Let {} take part in {name}", hand.label(persona)), edits)
        })
        .collect();
    fixes.push(Fix::advice(Way::Hire, format!("Add a persona that does {name}: hire, or train someone")));
    let remove = crate::analysis::reshape::remove(catalog, process.into());
    fixes.push(Fix::edits(Way::Remove, format!("Remove {name}, if it is done no more"), remove));
    fixes
}

pub(super) fn agents_only_process(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Entity::Process(process) = finding.subject else { return Vec::new() };
    let catalog = hand.catalog();
    let agents: Vec<PersonaId> = (0..catalog.personas.len())
        .map(PersonaId::from_index)
        .filter(|persona| hand.context.facts.of_persona(*persona).takes_part_in(process))
        .collect();
    let mut humans: Vec<PersonaId> = Vec::new();
    for human in agents.iter().flat_map(|agent| hand.humans_near(*agent)) {
        if let Actor::Persona(id) = human
            && !humans.contains(&id)
        {
            humans.push(id);
        }
    }
    let part = |responsibility: Responsibility| {
        Node::Map(vec![
            ("process".into(), text(hand.id(process))),
            ("responsibility".into(), text(responsibility.word())),
        ])
    };
    let mut fixes: Vec<Fix> = humans
        .into_iter()
        .take(2)
        .map(|human| {
            let add = hand.add(hand.persona(human).place, "processes", part(Responsibility::Accountable));
            let title = format!("Make {} accountable for {}", hand.label(human), hand.label(process));
            Fix::edits(Way::Name, title, vec![add])
        })
        .collect();
    fixes.push(Fix::advice(
        Way::Record,
        "If it is meant so, turn the rule off in `rules:` of catalog.yaml, or accept the finding".to_owned(),
    ));
    fixes
}

pub(super) fn unclear_accountability(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Entity::Process(process) = finding.subject else { return Vec::new() };
    let catalog = hand.catalog();
    let parts: Vec<(PersonaId, &crate::catalog::ProcessPart)> = catalog
        .personas
        .iter()
        .enumerate()
        .flat_map(|(index, persona)| {
            let own = persona.processes.iter().filter(|part| part.process == process);
            own.map(move |part| (PersonaId::from_index(index), part))
        })
        .collect();
    let say = |part: &crate::catalog::ProcessPart, responsibility: Responsibility| {
        hand.set_in_list(part.place, "processes", "responsibility", Some(text(responsibility.word())))
    };
    let accountable: Vec<_> =
        parts.iter().filter(|(_, part)| part.responsibility == Some(Responsibility::Accountable)).collect();
    let name = hand.label(process);
    if accountable.is_empty() {
        let mut candidates: Vec<_> = parts.iter().collect();
        candidates.sort_by_key(|(persona, part)| {
            (!hand.is_there(Actor::Persona(*persona)), !part.takes_part(), *persona)
        });
        return candidates
            .into_iter()
            .take(3)
            .map(|(persona, part)| {
                let title = format!("Make {} accountable for {name}", hand.label(*persona));
                Fix::edits(Way::Name, title, say(part, Responsibility::Accountable))
            })
            .collect();
    }
    accountable
        .iter()
        .map(|(persona, _)| {
            let edits = accountable
                .iter()
                .filter(|(other, _)| other != persona)
                .flat_map(|(_, part)| say(part, Responsibility::Responsible))
                .collect();
            let title = format!("Let {} alone be accountable for {name}", hand.label(*persona));
            Fix::edits(Way::Name, title, edits)
        })
        .collect()
}

pub(super) fn undescribed_process(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Entity::Process(process) = finding.subject else { return Vec::new() };
    let catalog = hand.catalog();
    let own = &catalog.processes[process.index()];
    let name = hand.label(process);
    let mut fixes = vec![Fix::advice(
        Way::Describe,
        format!("Write down the steps of {name} and what each uses; needs and gaps follow from them"),
    )];
    // What all that take part are granted is a first guess of what it uses.
    let parts: Vec<PersonaId> = (0..catalog.personas.len())
        .map(PersonaId::from_index)
        .filter(|persona| hand.context.facts.of_persona(*persona).takes_part_in(process))
        .collect();
    if let [first, rest @ ..] = parts.as_slice() {
        let mut shared: Vec<_> = hand.persona(*first).grants.iter().map(|grant| grant.component).collect();
        shared.retain(|component| rest.iter().all(|other| !hand.grants(*other, *component).is_empty()));
        shared.sort_unstable();
        shared.dedup();
        if !shared.is_empty() {
            let uses = shared.iter().map(|component| text(hand.id(*component))).collect();
            let title = format!("Start from what all who take part in {name} are granted");
            fixes.push(Fix::edits(Way::Describe, title, vec![hand.put(own.place, "uses", Node::List(uses))]));
        }
    }
    let wholes = (0..catalog.processes.len()).map(ProcessId::from_index).filter(|whole| {
        *whole != process
            && hand.context.facts.is_described(*whole)
            && parts.iter().all(|persona| hand.context.facts.of_persona(*persona).takes_part_in(*whole))
    });
    for whole in wholes.take(2).filter(|_| !parts.is_empty()) {
        let title = format!("Make {name} a part of {}", hand.label(whole));
        fixes.push(Fix::edits(
            Way::Record,
            title,
            vec![hand.add(own.place, "part_of", text(hand.id(whole)))],
        ));
    }
    fixes
}

pub(super) fn separation_of_duties(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Some(Entity::DutySet(set)) = finding.object else { return Vec::new() };
    let catalog = hand.catalog();
    let set = &catalog.settings.duty_sets[set.index()];
    let label = catalog.label(finding.subject);
    let mut fixes = Vec::new();
    let holders: Vec<PersonaId> = match finding.subject {
        Entity::Persona(persona) => vec![persona],
        Entity::Person(person) => {
            let own = &catalog.people[person.index()];
            let mut behind: Vec<PersonaId> = own.personas.iter().filter_map(|own| own.persona).collect();
            for (index, ends) in hand.context.facts.answerable.iter().enumerate() {
                let mine = ends.iter().any(|end| match end {
                    Actor::Person(id) => *id == person,
                    Actor::Persona(id) => own.personas.iter().any(|own| own.persona == Some(*id)),
                });
                let id = PersonaId::from_index(index);
                if mine && hand.persona(id).persona_type != PersonaType::Human && !behind.contains(&id) {
                    behind.push(id);
                }
            }
            for embodied in own.personas.iter().filter(|_| own.personas.len() > 1) {
                let Some(persona) = embodied.persona else { continue };
                let title = format!("Let somebody else than {label} be {}", hand.label(persona));
                let mut edits = vec![hand.remove(embodied.place)];
                let others = hand.embodying(persona).iter().any(|other| *other != person);
                if !others
                    && let Some(other) = hand.people_for(persona).into_iter().find(|other| *other != person)
                {
                    edits.push(embody(hand, other, persona));
                }
                fixes.push(Fix::edits(Way::Reassign, title, edits));
            }
            // An agent of which the other duty is can be answered for by somebody else.
            for agent in behind.iter().filter(|id| !hand.persona(**id).is_human()) {
                let named = hand.persona(*agent).accountable.first();
                let other = hand.humans_near(*agent).into_iter().find(|human| match human {
                    Actor::Person(id) => *id != person,
                    Actor::Persona(id) => !hand.embodying(*id).contains(&person),
                });
                if let (Some(named), Some(other)) = (named, other) {
                    let edits = hand.rename(named.place, &hand.id(other)).into_iter().collect();
                    let title = format!("Let {} answer for {}", hand.label(other), hand.label(*agent));
                    fixes.push(Fix::edits(Way::Reassign, title, edits));
                }
            }
            behind
        }
        _ => Vec::new(),
    };
    for duty in &set.duties {
        let mut edits = Vec::new();
        let mut lowered = Vec::new();
        for holder in &holders {
            match duty.target {
                DutyTarget::Process(process) => {
                    let parts = &hand.persona(*holder).processes;
                    edits.extend(
                        parts
                            .iter()
                            .filter(|part| part.process == process)
                            .map(|part| hand.remove(part.place)),
                    );
                }
                DutyTarget::Component(component, level) => {
                    let high = |grant: &&Grant| {
                        level.is_none_or(|asked| grant.highest_level().is_some_and(|own| own >= asked))
                    };
                    for grant in hand.grants(*holder, component).into_iter().filter(high) {
                        edits.push(hand.remove(grant.place));
                        if let Some(below) = level.and_then(|level| level.0.checked_sub(1)) {
                            lowered.extend(hand.set_level(grant, Level(below)));
                        }
                    }
                }
            }
        }
        let target = match duty.target {
            DutyTarget::Process(process) => hand.label(process),
            DutyTarget::Component(component, _) => hand.label(component),
        };
        if !lowered.is_empty() {
            fixes.push(Fix::edits(Way::Narrow, format!("Narrow {target}, which {label} has"), lowered));
        }
        if !edits.is_empty() {
            fixes.push(Fix::edits(Way::Remove, format!("Take {target} from what {label} has"), edits));
        }
    }
    fixes
}

//! The card of a persona: the six fields of the template, and what agents owe.

use crate::analysis::evidence::{grant_phrase, need_phrase};
use crate::analysis::finding::Finding;
use crate::analysis::outside::is_outside;
use crate::analysis::{Analysis, Confidence, RequirementSource};
use crate::catalog::{Actor, Entity, Grant, GrantState, Named, Party, PersonaId};

use super::{CardView, Field, Mark, Value, asker, between, line_of};

pub(super) fn fill(analysis: &Analysis, id: PersonaId, view: &mut CardView) {
    let catalog = &analysis.catalog;
    let persona = &catalog.personas[id.index()];
    view.color.clone_from(&persona.color);
    view.description.clone_from(&persona.description);
    let team = persona
        .team
        .map(|team| Value::of(analysis, team.into()).at(persona.place.with(persona.place.path.key("team"))));
    view.fields = vec![
        Field { title: "Team", values: team.into_iter().collect() },
        Field { title: "Primary interaction", values: interactions(analysis, id) },
        Field { title: "Component access", values: access(analysis, id) },
        Field { title: "Processes", values: processes(analysis, id) },
        Field { title: "Skills", values: skills(analysis, id) },
    ];
    if !persona.is_human() {
        view.fields.extend(duties(analysis, id));
    }
    view.fields.push(Field { title: "People", values: people(analysis, id) });
    let items = persona.work_items.iter().map(|item| {
        let kind = item.item_type.as_ref().map_or(String::new(), |kind| format!("{kind}: "));
        Value::plain(item.id.written())
            .detail(format!("{kind}{}", item.title.as_deref().unwrap_or_default()))
            .at(persona.place.with(persona.place.path.item("work_items", item.at)))
    });
    view.fields.push(Field { title: "Work items", values: items.collect() });
}

/// The active people who embody the persona, with when or why; a ghost where somebody should.
fn people(analysis: &Analysis, id: PersonaId) -> Vec<Value> {
    let mut values: Vec<Value> = Vec::new();
    for person in &analysis.facts.embodied_by[id.index()] {
        let embodied = analysis.catalog.people[person.index()].personas.iter();
        let mut value = Value::of(analysis, (*person).into());
        if let Some(embodied) = embodied.clone().find(|embodied| embodied.persona == Some(id)) {
            value = value.detail(embodied.context.clone().unwrap_or_default()).at(embodied.place);
        }
        values.push(value);
    }
    for (place, finding) in analysis.about(id.into()) {
        if finding.rule.id == "unstaffed-persona" && finding.is_open() {
            let mut value = Value::plain("nobody").because(finding.message.clone());
            value.mark = Mark::Missing;
            value.findings = vec![place];
            values.push(value);
        }
    }
    values
}

fn interactions(analysis: &Analysis, id: PersonaId) -> Vec<Value> {
    let persona = &analysis.catalog.personas[id.index()];
    persona
        .interactions
        .iter()
        .map(|interaction| {
            let entity: Entity = interaction.party.into();
            let details = [&interaction.protocol, &interaction.auth, &interaction.cadence];
            let details: Vec<_> = details.into_iter().flatten().map(|word| word.written()).collect();
            let found = between(analysis, id.into(), entity);
            let mark = match interaction.party {
                Party::Unknown(_) => Mark::Unknown,
                Party::Persona(_) | Party::Team(_) => Mark::Plain,
            };
            let mut value =
                Value::plain(interaction.name.written()).detail(details.join(", ")).at(interaction.place);
            value.entity = Some(entity);
            value.mark = mark;
            with_findings(value, &found)
        })
        .collect()
}

/// The grants in the card's order, then what is needed and not granted.
fn access(analysis: &Analysis, id: PersonaId) -> Vec<Value> {
    let catalog = &analysis.catalog;
    let persona = &catalog.personas[id.index()];
    let facts = analysis.facts.of_persona(id);
    let mut values = Vec::new();
    for grant in &persona.grants {
        let entity: Entity = grant.component.into();
        let found: Vec<_> = between(analysis, id.into(), entity)
            .into_iter()
            .filter(|(_, finding)| finding.rule.id != "missing-access" && concerns(finding, grant))
            .collect();
        let needs = facts.needs_of(grant.component);
        let mut value = Value::of(analysis, entity).detail(grant_phrase(catalog, grant)).at(grant.place);
        value = value.because(format!(
            "It is granted {}{} ({}).",
            grant_phrase(catalog, grant),
            match grant.state(analysis.day) {
                GrantState::Active => "",
                GrantState::NotYet => ", from a day still to come",
                GrantState::Expired => ", until a day that has passed",
            },
            line_of(analysis, grant.place)
        ));
        if let Some(reason) = &grant.reason {
            value = value.because(format!("The card's reason: {reason}."));
        }
        for need in needs {
            value = value.because(format!(
                "{} needs {}.",
                catalog.label(asker(analysis, need.source)),
                need_phrase(catalog, need)
            ));
        }
        if needs.is_empty() {
            value = value.because("Nothing that this persona does needs it.");
        }
        value.mark = grant_mark(&found, !needs.is_empty());
        values.push(with_findings(value, &found));
    }
    let missing = analysis
        .about(id.into())
        .filter(|(_, finding)| finding.rule.id == "missing-access" && finding.subject == Entity::Persona(id));
    for (place, finding) in missing {
        let Some(object) = finding.object else { continue };
        let asked = finding.evidence.iter().find(|edge| edge.relation == "uses");
        let mut value = Value::of(analysis, object).because(finding.message.clone());
        value.detail = missing_phrase(analysis, id, finding);
        value.mark = Mark::Missing;
        value.place = asked.map(|edge| edge.place);
        value.findings = vec![place];
        values.push(value);
    }
    values
}

/// Whether a finding about a persona and a component is about this grant of several: its proof names
/// the grant. A redundant grant's proof also names the one that covers it, which is right as it is.
fn concerns(finding: &Finding, grant: &Grant) -> bool {
    if finding.rule.id == "redundant-grant" {
        return finding.place == Some(grant.place);
    }
    let mut granted =
        finding.evidence.iter().filter(|edge| edge.from == finding.subject && edge.relation == "is granted");
    granted.clone().next().is_none() || granted.any(|edge| edge.place == grant.place)
}

/// "needs write in prod": the highest that is needed there.
fn missing_phrase(analysis: &Analysis, id: PersonaId, finding: &Finding) -> String {
    let settings = &analysis.catalog.settings;
    let Some(Entity::Component(component)) = finding.object else { return String::new() };
    let needs = analysis.facts.of_persona(id).needs_of(component).iter();
    let there = needs.filter(|need| finding.environment.is_none_or(|environment| need.is_in(environment)));
    let level = there.filter_map(|need| need.level).max();
    let level = level.map_or("access", |level| settings.level(level));
    match finding.environment {
        Some(environment) => format!("needs {level} in {}", settings.environment(environment)),
        None => format!("needs {level}"),
    }
}

fn grant_mark(found: &[(usize, &Finding)], needed: bool) -> Mark {
    let open = |rules: &[&str]| {
        found.iter().find(|(_, finding)| finding.is_open() && rules.contains(&finding.rule.id))
    };
    if let Some((_, finding)) = open(&["unneeded-access"]) {
        return if finding.confidence == Confidence::Low { Mark::Unsure } else { Mark::Unneeded };
    }
    if open(&["excess-level", "excess-tools", "human-write-in-prod", "unneeded-environment"]).is_some() {
        return Mark::TooWide;
    }
    if found.iter().any(|(_, finding)| finding.is_open()) {
        return Mark::Flawed;
    }
    if needed { Mark::Needed } else { Mark::Plain }
}

fn processes(analysis: &Analysis, id: PersonaId) -> Vec<Value> {
    let catalog = &analysis.catalog;
    let performs = &analysis.facts.of_persona(id).performs;
    let persona = &catalog.personas[id.index()];
    persona
        .processes
        .iter()
        .map(|part| {
            let entity: Entity = part.process.into();
            let mut value = Value::of(analysis, entity).at(part.place);
            value.detail = part.responsibility.map_or(String::new(), |part| part.word().to_owned());
            let wholes = &analysis.facts.wholes[part.process.index()];
            let parts = &analysis.facts.parts[part.process.index()];
            for performed in performs {
                let step = &catalog.steps[performed.step.index()];
                if parts.contains(&step.process) || wholes.contains(&step.process) {
                    value = value.because(format!(
                        "It performs {} of {}.",
                        step.name,
                        catalog.label(step.process.into())
                    ));
                }
            }
            if !analysis.facts.is_described(part.process) {
                value = value.because("What this process uses is not described.");
                if value.mark == Mark::Plain {
                    value.mark = Mark::Unsure;
                }
            }
            with_findings(value, &between(analysis, id.into(), entity))
        })
        .collect()
}

/// The listed skills in the card's order, then those that are required and not there.
fn skills(analysis: &Analysis, id: PersonaId) -> Vec<Value> {
    let catalog = &analysis.catalog;
    let facts = analysis.facts.of_persona(id);
    let persona = &catalog.personas[id.index()];
    let mut values = Vec::new();
    for listed in &persona.skills {
        let entity: Entity = listed.skill.into();
        let mut value = Value::of(analysis, entity).at(listed.place);
        value.detail =
            listed.level.map_or(String::new(), |level| catalog.settings.skill_level(level).to_owned());
        let requirements = facts.requirements_of(listed.skill);
        for requirement in requirements {
            value = value.because(format!("{} asks for it.", catalog.label(source(requirement.source))));
        }
        // A skill may be there for what it implies.
        let implied = analysis.facts.implied[listed.skill.index()].iter().filter(|other| {
            facts.held(**other).is_some_and(|held| held.through == listed.skill && held.skill != listed.skill)
        });
        let mut asked = !requirements.is_empty();
        for other in implied {
            for requirement in facts.requirements_of(*other) {
                asked = true;
                value = value.because(format!(
                    "It implies {}, which {} asks for.",
                    catalog.label((*other).into()),
                    catalog.label(source(requirement.source))
                ));
            }
        }
        if !asked {
            value = value.because("The card lists it; nothing that this persona does asks for it.");
        }
        let found = between(analysis, id.into(), entity);
        if found.iter().any(|(_, finding)| finding.is_open()) {
            value.mark = Mark::Flawed;
        } else if asked && value.mark == Mark::Plain {
            value.mark = Mark::Needed;
        }
        values.push(with_findings(value, &found));
    }
    let missing = analysis
        .about(id.into())
        .filter(|(_, finding)| finding.rule.id == "missing-skill" && finding.subject == Entity::Persona(id));
    for (place, finding) in missing {
        let Some(object) = finding.object else { continue };
        let asker = finding.evidence.iter().find(|edge| edge.relation == "asks for");
        let mut value = Value::of(analysis, object).because(finding.message.clone());
        value.detail =
            asker.map_or(String::new(), |edge| format!("asked for by {}", catalog.label(edge.from)));
        value.mark = if finding.confidence == Confidence::Low { Mark::Unsure } else { Mark::Missing };
        value.place = asker.map(|edge| edge.place);
        value.findings = vec![place];
        values.push(value);
    }
    values
}

/// What agents and services owe: who answers, who can stop them, who watches, whom they set to work.
fn duties(analysis: &Analysis, id: PersonaId) -> Vec<Field> {
    let catalog = &analysis.catalog;
    let persona = &catalog.personas[id.index()];
    let owed = |rule: &'static str, title: &'static str, names: &[Named<Actor>]| {
        // Whoever watches an agent may be an agent too; for all else it takes a human.
        let nobody = if rule == "unmonitored-agent" { "nobody else" } else { "no human" };
        let mut values: Vec<Value> = names.iter().map(|named| named_value(analysis, named)).collect();
        // Who comes next is asked when the one before is not there.
        let is_chain = rule == "no-escalation" && values.len() > 1;
        let mut next = is_chain;
        for (value, named) in values.iter_mut().zip(names) {
            let (there, who) = there_now(analysis, named.target);
            value.detail = match (who, next && there) {
                (who, true) if who.is_empty() => "next".to_owned(),
                (who, true) => format!("next: {who}"),
                (who, false) => who,
            };
            next &= !there;
        }
        for (place, finding) in analysis.about(id.into()) {
            if finding.rule.id == rule && finding.is_open() {
                let mut value = Value::plain(nobody).because(finding.message.clone());
                value.mark = Mark::Missing;
                value.findings = vec![place];
                values.push(value);
            }
        }
        Field { title, values }
    };
    let mut answers = owed("unaccountable-agent", "Answers to", &persona.accountable);
    for end in &analysis.facts.answerable[id.index()] {
        let entity: Entity = (*end).into();
        if !answers.values.iter().any(|value| value.entity == Some(entity)) {
            answers.values.push(Value::of(analysis, entity).detail("in the end"));
        }
    }
    let monitored: Vec<Named<Actor>> = persona
        .monitored_by
        .iter()
        .map(|named| Named {
            name: named.name.clone(),
            target: named.target.map(Actor::Persona),
            place: named.place,
        })
        .collect();
    let mut overridden = owed("no-override", "Overridden by", &persona.override_by);
    if let (Some(how), Some(first)) = (&persona.override_how, overridden.values.first_mut()) {
        first.detail = if first.detail.is_empty() { how.clone() } else { format!("{how}; {}", first.detail) };
    }
    let invoked: Vec<PersonaId> = persona.invokes.iter().filter_map(|named| named.target).collect();
    let reached = analysis.facts.hand_overs.reach(catalog, id).into_iter().skip(1);
    let onward = reached.filter(|reached| !invoked.contains(&reached.persona)).map(|reached| {
        let value = Value::of(analysis, reached.persona.into());
        match reached.by.filter(|by| *by != id) {
            Some(by) => value.detail(format!("through {}", catalog.label(by.into()))),
            None => value.detail("by a scenario"),
        }
    });
    let invokes = persona.invokes.iter().map(|named| {
        let mut value = Value::plain(named.name.written()).at(named.place);
        value.entity = named.target.map(Entity::from);
        value.mark = if named.target.is_some() { Mark::Plain } else { Mark::Unknown };
        value
    });
    let identity = persona.identity.as_ref().map(|identity| {
        let words = [&identity.provider, &identity.id];
        let words: Vec<_> = words.into_iter().flatten().map(|word| word.written()).collect();
        Value::plain(words.join(" ")).at(persona.place.with(persona.place.path.key("identity")))
    });
    vec![
        answers,
        owed("no-escalation", "Escalates to", &persona.escalates_to),
        overridden,
        owed("unmonitored-agent", "Monitored by", &monitored),
        Field { title: "Invokes", values: invokes.collect() },
        Field { title: "Sets to work in the end", values: onward.collect() },
        Field { title: "Identity", values: identity.into_iter().collect() },
    ]
}

/// Whether somebody named is there now, and who that is: of a persona the people who embody it.
fn there_now(analysis: &Analysis, named: Option<Actor>) -> (bool, String) {
    let catalog = &analysis.catalog;
    match named {
        None => (false, String::new()),
        Some(Actor::Person(id)) if catalog.people[id.index()].active => (true, String::new()),
        Some(Actor::Person(_)) => (false, "away".to_owned()),
        Some(Actor::Persona(id)) if !catalog.personas[id.index()].is_human() || catalog.people.is_empty() => {
            (catalog.personas[id.index()].is_human(), String::new())
        }
        Some(Actor::Persona(id)) => {
            let people = &analysis.facts.embodied_by[id.index()];
            let names: Vec<String> = people.iter().map(|person| catalog.label((*person).into())).collect();
            match names.as_slice() {
                [] => (false, "nobody is there now".to_owned()),
                names => (true, format!("now {}", names.join(", "))),
            }
        }
    }
}

fn named_value(analysis: &Analysis, named: &Named<Actor>) -> Value {
    let mut value = match named.target {
        Some(actor) => Value::of(analysis, actor.into()),
        None => Value::plain(named.name.written()),
    };
    if named.target.is_none() {
        value.mark = Mark::Unknown;
    }
    value.at(named.place)
}

pub(in crate::analysis) fn source(source: RequirementSource) -> Entity {
    match source {
        RequirementSource::Step(step) => step.into(),
        RequirementSource::Process(process) => process.into(),
        RequirementSource::Component(component, _) => component.into(),
    }
}

fn with_findings(mut value: Value, found: &[(usize, &Finding)]) -> Value {
    for (place, finding) in found {
        value.findings.push(*place);
        let from = if is_outside(finding.rule) { "From the logs: " } else { "" };
        value.why.push(format!("{from}{}", finding.message));
    }
    value
}

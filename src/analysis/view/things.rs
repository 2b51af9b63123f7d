//! The cards of processes, steps and components.

use crate::analysis::Analysis;
use crate::analysis::evidence::{grant_phrase, need_phrase};
use crate::catalog::{ComponentId, Entity, PersonaId, ProcessId, StepId, Use};

use super::{CardView, Field, Mark, Value, asker, between, line_of};

pub(super) fn process(analysis: &Analysis, id: ProcessId, view: &mut CardView) {
    let catalog = &analysis.catalog;
    let process = &catalog.processes[id.index()];
    view.description.clone_from(&process.description);
    let wholes = process.part_of.iter().map(|whole| Value::of(analysis, (*whole).into()));
    let parts = analysis.facts.parts[id.index()].iter().filter(|part| **part != id);
    let steps = process.steps.iter().map(|step| {
        let stated = &catalog.steps[step.index()];
        let performers: Vec<_> = stated.performers.iter().map(|performer| performer.name.written()).collect();
        let who = if performers.is_empty() { "all that take part".to_owned() } else { performers.join(", ") };
        let mut value = Value::of(analysis, (*step).into())
            .detail(format!("{}, by {who}", catalog.settings.environment_list(stated.environments)))
            .at(stated.place);
        value.text = stated.name.written().to_owned();
        value.findings = analysis.about((*step).into()).map(|(place, _)| place).collect();
        if !value.findings.is_empty() {
            value.mark = Mark::Flawed;
        }
        value
    });
    let mut takes_part = Vec::new();
    for index in 0..catalog.personas.len() {
        let persona = PersonaId::from_index(index);
        if analysis.facts.of_persona(persona).takes_part_in(id) {
            let parts = &catalog.personas[index].processes;
            let through = parts.iter().find(|part| analysis.facts.wholes[id.index()].contains(&part.process));
            let detail = through.map_or(String::new(), |part| {
                let word = part.responsibility.map_or("", |part| part.word());
                if part.process == id {
                    word.to_owned()
                } else {
                    format!("through {}", catalog.label(part.process.into()))
                }
            });
            takes_part.push(Value::of(analysis, persona.into()).detail(detail));
        }
    }
    let phases = process.phases.iter().map(|phase| Value::plain(phase.written()));
    let skills = process.skills.iter().map(|skill| Value::of(analysis, skill.skill.into()).at(skill.place));
    view.fields = vec![
        Field { title: "Part of", values: wholes.collect() },
        Field { title: "Parts", values: parts.map(|part| Value::of(analysis, (*part).into())).collect() },
        Field { title: "Phases", values: phases.collect() },
        Field { title: "Steps", values: steps.collect() },
        Field { title: "Uses", values: uses(analysis, &process.uses) },
        Field { title: "Asks for", values: skills.collect() },
        Field { title: "Who takes part", values: takes_part },
    ];
}

pub(super) fn step(analysis: &Analysis, id: StepId, view: &mut CardView) {
    let catalog = &analysis.catalog;
    let step = &catalog.steps[id.index()];
    view.description.clone_from(&step.description);
    let mut performers: Vec<Value> = step
        .performers
        .iter()
        .map(|performer| {
            let mut value = match performer.persona {
                Some(persona) => Value::of(analysis, persona.into()),
                None => Value::plain(performer.name.written()),
            };
            if performer.persona.is_none() {
                value.mark = Mark::Unknown;
            }
            value.detail =
                performer.cap.map_or(String::new(), |cap| format!("{} at most", catalog.settings.level(cap)));
            value.at(performer.place)
        })
        .collect();
    if step.performers.is_empty() {
        performers = (0..catalog.personas.len())
            .map(PersonaId::from_index)
            .filter(|persona| {
                analysis.facts.of_persona(*persona).performs.iter().any(|performed| performed.step == id)
            })
            .map(|persona| Value::of(analysis, persona.into()).detail("takes part"))
            .collect();
    }
    let skills = step.skills.iter().map(|skill| Value::of(analysis, skill.skill.into()).at(skill.place));
    let next = step.next.iter().map(|next| {
        Value::of(analysis, next.step.map_or(Entity::Process(next.process), Entity::Step)).at(next.place)
    });
    view.fields = vec![
        Field { title: "Process", values: vec![Value::of(analysis, step.process.into())] },
        Field { title: "Performed by", values: performers },
        Field { title: "Uses", values: uses(analysis, &step.uses) },
        Field { title: "Asks for", values: skills.collect() },
        Field { title: "Leads to", values: next.collect() },
    ];
}

fn uses(analysis: &Analysis, uses: &[Use]) -> Vec<Value> {
    let catalog = &analysis.catalog;
    uses.iter()
        .map(|used| {
            let level = used.level.map_or("at no particular level", |level| catalog.settings.level(level));
            let tools: Vec<_> = used.tools.iter().map(crate::card::words::Name::written).collect();
            let mut detail = level.to_owned();
            if !used.environments.is_empty() {
                detail = format!("{detail} in {}", catalog.settings.environment_list(used.environments));
            }
            if !tools.is_empty() {
                detail = format!("{detail} with {}", tools.join(", "));
            }
            Value::of(analysis, used.component.into()).detail(detail).at(used.place)
        })
        .collect()
}

pub(super) fn component(analysis: &Analysis, id: ComponentId, view: &mut CardView) {
    let catalog = &analysis.catalog;
    let component = &catalog.components[id.index()];
    view.description.clone_from(&component.description);
    let roles = component.roles.iter().map(|role| {
        let level = role.level.map_or("no level", |level| catalog.settings.level(level));
        let place = catalog.settings.environment_list(role.environments);
        Value::plain(role.name.written()).detail(format!("{level} in {place}")).at(role.place)
    });
    let skills = component.skills.iter().map(|skill| {
        let from = skill.from.map_or(String::new(), |from| format!("from {}", catalog.settings.level(from)));
        Value::of(analysis, skill.skill.into()).detail(from).at(skill.place)
    });
    let tools = component.tools.iter().map(|(tool, level)| {
        Value::plain(tool.written())
            .detail(level.map_or(String::new(), |level| catalog.settings.level(level).to_owned()))
    });
    let flows_in = catalog.components.iter().enumerate().flat_map(|(index, other)| {
        let flows = other.flows_to.iter().filter(move |flow| flow.component == id);
        flows.map(move |flow| (ComponentId::from_index(index), flow))
    });
    let flows_in = flows_in.map(|(other, flow)| {
        Value::of(analysis, other.into()).detail(flow.label.clone().unwrap_or_default()).at(flow.place)
    });
    let flows_out = component.flows_to.iter().map(|flow| {
        Value::of(analysis, flow.component.into())
            .detail(flow.label.clone().unwrap_or_default())
            .at(flow.place)
    });
    let alternatives = component.alternatives.iter().map(|alternative| {
        let removes: Vec<_> =
            alternative.removes.iter().map(|skill| catalog.label((*skill).into())).collect();
        let detail =
            if removes.is_empty() { String::new() } else { format!("without {}", removes.join(", ")) };
        Value::of(analysis, alternative.component.into()).detail(detail).at(alternative.place)
    });
    view.fields = vec![
        Field { title: "Who may and who needs", values: holders(analysis, id) },
        Field { title: "Used by", values: used_by(analysis, id) },
        Field { title: "Roles", values: roles.collect() },
        Field { title: "Asks for", values: skills.collect() },
        Field { title: "Tools", values: tools.collect() },
        Field {
            title: "Authentication",
            values: component.auth.iter().map(|auth| Value::plain(auth.written())).collect(),
        },
        Field { title: "Audit log", values: component.audit_log.iter().map(Value::plain).collect() },
        Field { title: "Flows from", values: flows_in.collect() },
        Field { title: "Flows to", values: flows_out.collect() },
        Field { title: "Alternatives", values: alternatives.collect() },
        Field { title: "Role table", values: component.role_table.iter().map(Value::plain).collect() },
    ];
}

/// Per persona: what it is granted and what it needs, with the mark of the two beside each other.
fn holders(analysis: &Analysis, id: ComponentId) -> Vec<Value> {
    let catalog = &analysis.catalog;
    let mut values = Vec::new();
    for (index, persona) in catalog.personas.iter().enumerate() {
        let holder = PersonaId::from_index(index);
        let facts = analysis.facts.of_persona(holder);
        let needs = facts.needs_of(id);
        let grants: Vec<_> = facts
            .active
            .iter()
            .map(|&place| &persona.grants[place])
            .filter(|grant| grant.component == id)
            .collect();
        if needs.is_empty() && grants.is_empty() {
            continue;
        }
        let granted: Vec<_> = grants.iter().map(|grant| grant_phrase(catalog, grant)).collect();
        let needed: Vec<_> = needs.iter().map(|need| need_phrase(catalog, need)).collect();
        let mut value = Value::of(analysis, holder.into());
        let needed: Vec<String> = needed.into_iter().map(|need| need.replace(" (capped)", "")).collect();
        value.detail = match (granted.is_empty(), needed.is_empty()) {
            (false, false) => format!("has {}; needs {}", granted.join("; "), distinct(needed).join("; ")),
            (false, true) => format!("has {}; needs nothing", granted.join("; ")),
            _ => format!("has nothing; needs {}", distinct(needed).join("; ")),
        };
        for grant in &grants {
            value = value.because(format!(
                "Granted {} ({}).",
                grant_phrase(catalog, grant),
                line_of(analysis, grant.place)
            ));
        }
        for need in needs {
            let used = need.asked_by(catalog);
            value = value.because(format!(
                "{} needs {} ({}).",
                catalog.label(asker(analysis, need.source)),
                need_phrase(catalog, need),
                line_of(analysis, used.place)
            ));
        }
        let found = between(analysis, holder.into(), id.into());
        let open = |rule: &str| found.iter().any(|(_, finding)| finding.is_open() && finding.rule.id == rule);
        value.mark = if grants.is_empty() || open("missing-access") {
            Mark::Missing
        } else if open("unneeded-access") {
            if facts.unsure { Mark::Unsure } else { Mark::Unneeded }
        } else if open("excess-level")
            || open("excess-tools")
            || open("unneeded-environment")
            || open("human-write-in-prod")
        {
            Mark::TooWide
        } else if found.iter().any(|(_, finding)| finding.is_open()) {
            Mark::Flawed
        } else if needs.is_empty() {
            Mark::Plain
        } else {
            Mark::Needed
        };
        value.place = grants.first().map(|grant| grant.place);
        for (place, finding) in found {
            value.findings.push(place);
            value.why.push(finding.message.clone());
        }
        values.push(value);
    }
    values
}

fn used_by(analysis: &Analysis, id: ComponentId) -> Vec<Value> {
    let catalog = &analysis.catalog;
    // A step may use a component twice: to write here, to read there.
    let mut found: Vec<(Entity, &Use)> = Vec::new();
    for (index, process) in catalog.processes.iter().enumerate() {
        let uses = process.uses.iter().filter(|used| used.component == id);
        found.extend(uses.map(|used| (ProcessId::from_index(index).into(), used)));
    }
    for (index, step) in catalog.steps.iter().enumerate() {
        let uses = step.uses.iter().filter(|used| used.component == id);
        found.extend(uses.map(|used| (StepId::from_index(index).into(), used)));
    }
    found
        .into_iter()
        .map(|(entity, used)| {
            let level = used.level.map_or("at no particular level", |level| catalog.settings.level(level));
            let environments = match entity {
                Entity::Step(step) if used.environments.is_empty() => {
                    catalog.steps[step.index()].environments
                }
                _ => used.environments,
            };
            let place = catalog.settings.environment_list(environments);
            let mut value = Value::of(analysis, entity).detail(format!("{level} in {place}")).at(used.place);
            value.text = catalog.id(entity).into_owned();
            value
        })
        .collect()
}

fn distinct(mut words: Vec<String>) -> Vec<String> {
    words.sort();
    words.dedup();
    words
}

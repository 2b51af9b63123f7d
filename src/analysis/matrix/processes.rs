//! Persona x process: which part a persona has, and with which access it does it.

use crate::analysis::effective::Context;
use crate::analysis::{Analysis, NeedSource};
use crate::catalog::{Entity, PersonaId, ProcessId};

use super::{Amount, Judged, State, findings_between, unless_decided};

/// The cells of a persona.
pub(super) fn row(analysis: &Analysis, id: PersonaId, context: &Context) -> Vec<(Entity, Judged)> {
    let catalog = &analysis.catalog;
    let facts = analysis.facts.of_persona(id);
    let mut processes: Vec<ProcessId> =
        catalog.personas[id.index()].processes.iter().map(|part| part.process).collect();
    processes.extend(&facts.takes_part);
    processes.extend(facts.performs.iter().map(|performed| catalog.steps[performed.step.index()].process));
    processes.sort_unstable();
    processes.dedup();
    processes.into_iter().map(|process| (process.into(), cell(analysis, id, process, context))).collect()
}

fn cell(analysis: &Analysis, id: PersonaId, process: ProcessId, context: &Context) -> Judged {
    let catalog = &analysis.catalog;
    let facts = analysis.facts.of_persona(id);
    let persona = &catalog.personas[id.index()];
    let listed = persona.processes.iter().find(|part| part.process == process);
    let performs = facts.performs.iter().any(|performed| {
        let step = &catalog.steps[performed.step.index()];
        let here = context.environment.is_none_or(|environment| {
            step.environments.is_empty() || step.environments.contains(environment)
        });
        let phase =
            context.phase.as_ref().is_none_or(|phase| step.phase.as_ref().is_none_or(|own| own == phase));
        step.process == process && here && phase
    });
    let mut asked = false;
    let mut level = None;
    for need in facts.needs.iter().filter(|need| context.concerns(need)) {
        let source = match need.source {
            NeedSource::Step(step, _) => catalog.steps[step.index()].process,
            NeedSource::Process(process, _) => process,
        };
        if source == process {
            asked = true;
            level = level.max(need.level);
        }
    }
    let left = match listed {
        None => Amount::Nothing,
        Some(part) => part.responsibility.map_or(Amount::Unstated, Amount::Part),
    };
    let right = match (asked, level) {
        (false, _) => Amount::Nothing,
        (true, None) => Amount::Unstated,
        (true, Some(level)) => Amount::Access(level),
    };
    let found: Vec<_> =
        findings_between(analysis, id.into(), process.into()).map(|(_, finding)| finding).collect();
    let related = |one: ProcessId| {
        analysis.facts.wholes[process.index()].contains(&one)
            || analysis.facts.parts[process.index()].contains(&one)
    };
    let stated = &catalog.processes[process.index()];
    let state = match listed {
        None if persona.processes.iter().any(|part| related(part.process)) => State::Implied,
        None => unless_decided(State::Missing, &found, &["performer-without-process"]),
        Some(_) if found.iter().any(|finding| finding.is_open()) => State::Flawed,
        Some(part) if part.takes_part() && (!stated.declared || !analysis.facts.is_described(process)) => {
            State::Unsure
        }
        Some(_) if performs || asked => State::Right,
        Some(_) => State::Plain,
    };
    Judged::new(state, left, right)
}

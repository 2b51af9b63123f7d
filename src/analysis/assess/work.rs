//! Questions about processes, the architecture and planning.

use std::collections::BTreeSet;

use crate::catalog::{ComponentId, Entity, PersonaId, ProcessId, StepId};

use super::{Sample, against};
use crate::analysis::Analysis;

pub(super) fn described(analysis: &Analysis) -> Sample {
    let mut sample = Sample::of("processes");
    for (index, process) in analysis.catalog.processes.iter().enumerate() {
        let id = ProcessId::from_index(index);
        let label = analysis.catalog.label(id.into());
        if !process.declared {
            sample.bad(format!("{label} is named, and has no card."));
        } else if !analysis.facts.is_described(id) {
            sample.bad(format!("{label} does not say what it uses."));
        } else {
            sample.good();
        }
    }
    sample
}

pub(super) fn mapped(analysis: &Analysis) -> Sample {
    let mut sample = Sample::of("personas");
    for (index, facts) in analysis.facts.personas.iter().enumerate() {
        if facts.takes_part.is_empty() && facts.performs.is_empty() {
            let label = analysis.catalog.label(PersonaId::from_index(index).into());
            sample.bad(format!("{label} takes part in no process."));
        } else {
            sample.good();
        }
    }
    sample
}

pub(super) fn architecture(analysis: &Analysis) -> Sample {
    let catalog = &analysis.catalog;
    let mut sample = Sample::of("components");
    let flown: BTreeSet<ComponentId> =
        catalog.components.iter().flat_map(|own| &own.flows_to).map(|flow| flow.component).collect();
    for (index, own) in catalog.components.iter().enumerate() {
        let id = ComponentId::from_index(index);
        let label = catalog.label(id.into());
        if !own.declared {
            sample.bad(format!("{label} is used, and has no card."));
        } else if own.layer.is_none() && own.flows_to.is_empty() && !flown.contains(&id) {
            sample.bad(format!("{label} has neither a layer nor a flow."));
        } else {
            sample.good();
        }
    }
    sample
}

/// Steps that change something in production, by whether an agent or a service does them.
pub(super) fn automation(analysis: &Analysis) -> Sample {
    let catalog = &analysis.catalog;
    let (production, write) = (catalog.settings.production(), catalog.settings.second_level());
    let mut sample = Sample::of("steps that change production");
    let mut automated: BTreeSet<StepId> = BTreeSet::new();
    let mut performed: BTreeSet<StepId> = BTreeSet::new();
    for (index, facts) in analysis.facts.personas.iter().enumerate() {
        for one in &facts.performs {
            performed.insert(one.step);
            // Who may read only does not do the change.
            if !catalog.personas[index].is_human() && one.cap.is_none_or(|cap| cap >= write) {
                automated.insert(one.step);
            }
        }
    }
    for (index, step) in catalog.steps.iter().enumerate() {
        let id = StepId::from_index(index);
        let changes = step.uses.iter().any(|used| {
            let environments =
                if used.environments.is_empty() { step.environments } else { used.environments };
            environments.contains(production) && used.level.is_some_and(|level| level >= write)
        });
        if !changes {
            continue;
        }
        let label = catalog.label(id.into());
        if automated.contains(&id) {
            sample.good();
        } else if performed.contains(&id) {
            sample.bad(format!("{label} is done by hand."));
        } else {
            sample.unknown(format!("Nobody is known to do {label}."));
        }
    }
    sample
}

pub(super) fn interactions(analysis: &Analysis) -> Sample {
    let mut sample = Sample::of("interactions");
    for (index, own) in analysis.catalog.personas.iter().enumerate() {
        let id = Entity::Persona(PersonaId::from_index(index));
        for other in &own.interactions {
            let found = against(analysis, &["unknown-interaction"], id, Some(other.party.into()));
            sample.judged(analysis, found);
        }
    }
    sample
}

pub(super) fn backlog(analysis: &Analysis) -> Sample {
    let mut sample = Sample::of("personas");
    for (index, own) in analysis.catalog.personas.iter().enumerate() {
        if own.work_items.is_empty() {
            let label = analysis.catalog.label(PersonaId::from_index(index).into());
            sample.bad(format!("{label} lists no work item."));
        } else {
            sample.good();
        }
    }
    sample
}

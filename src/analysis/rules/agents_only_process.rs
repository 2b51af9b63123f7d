//! `agents-only-process`: a process that only agents and services take part in.

use crate::analysis::Context;
use crate::analysis::evidence::takes_part;
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::{PersonaId, ProcessId};

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "agents-only-process",
    category: Category::Staffing,
    summary: "only agents and services take part in a process",
    help: include_str!("../../../assets/rules/agents-only-process.md"),
    reads: Reads::All,
    check: Check::Catalog(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let catalog = context.catalog;
    let mut part: Vec<Vec<PersonaId>> = vec![Vec::new(); catalog.processes.len()];
    for (index, facts) in context.facts.personas.iter().enumerate() {
        for process in &facts.takes_part {
            part[process.index()].push(PersonaId::from_index(index));
        }
    }
    for (index, process) in catalog.processes.iter().enumerate() {
        let unattended = part[index].iter().all(|id| !catalog.personas[id.index()].is_human());
        if !process.declared || part[index].is_empty() || !unattended {
            continue;
        }
        let id = ProcessId::from_index(index);
        let message = format!("No human takes part in {}.", catalog.label(id.into()));
        let evidence = part[index].iter().take(5).flat_map(|&persona| takes_part(context, persona, id));
        sink.about(id, Severity::Info, message).because(Some(process.place), evidence.collect());
    }
}

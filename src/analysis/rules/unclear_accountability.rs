//! `unclear-accountability`: responsibilities for a process are stated, and not exactly one is accountable.

use crate::analysis::Context;
use crate::analysis::finding::{Evidence, Severity, Sink};
use crate::card::kinds::Responsibility;
use crate::catalog::{PersonaId, ProcessId};

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "unclear-accountability",
    category: Category::Staffing,
    summary: "of those who state a responsibility for a process not exactly one is accountable",
    help: include_str!("../../../assets/rules/unclear-accountability.md"),
    reads: Reads::All,
    check: Check::Catalog(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let catalog = context.catalog;
    let mut said: Vec<Vec<(PersonaId, Responsibility, crate::catalog::Place)>> =
        vec![Vec::new(); catalog.processes.len()];
    for (index, persona) in catalog.personas.iter().enumerate() {
        for part in &persona.processes {
            if let Some(responsibility) = part.responsibility {
                said[part.process.index()].push((PersonaId::from_index(index), responsibility, part.place));
            }
        }
    }
    for (index, process) in catalog.processes.iter().enumerate() {
        let mut accountable: Vec<PersonaId> = said[index]
            .iter()
            .filter(|(_, responsibility, _)| *responsibility == Responsibility::Accountable)
            .map(|(persona, _, _)| *persona)
            .collect();
        accountable.sort_unstable();
        accountable.dedup();
        if !process.declared || said[index].is_empty() || accountable.len() == 1 {
            continue;
        }
        let id = ProcessId::from_index(index);
        let count = match accountable.len() {
            0 => "nobody is accountable".to_owned(),
            count => format!("{count} are accountable"),
        };
        let message = format!("For {} responsibilities are stated, and {count}.", catalog.label(id.into()));
        let evidence = said[index]
            .iter()
            .map(|(persona, responsibility, place)| Evidence {
                from: (*persona).into(),
                relation: "takes part in",
                to: id.into(),
                detail: responsibility.word().to_owned(),
                place: *place,
            })
            .collect();
        sink.about(id, Severity::Medium, message).because(Some(process.place), evidence);
    }
}

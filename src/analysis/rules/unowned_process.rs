//! `unowned-process`: no persona takes part in a declared process.

use crate::analysis::Context;
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::ProcessId;

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "unowned-process",
    category: Category::Staffing,
    summary: "no persona takes part in a process",
    help: include_str!("../../../assets/rules/unowned-process.md"),
    reads: Reads::All,
    check: Check::Catalog(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let catalog = context.catalog;
    let mut owned = vec![false; catalog.processes.len()];
    for process in context.facts.personas.iter().flat_map(|facts| &facts.takes_part) {
        owned[process.index()] = true;
    }
    for (index, process) in catalog.processes.iter().enumerate() {
        if !process.declared || owned[index] {
            continue;
        }
        let id = ProcessId::from_index(index);
        let message = format!("No persona takes part in {}.", catalog.label(id.into()));
        sink.about(id, Severity::High, message).because(Some(process.place), Vec::new());
    }
}

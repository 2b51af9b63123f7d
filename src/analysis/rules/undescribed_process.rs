//! `undescribed-process`: a declared process of which nobody knows what it uses.

use crate::analysis::Context;
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::ProcessId;

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "undescribed-process",
    category: Category::Staffing,
    summary: "a process does not say what it uses, so nothing follows from it",
    help: include_str!("../../../assets/rules/undescribed-process.md"),
    reads: Reads::All,
    check: Check::Catalog(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let catalog = context.catalog;
    for (index, process) in catalog.processes.iter().enumerate() {
        if !process.declared || context.facts.described[index] {
            continue;
        }
        let id = ProcessId::from_index(index);
        let message = format!(
            "{} does not say what it uses, so that nothing follows for those who take part.",
            catalog.label(id.into())
        );
        sink.about(id, Severity::Info, message).because(Some(process.place), Vec::new());
    }
}

//! `unused-component`: a declared component that nothing and nobody has to do with.

use crate::analysis::Context;
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::{ComponentId, Entity};

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "unused-component",
    category: Category::Structure,
    summary: "a component stands in no layer and no flow, and nobody uses it or is granted it",
    help: include_str!("../../../assets/rules/unused-component.md"),
    reads: Reads::All,
    check: Check::Catalog(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let catalog = context.catalog;
    let mut used = vec![false; catalog.components.len()];
    let uses = catalog.processes.iter().flat_map(|process| &process.uses);
    for used_here in uses.chain(catalog.steps.iter().flat_map(|step| &step.uses)) {
        used[used_here.component.index()] = true;
    }
    for item in context.facts.personas.iter().flat_map(|facts| &facts.items) {
        if let Entity::Component(granted) = item {
            used[granted.index()] = true;
        }
    }
    for (index, component) in catalog.components.iter().enumerate() {
        for flow in &component.flows_to {
            used[index] = true;
            used[flow.component.index()] = true;
        }
    }
    for (index, component) in catalog.components.iter().enumerate() {
        if !component.declared || component.layer.is_some() || used[index] {
            continue;
        }
        let id = ComponentId::from_index(index);
        let message = format!("Nothing uses {}, and nobody is granted it.", catalog.label(id.into()));
        sink.about(id, Severity::Info, message).because(Some(component.place), Vec::new());
    }
}

//! `unlogged-access`: an agent uses a component whose use is recorded nowhere.

use crate::analysis::Context;
use crate::analysis::evidence::granted;
use crate::analysis::finding::{Evidence, Severity, Sink};
use crate::catalog::{ComponentId, PersonaId};

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "unlogged-access",
    category: Category::Agents,
    summary: "a component that an agent is granted names no audit log",
    help: include_str!("../../../assets/rules/unlogged-access.md"),
    reads: Reads::All,
    check: Check::Catalog(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let catalog = context.catalog;
    let mut granting: Vec<Vec<Evidence>> = vec![Vec::new(); catalog.components.len()];
    for (index, persona) in catalog.personas.iter().enumerate().filter(|(_, persona)| persona.is_agent()) {
        let id = PersonaId::from_index(index);
        for &place in &context.facts.of_persona(id).active {
            let grant = &persona.grants[place];
            let component = &catalog.components[grant.component.index()];
            if component.declared && component.audit_log.is_none() {
                granting[grant.component.index()].push(granted(catalog, id, grant));
            }
        }
    }
    for (index, evidence) in granting.into_iter().enumerate().filter(|(_, evidence)| !evidence.is_empty()) {
        let id = ComponentId::from_index(index);
        let message =
            format!("{} is granted to agents, and its card names no audit log.", catalog.label(id.into()));
        sink.about(id, Severity::Low, message).because(Some(catalog.components[index].place), evidence);
    }
}

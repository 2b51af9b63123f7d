//! `unconditioned-agent-access`: an agent's grants hold in every phase and at every risk.

use crate::analysis::Context;
use crate::analysis::evidence::granted;
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::PersonaId;

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "unconditioned-agent-access",
    category: Category::Agents,
    summary: "an agent has grants with neither phases nor a risk ceiling",
    help: include_str!("../../../assets/rules/unconditioned-agent-access.md"),
    reads: Reads::Own,
    check: Check::Persona(check),
};

fn check(context: &Context<'_>, persona: PersonaId, sink: &mut Sink) {
    let catalog = context.catalog;
    let stated = &catalog.personas[persona.index()];
    if !stated.is_agent() {
        return;
    }
    let mut open = context.facts.of_persona(persona).active.clone();
    open.retain(|&index| stated.grants[index].phases.is_empty() && stated.grants[index].max_risk.is_none());
    open.sort_unstable();
    let Some(&first) = open.first() else { return };
    let count = match open.len() {
        1 => "one grant holds".to_owned(),
        count => format!("{count} grants hold"),
    };
    let message = format!("Of {} {count} in every phase and at every risk.", catalog.label(persona.into()));
    let evidence = open.iter().map(|&index| granted(catalog, persona, &stated.grants[index])).collect();
    sink.about(persona, Severity::Low, message).because(Some(stated.grants[first].place), evidence);
}

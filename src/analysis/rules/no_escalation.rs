//! `no-escalation`: an agent out of its bounds has no human to turn to.

use crate::analysis::Context;
use crate::analysis::evidence::{name_of, names};
use crate::analysis::facts::first_humans;
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::PersonaId;

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "no-escalation",
    category: Category::Agents,
    summary: "an agent's escalation reaches no human",
    help: include_str!("../../../assets/rules/no-escalation.md"),
    reads: Reads::All,
    check: Check::Persona(check),
};

fn check(context: &Context<'_>, persona: PersonaId, sink: &mut Sink) {
    let catalog = context.catalog;
    let stated = &catalog.personas[persona.index()];
    if !stated.is_agent() {
        return;
    }
    let humans = first_humans(catalog, persona, |id| &catalog.personas[id.index()].escalates_to);
    if !humans.is_empty() {
        return;
    }
    let why = if stated.escalates_to.is_empty() {
        "its card names nobody"
    } else {
        "whom its card names leads to no human"
    };
    let message = format!("{} can escalate to no human: {why}.", catalog.label(persona.into()));
    let evidence =
        stated.escalates_to.iter().filter_map(|named| names(persona, "escalates to", named)).collect();
    let place = stated.escalates_to.first().map_or_else(|| name_of(catalog, persona), |named| named.place);
    sink.about(persona, Severity::High, message).because(Some(place), evidence);
}

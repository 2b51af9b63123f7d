//! `delegation-widening`: by handing work on, an access is reached that one has not oneself.
//!
//! Only what stands open counts: an access that is activated or approved first is a control.

use crate::analysis::Context;
use crate::analysis::evidence::{granted, stated as edge};
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::PersonaId;
use crate::graph::Reach;

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "delegation-widening",
    category: Category::Agents,
    summary: "an agent that can be set to work has standing access that its setter has not",
    help: include_str!("../../../assets/rules/delegation-widening.md"),
    reads: Reads::All,
    check: Check::Persona(check),
};

fn check(context: &Context<'_>, persona: PersonaId, sink: &mut Sink) {
    let catalog = context.catalog;
    let reach = context.facts.hand_overs.reach(catalog, persona);
    if reach.len() < 2 {
        return;
    }
    let own = context.facts.of_persona(persona);
    let own_grants = &catalog.personas[persona.index()].grants;
    for reached in reach.iter().filter(|reached| reached.persona != persona) {
        let agent = &catalog.personas[reached.persona.index()];
        if !agent.is_agent() {
            continue;
        }
        for &index in &context.facts.of_persona(reached.persona).active {
            let grant = &agent.grants[index];
            if !grant.is_standing() || !grant.approval.is_empty() {
                continue;
            }
            let mut mine = own
                .active
                .iter()
                .map(|&index| &own_grants[index])
                .filter(|mine| mine.component == grant.component)
                .peekable();
            let how = if mine.peek().is_none() {
                "which it is not granted itself"
            } else {
                let highest = mine.filter_map(crate::catalog::Grant::highest_level).max();
                match (grant.highest_level(), highest) {
                    (Some(theirs), Some(mine)) if theirs > mine => "at a higher level than its own",
                    _ => continue,
                }
            };
            let message = format!(
                "Through {} {} reaches {}, {how}.",
                catalog.label(reached.persona.into()),
                catalog.label(persona.into()),
                catalog.label(grant.component.into())
            );
            let mut evidence = chain(context, &reach, reached);
            let place = evidence.first().map(|edge| edge.place);
            evidence.push(granted(catalog, reached.persona, grant));
            sink.about(persona, Severity::Medium, message).object(grant.component).because(place, evidence);
        }
    }
}

/// The hand-overs from the first of a reach to one that it reaches.
fn chain(context: &Context<'_>, reach: &[Reach], to: &Reach) -> Vec<crate::analysis::Evidence> {
    let mut edges = Vec::new();
    let mut at = *to;
    while let Some(by) = at.by {
        let hand_over = context.facts.hand_overs.between(by, at.persona).next();
        edges.extend(hand_over.map(|over| edge(by, over.relation.verb(), at.persona, over.place)));
        match reach.iter().find(|known| known.persona == by) {
            Some(earlier) => at = *earlier,
            None => break,
        }
    }
    edges.reverse();
    edges
}

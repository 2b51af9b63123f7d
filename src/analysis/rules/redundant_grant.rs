//! `redundant-grant`: another grant of the same persona gives all of this one, and on no harder terms.
//!
//! Grants that do not hold on the day are looked at too: two of them may repeat each other.

use crate::analysis::Context;
use crate::analysis::evidence::granted;
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::{Approval, Component, Grant, PersonaId};

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "redundant-grant",
    category: Category::Access,
    summary: "a grant gives nothing that another grant of the persona does not give",
    help: include_str!("../../../assets/rules/redundant-grant.md"),
    reads: Reads::Own,
    check: Check::Persona(check),
};

fn check(context: &Context<'_>, persona: PersonaId, sink: &mut Sink) {
    let catalog = context.catalog;
    let grants = &catalog.personas[persona.index()].grants;
    for (index, grant) in grants.iter().enumerate() {
        let component = &catalog.components[grant.component.index()];
        let cover = grants.iter().enumerate().find(|(other_index, other)| {
            *other_index != index
                && other.component == grant.component
                && covered(component, grant, other)
                // Of two that cover each other the later one is redundant.
                && (*other_index < index || !covered(component, other, grant))
        });
        let Some((_, cover)) = cover else { continue };
        let message = format!(
            "{} is granted {} twice: this grant gives nothing that the other one does not.",
            catalog.label(persona.into()),
            catalog.label(grant.component.into())
        );
        let evidence = vec![granted(catalog, persona, grant), granted(catalog, persona, cover)];
        sink.about(persona, Severity::Low, message)
            .object(grant.component)
            .because(Some(grant.place), evidence);
    }
}

/// Whether `wide` gives all of `grant`, and is no more conditional.
fn covered(component: &Component, grant: &Grant, wide: &Grant) -> bool {
    let environments = match (grant.environments.is_empty(), wide.environments.is_empty()) {
        (true, true) => true,
        (false, false) => wide.environments.covers(grant.environments),
        _ => false,
    };
    let levels = if grant.environments.is_empty() {
        level_covers(wide.level_without_environment(), grant.level_without_environment())
    } else {
        grant
            .environments
            .iter()
            .all(|environment| level_covers(wide.level_in(environment), grant.level_in(environment)))
    };
    environments
        && levels
        && tools_cover(component, wide, grant)
        && (wide.phases.is_empty()
            || (!grant.phases.is_empty() && grant.phases.iter().all(|phase| wide.phases.contains(phase))))
        && wide.max_risk.is_none_or(|most| grant.max_risk.is_some_and(|own| most >= own))
        && wide.starts.is_none_or(|first| grant.starts.is_some_and(|own| first <= own))
        && wide.expires.is_none_or(|last| grant.expires.is_some_and(|own| last >= own))
        && (wide.approval.is_empty() || same_approval(&wide.approval, &grant.approval))
        && (wide.max_duration.is_none() || wide.max_duration == grant.max_duration)
        && (wide.is_standing() || wide.mode == grant.mode)
}

fn level_covers(wide: Option<crate::catalog::Level>, own: Option<crate::catalog::Level>) -> bool {
    match (wide, own) {
        (None, None) => true,
        (Some(wide), Some(own)) => wide >= own,
        _ => false,
    }
}

fn tools_cover(component: &Component, wide: &Grant, grant: &Grant) -> bool {
    if wide.tools.is_empty() || wide.has_every_tool() {
        return true;
    }
    if grant.has_every_tool() {
        return !component.tools.is_empty()
            && component.tools.iter().all(|(tool, _)| wide.tools.contains(tool));
    }
    !grant.tools.is_empty() && grant.tools.iter().all(|tool| wide.tools.contains(tool))
}

fn same_approval(left: &[Approval], right: &[Approval]) -> bool {
    let names = |approval: &[Approval]| {
        let mut names: Vec<_> = approval
            .iter()
            .map(|named| (named.target, named.target.is_none().then(|| named.name.key())))
            .collect();
        names.sort();
        names.dedup();
        names
    };
    names(left) == names(right)
}

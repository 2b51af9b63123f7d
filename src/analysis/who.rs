//! Who may do something with a component, who needs it, who has too much, who lacks.
//!
//! What is too much is for the rules to say; here findings are gathered, not made.

use std::cmp::Reverse;

use crate::catalog::{ComponentId, Grant, Level, PersonaId};

use super::effective::{Context, access};
use super::{Analysis, Need};

/// Rules that say that an access is wider than the work asks for.
pub const TOO_WIDE: [&str; 6] = [
    "excess-level",
    "excess-tools",
    "human-write-in-prod",
    "unneeded-access",
    "unneeded-environment",
    "unscoped-tools",
];

/// What a persona has to do with a component.
#[derive(Clone, Debug)]
pub struct Holder {
    /// Who.
    pub persona: PersonaId,
    /// Its grants there, by their places on the card, those that hold on the day.
    pub grants: Vec<usize>,
    /// Its needs there, by their places among those of the persona.
    pub needs: Vec<usize>,
    /// The highest level that it is granted there.
    pub level: Option<Level>,
    /// Open findings that say that it has more than it needs, by place.
    pub too_wide: Vec<usize>,
    /// Needs there that nothing covers, by place.
    pub lacks: Vec<usize>,
}

/// The personas that may, need or lack something of a component: in an environment and from a level up,
/// where these are given. Those with the highest level come first, of equals in file order.
#[must_use]
pub fn who(
    analysis: &Analysis,
    component: ComponentId,
    environment: Option<usize>,
    level: Option<Level>,
) -> Vec<Holder> {
    let mut holders: Vec<Holder> = (0..analysis.catalog.personas.len())
        .map(|index| holder(analysis, PersonaId::from_index(index), component, environment, level))
        .filter(|holder| !holder.grants.is_empty() || !holder.needs.is_empty())
        .collect();
    holders.sort_by_key(|holder| (holder.grants.is_empty(), Reverse(holder.level), holder.persona));
    holders
}

fn holder(
    analysis: &Analysis,
    persona: PersonaId,
    component: ComponentId,
    environment: Option<usize>,
    level: Option<Level>,
) -> Holder {
    let own = &analysis.catalog.personas[persona.index()];
    let facts = analysis.facts.of_persona(persona);
    let context = Context { environment, ..Context::default() };
    let level_of = |grant: &Grant| match environment {
        Some(environment) => grant.level_in(environment),
        None => grant.highest_level(),
    };
    // Of what states no level nobody knows that it is lower.
    let high_enough = |own: Option<Level>| level.is_none_or(|least| own.is_none_or(|own| own >= least));
    let grants: Vec<usize> = facts
        .active
        .iter()
        .copied()
        .filter(|&place| {
            let grant = &own.grants[place];
            grant.component == component && context.admits(grant) && high_enough(level_of(grant))
        })
        .collect();
    let wanted =
        |need: &Need| need.component == component && context.concerns(need) && high_enough(need.level);
    let needs: Vec<usize> = (0..facts.needs.len()).filter(|&place| wanted(&facts.needs[place])).collect();
    let mut lacks: Vec<usize> = Vec::new();
    if !needs.is_empty() {
        let uncovered = access(analysis, persona, &context).uncovered;
        lacks.extend(uncovered.iter().map(|one| one.need).filter(|need| needs.contains(need)));
        lacks.dedup();
    }
    let highest = grants.iter().filter_map(|&place| level_of(&own.grants[place])).max();
    let too_wide = analysis
        .about(component.into())
        .filter(|(_, finding)| {
            finding.is_open()
                && finding.subject == persona.into()
                && TOO_WIDE.contains(&finding.rule.id)
                && (environment.is_none()
                    || finding.environment.is_none()
                    || finding.environment == environment)
        })
        .map(|(place, _)| place)
        .filter(|_| !grants.is_empty())
        .collect();
    Holder { persona, level: highest, grants, needs, too_wide, lacks }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::analysis;

    #[test]
    fn who_may_who_needs_who_has_too_much_and_who_lacks() {
        let analysis = analysis(
            "kind: PersonaList\nitems:
  - {id: R, name: Reader, processes: [Work], component_access: [{component: S, level: read, environments: [dev]}]}
  - {id: W, name: Writer, processes: [Work], component_access: [{component: S, level: admin, environments: [dev, prod]}]}
  - {id: L, name: Lacking, processes: [Work]}
---
kind: Process\nname: Work\nsteps: [{name: do, environments: [dev], uses: [S: read]}]
",
        );
        let component = analysis.catalog.find_component(&crate::card::words::Name::new("s")).unwrap();
        let all = who(&analysis, component, None, None);
        let ids: Vec<usize> = all.iter().map(|holder| holder.persona.index()).collect();
        assert_eq!(ids, [1, 0, 2]);
        assert!(!all[0].too_wide.is_empty() && all[1].too_wide.is_empty());
        assert_eq!((all[1].lacks.len(), all[2].lacks.len()), (0, 1));
        let prod = who(&analysis, component, Some(2), Some(Level(1)));
        assert_eq!(prod.len(), 1);
        assert_eq!(prod[0].level, Some(Level(2)));
    }
}

//! Questions about agents and services.

use std::collections::BTreeSet;

use crate::catalog::{Grant, Party, PersonaId};

use super::access::{grants, is_stated, label};
use super::{Sample, against};
use crate::analysis::Analysis;

fn unattended(analysis: &Analysis) -> impl Iterator<Item = PersonaId> + '_ {
    let personas = analysis.catalog.personas.iter().enumerate();
    personas.filter(|(_, own)| !own.is_human()).map(|(index, _)| PersonaId::from_index(index))
}

fn agents(analysis: &Analysis) -> impl Iterator<Item = PersonaId> + '_ {
    unattended(analysis).filter(|id| analysis.catalog.personas[id.index()].is_agent())
}

fn agents_grants(analysis: &Analysis) -> impl Iterator<Item = (PersonaId, &Grant)> {
    grants(analysis).filter(|(id, _)| analysis.catalog.personas[id.index()].is_agent())
}

/// Agents, each by the findings of a rule.
fn by_rule(analysis: &Analysis, rule: &str) -> Sample {
    let mut sample = Sample::of("agents");
    for id in agents(analysis) {
        sample.judged(analysis, against(analysis, &[rule], id.into(), None));
    }
    sample
}

pub(super) fn identity(analysis: &Analysis) -> Sample {
    let mut sample = Sample::of("agents and services");
    for id in unattended(analysis) {
        let shared: Vec<_> = analysis
            .about(id.into())
            .filter(|(_, finding)| finding.is_open() && finding.rule.id == "shared-identity")
            .collect();
        if analysis.catalog.personas[id.index()].identity.is_none() {
            sample.bad(format!("{} states no identity.", analysis.catalog.label(id.into())));
        } else {
            sample.judged(analysis, shared);
        }
    }
    sample
}

pub(super) fn answerable(analysis: &Analysis) -> Sample {
    let mut sample = Sample::of("agents and services");
    for id in unattended(analysis) {
        sample.judged(analysis, against(analysis, &["unaccountable-agent"], id.into(), None));
    }
    sample
}

pub(super) fn overridable(analysis: &Analysis) -> Sample {
    by_rule(analysis, "no-override")
}

pub(super) fn escalation(analysis: &Analysis) -> Sample {
    by_rule(analysis, "no-escalation")
}

pub(super) fn watched(analysis: &Analysis) -> Sample {
    by_rule(analysis, "unmonitored-agent")
}

pub(super) fn just_in_time(analysis: &Analysis) -> Sample {
    let mut sample = Sample::of("grants of agents");
    for (id, grant) in agents_grants(analysis) {
        match grant.mode {
            None => sample.unknown(format!(
                "{}: no mode is stated, so it counts as always on.",
                label(analysis, id, grant)
            )),
            Some(_) if grant.is_standing() => {
                let found =
                    against(analysis, &["standing-agent-access"], id.into(), Some(grant.component.into()));
                sample.findings.extend(found.iter().map(|(place, _)| *place));
                sample.bad(format!("{}: always on.", label(analysis, id, grant)));
            }
            Some(_) => sample.good(),
        }
    }
    sample
}

pub(super) fn conditions(analysis: &Analysis) -> Sample {
    let mut sample = Sample::of("grants of agents");
    for (id, grant) in agents_grants(analysis) {
        let unscoped = against(analysis, &["unscoped-tools"], id.into(), Some(grant.component.into()));
        if !unscoped.is_empty() {
            sample.judged(analysis, unscoped);
        } else if grant.phases.is_empty() && grant.max_risk.is_none() {
            sample.bad(format!("{}: it holds in every phase and at every risk.", label(analysis, id, grant)));
        } else {
            sample.good();
        }
    }
    sample
}

pub(super) fn approval(analysis: &Analysis) -> Sample {
    let mut sample = Sample::of("grants of agents");
    let rules = ["unapproved-agent-write", "self-approval"];
    for (id, grant) in agents_grants(analysis) {
        let found = against(analysis, &rules, id.into(), Some(grant.component.into()));
        if found.is_empty() && !is_stated(grant) {
            sample.unknown(format!("{}: level or environments are not stated.", label(analysis, id, grant)));
        } else {
            sample.judged(analysis, found);
        }
    }
    sample
}

pub(super) fn trail(analysis: &Analysis) -> Sample {
    let mut sample = Sample::of("components that agents may touch");
    let components: BTreeSet<_> = agents_grants(analysis).map(|(_, grant)| grant.component).collect();
    for id in components {
        let own = &analysis.catalog.components[id.index()];
        let label = analysis.catalog.label(id.into());
        if own.audit_log.is_some() {
            sample.good();
        } else if own.declared {
            sample.bad(format!("Nothing says where the use of {label} is recorded."));
        } else {
            sample.unknown(format!("{label} has no card, so nothing says where its use is recorded."));
        }
    }
    sample
}

pub(super) fn platforms(analysis: &Analysis) -> Sample {
    let mut sample = Sample::of("grants of agents");
    for (id, grant) in agents_grants(analysis) {
        let component = &analysis.catalog.components[grant.component.index()];
        let found = against(analysis, &["missing-auth"], id.into(), Some(grant.component.into()));
        let is_known = grant.auth.is_some() || !component.auth.is_empty();
        if found.is_empty() && !is_known && component.platform.is_none() {
            sample.unknown(format!("{}: neither platform nor auth is stated.", label(analysis, id, grant)));
        } else {
            sample.judged(analysis, found);
        }
    }
    sample
}

pub(super) fn protocols(analysis: &Analysis) -> Sample {
    let catalog = &analysis.catalog;
    let mut pairs: BTreeSet<(PersonaId, PersonaId)> = BTreeSet::new();
    for id in agents(analysis) {
        let own = &catalog.personas[id.index()];
        let named = own.interactions.iter().filter_map(|other| match other.party {
            Party::Persona(other) => Some(other),
            Party::Team(_) | Party::Unknown(_) => None,
        });
        let invoked = own.invokes.iter().filter_map(|other| other.target);
        for other in
            named.chain(invoked).filter(|other| *other != id && catalog.personas[other.index()].is_agent())
        {
            pairs.insert((id.min(other), id.max(other)));
        }
    }
    let mut sample = Sample::of("pairs of agents that talk to each other");
    for (left, right) in pairs {
        let mut found = against(analysis, &["missing-protocol"], left.into(), Some(right.into()));
        found.extend(against(analysis, &["missing-protocol"], right.into(), Some(left.into())));
        sample.judged(analysis, found);
    }
    sample
}

pub(super) fn delegation(analysis: &Analysis) -> Sample {
    let mut sample = Sample::of("agents that set others to work");
    for id in agents(analysis) {
        if analysis.graph.reach(&analysis.catalog, id).len() > 1 {
            sample.judged(analysis, against(analysis, &["delegation-widening"], id.into(), None));
        }
    }
    sample
}

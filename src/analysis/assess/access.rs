//! Questions about access.

use std::collections::BTreeSet;

use crate::catalog::{DutySetId, Entity, Grant, PersonaId};

use super::{Sample, against, sentence};
use crate::analysis::Analysis;

/// The grants that hold on the day, with whose they are.
pub(super) fn grants(analysis: &Analysis) -> impl Iterator<Item = (PersonaId, &Grant)> {
    analysis.catalog.personas.iter().enumerate().flat_map(|(index, own)| {
        let id = PersonaId::from_index(index);
        own.grants.iter().filter(|grant| grant.is_active(analysis.day)).map(move |grant| (id, grant))
    })
}

/// "Ana (P1) on Storage".
pub(super) fn label(analysis: &Analysis, id: PersonaId, grant: &Grant) -> String {
    let line = crate::analysis::view::line_of(analysis, grant.place);
    let catalog = &analysis.catalog;
    format!("{} on {} ({line})", catalog.label(id.into()), catalog.label(grant.component.into()))
}

/// Whether it states where it holds, and a level follows.
pub(super) fn is_stated(grant: &Grant) -> bool {
    !grant.environments.is_empty() && grant.highest_level().is_some()
}

/// Standing access of humans to production has a question of its own.
pub(super) const WIDER_THAN_NEEDED: [&str; 5] =
    ["excess-level", "excess-tools", "unneeded-access", "unneeded-environment", "unscoped-tools"];

pub(super) fn least_privilege(analysis: &Analysis) -> Sample {
    let mut sample = Sample::of("grants");
    for (id, grant) in grants(analysis) {
        let found: Vec<_> = against(analysis, &WIDER_THAN_NEEDED, id.into(), Some(grant.component.into()))
            .into_iter()
            // Of several grants on a component the proof names the one that is meant.
            .filter(|(_, finding)| {
                let mut granted =
                    finding.evidence.iter().filter(|edge| edge.relation == "is granted").peekable();
                granted.peek().is_none() || granted.any(|edge| edge.place == grant.place)
            })
            .collect();
        if found.is_empty() && (analysis.facts.of_persona(id).unsure || !is_stated(grant)) {
            let why = if is_stated(grant) {
                "the work does not say what it needs"
            } else {
                "it does not state level and environments"
            };
            sample.unknown(format!("{}: {why}.", label(analysis, id, grant)));
        } else {
            sample.judged(analysis, found);
        }
    }
    sample
}

pub(super) fn enough(analysis: &Analysis) -> Sample {
    let mut sample = Sample::of("components that personas need");
    for (index, facts) in analysis.facts.personas.iter().enumerate() {
        let id = PersonaId::from_index(index);
        let needed: BTreeSet<_> = facts.needs.iter().map(|need| need.component).collect();
        for component in needed {
            let found = against(analysis, &["missing-access"], id.into(), Some(component.into()));
            sample.judged(analysis, found);
        }
    }
    sample
}

pub(super) fn tables(analysis: &Analysis) -> Sample {
    let mut sample = Sample::of("grants");
    for (id, grant) in grants(analysis) {
        if is_stated(grant) {
            sample.good();
        } else {
            let what = match (grant.environments.is_empty(), grant.highest_level().is_none()) {
                (true, true) => "level and environments are",
                (true, false) => "the environments are",
                _ => "the level is",
            };
            sample.bad(format!("{}: {what} not stated.", label(analysis, id, grant)));
        }
    }
    sample
}

pub(super) fn production(analysis: &Analysis) -> Sample {
    let mut sample = Sample::of("grants of humans");
    for (id, grant) in grants(analysis).filter(|(id, _)| analysis.catalog.personas[id.index()].is_human()) {
        let found = against(analysis, &["human-write-in-prod"], id.into(), Some(grant.component.into()));
        if found.is_empty() && !is_stated(grant) {
            sample.unknown(format!("{}: level or environments are not stated.", label(analysis, id, grant)));
        } else {
            sample.judged(analysis, found);
        }
    }
    sample
}

pub(super) fn duties(analysis: &Analysis) -> Sample {
    let mut sample = Sample::of("sets of duties");
    for index in 0..analysis.catalog.settings.duty_sets.len() {
        let set = Entity::DutySet(DutySetId::from_index(index));
        let found: Vec<_> = analysis
            .about(set)
            .filter(|(_, finding)| finding.is_open() && finding.rule.id == "separation-of-duties")
            .collect();
        if let [(_, first), rest @ ..] = found.as_slice() {
            let more = if rest.is_empty() { String::new() } else { format!(" And {} more.", rest.len()) };
            sample.bad(format!("{}{more}", sentence(analysis, first)));
            sample.findings.extend(found.iter().map(|(place, _)| *place));
        } else {
            sample.good();
        }
    }
    sample
}

pub(super) fn sign_in(analysis: &Analysis) -> Sample {
    let mut sample = Sample::of("grants");
    for (id, grant) in grants(analysis) {
        let found = against(analysis, &["static-credential"], id.into(), Some(grant.component.into()));
        if grant.auth.is_none() {
            sample.unknown(format!("{}: how it signs in is not stated.", label(analysis, id, grant)));
        } else {
            sample.judged(analysis, found);
        }
    }
    sample
}

//! What is said of routes, the same wherever it is said.

use super::asks::{Ask, Lack, Ruling, approvers};
use super::{Hop, Move, Route, Stuck};
use crate::analysis::Analysis;
use crate::analysis::people::with_people;
use crate::analysis::view::line_of;
use crate::card::kinds::Mode;
use crate::card::words::Name;
use crate::catalog::{Catalog, PersonaId, Trigger};

/// "load profile, phase test, medium risk".
#[must_use]
pub fn trigger_words(catalog: &Catalog, trigger: &Trigger) -> String {
    let mut words = vec![trigger.change.as_ref().map_or("any change", Name::written).to_owned()];
    words.extend(trigger.phase.as_ref().map(|phase| format!("phase {phase}")));
    words.extend(trigger.risk.map(|risk| format!("{} risk", catalog.settings.risk(risk))));
    words.join(", ")
}

/// "write on Azure DevOps in dev", "run_tests of MCP Server Tools (write) in dev".
#[must_use]
pub fn ask_words(catalog: &Catalog, ask: &Ask) -> String {
    let component = catalog.label(ask.component.into());
    let level = ask.level.map(|level| catalog.settings.level(level));
    let what = match (&ask.tool, level) {
        (Some(tool), Some(level)) => format!("{tool} of {component} ({level})"),
        (Some(tool), None) => format!("{tool} of {component}"),
        (None, Some(level)) => format!("{level} on {component}"),
        (None, None) => format!("something of {component}"),
    };
    match ask.environment {
        Some(environment) => format!("{what} in {}", catalog.settings.environment(environment)),
        None => what,
    }
}

/// "just in time for 2h, approved by ...": what taking an access takes; nothing where it is always on.
#[must_use]
pub fn grant_terms(analysis: &Analysis, persona: PersonaId, grant: usize) -> String {
    let Some(grant) = analysis.catalog.personas[persona.index()].grants.get(grant) else {
        return String::new();
    };
    let mut words = Vec::new();
    match grant.mode {
        None | Some(Mode::Standing) => words.push("always on".to_owned()),
        Some(Mode::Eligible) => words.push("activated for the route".to_owned()),
        Some(Mode::JustInTime) => words.push("just in time".to_owned()),
    }
    if let Some(most) = grant.max_duration.filter(|_| !grant.is_standing()) {
        words.push(format!("for {most:#} at most"));
    }
    if !grant.approval.is_empty() {
        let named: Vec<String> = grant
            .approval
            .iter()
            .map(|named| {
                named.target.map_or_else(
                    || format!("{}, who is not known", named.name),
                    |actor| with_people(analysis, actor),
                )
            })
            .collect();
        let absent = if approvers(analysis, grant).is_empty() { ", and nobody of them is there" } else { "" };
        words.push(format!("to be approved by {}{absent}", named.join("; ")));
    }
    words.join(", ")
}

/// "its grant holds up to a lower risk (cards/x.yaml:12)".
#[must_use]
pub fn refusal_words(
    analysis: &Analysis,
    persona: PersonaId,
    grant: Option<usize>,
    lacks: &[Lack],
) -> String {
    let grants = &analysis.catalog.personas[persona.index()].grants;
    let Some(grant) = grant.and_then(|place| grants.get(place)) else {
        return "it has no grant on it".to_owned();
    };
    let why: Vec<&str> = lacks.iter().map(|lack| lack.phrase()).collect();
    format!("{} ({})", why.join("; "), line_of(analysis, grant.place))
}

/// Why a route is stuck at a stop, as a sentence, and what would help.
#[must_use]
pub fn stuck_words(analysis: &Analysis, hop: &Hop, stuck: &Stuck) -> (String, String) {
    let catalog = &analysis.catalog;
    let label = hop.persona.map_or_else(|| hop.name.to_string(), |id| catalog.label(id.into()));
    let ask = |place: usize| hop.work.asks.get(place);
    match stuck {
        Stuck::NoRoute => (
            format!("{label} has nobody to hand over to."),
            "State a route in the scenario's trigger.".to_owned(),
        ),
        Stuck::NoCard => {
            let steps: Vec<String> =
                hop.work.would_do.iter().map(|step| catalog.label((*step).into())).collect();
            let needs: Vec<String> = hop
                .work
                .would_do
                .iter()
                .flat_map(|step| {
                    let step = &catalog.steps[step.index()];
                    step.uses.iter().map(move |one| {
                        let environments =
                            if one.environments.is_empty() { step.environments } else { one.environments };
                        let level = one.level.map_or("something", |level| catalog.settings.level(level));
                        let place = if environments.is_empty() {
                            String::new()
                        } else {
                            format!(" in {}", catalog.settings.environment_list(environments))
                        };
                        format!("{level} on {}{place}", catalog.label(one.component.into()))
                    })
                })
                .collect();
            let mut help = format!("Create its card: persona new persona \"{label}\".");
            if !steps.is_empty() {
                help = format!("{help} It would do {}", steps.join(", "));
                help.push_str(&if needs.is_empty() {
                    ".".to_owned()
                } else {
                    format!(", and need {}.", needs.join(", "))
                });
            }
            (format!("{label} has no card: nobody is known by that name."), help)
        }
        Stuck::NotThere => (
            format!("{label} is not there: it has not joined yet, or has left."),
            "Let it join before its turn, leave after it, or route to another.".to_owned(),
        ),
        Stuck::NobodyEmbodies => (
            format!("{label} is a human, and nobody who is there embodies it."),
            "Give the persona to somebody.".to_owned(),
        ),
        Stuck::Refused(place) => match (hop.persona, ask(*place)) {
            (Some(id), Some((ask, Ruling::Refused(grant, lacks)))) => (
                format!(
                    "{label} needs {}: {}.",
                    ask_words(catalog, ask),
                    refusal_words(analysis, id, *grant, lacks)
                ),
                "Grant it, just in time, or take the need out of its steps.".to_owned(),
            ),
            _ => (format!("{label} is refused."), String::new()),
        },
        Stuck::NobodyApproves(place) => {
            let what = ask(*place).map_or_else(String::new, |(one, _)| ask_words(catalog, one));
            (
                format!("{label} needs {what}, and nobody who can approve it is there."),
                "Name somebody who is there in the grant's approval.".to_owned(),
            )
        }
    }
}

/// "P013 joins, then P010, P011": the order of an outcome.
#[must_use]
pub fn order_words(catalog: &Catalog, route: &Route, moves: &[Move]) -> String {
    let id = |id: PersonaId| catalog.id(id.into()).into_owned();
    let words: Vec<String> = moves
        .iter()
        .map(|one| match one {
            Move::Joins(who) => format!("{} joins", id(*who)),
            Move::Leaves(who) => format!("{} leaves", id(*who)),
            Move::Hop(place) => route
                .hops
                .get(*place)
                .map_or_else(String::new, |hop| hop.persona.map_or_else(|| hop.name.to_string(), id)),
        })
        .collect();
    words.join(", ")
}

/// Who answers for a stop: humans, as people call them, each once.
#[must_use]
pub fn answers(analysis: &Analysis, persona: PersonaId) -> Vec<String> {
    let own = &analysis.catalog.personas[persona.index()];
    if own.is_human() {
        return vec![with_people(analysis, crate::catalog::Actor::Persona(persona))];
    }
    analysis.facts.answerable[persona.index()].iter().map(|actor| with_people(analysis, *actor)).collect()
}

//! Persona x component: what is granted and what is needed, in an environment or in all together.
//!
//! The comparisons are those of the rules `unneeded-access`, `unneeded-environment`, `excess-level`,
//! `excess-tools` and `missing-access`, made for each environment, so that a cell says the same as
//! the gaps do, also where a rule is off.

use crate::analysis::effective::Context;
use crate::analysis::facts::covers;
use crate::analysis::{Analysis, Finding, Need};
use crate::catalog::{ComponentId, Entity, Grant, Level, PersonaId};

use super::{Amount, Judged, State, findings_between, unless_decided};

/// Rules whose findings the comparison itself makes visible.
pub(super) const COMPARED: [&str; 5] =
    ["excess-level", "excess-tools", "missing-access", "unneeded-access", "unneeded-environment"];

/// The cells of a persona.
pub(super) fn row(analysis: &Analysis, id: PersonaId, context: &Context) -> Vec<(Entity, Judged)> {
    let persona = &analysis.catalog.personas[id.index()];
    let facts = analysis.facts.of_persona(id);
    let mut components: Vec<ComponentId> = persona.grants.iter().map(|grant| grant.component).collect();
    components.extend(facts.needs.iter().map(|need| need.component));
    components.sort_unstable();
    components.dedup();
    components
        .into_iter()
        .filter_map(|component| Some((component.into(), cell(analysis, id, component, context)?)))
        .collect()
}

/// The cell of a persona and a component: of the context's environment, else the worst of all.
pub(super) fn cell(
    analysis: &Analysis,
    id: PersonaId,
    component: ComponentId,
    context: &Context,
) -> Option<Judged> {
    let catalog = &analysis.catalog;
    let persona = &catalog.personas[id.index()];
    let pair = Pair {
        analysis,
        id,
        grants: persona.grants.iter().filter(|grant| grant.component == component).collect(),
        needs: analysis.facts.of_persona(id).needs_of(component),
        found: findings_between(analysis, id.into(), component.into()).map(|(_, finding)| finding).collect(),
        context,
    };
    if let Some(environment) = context.environment {
        return pair.judge(environment);
    }
    let count = catalog.settings.environments.len().max(1);
    // The worst; of equals the one with most access, and of these the most critical environment.
    (0..count)
        .filter_map(|environment| Some((environment, pair.judge(environment)?)))
        .min_by_key(|(environment, judged)| {
            let level = |amount: Amount| match amount {
                Amount::Access(level) => Some(level),
                _ => None,
            };
            let most = level(judged.left).max(level(judged.right));
            (judged.state, std::cmp::Reverse(most), std::cmp::Reverse(*environment))
        })
        .map(|(environment, judged)| Judged { environment: Some(environment), ..judged })
}

/// A persona and a component.
struct Pair<'a> {
    analysis: &'a Analysis,
    id: PersonaId,
    grants: Vec<&'a Grant>,
    needs: &'a [Need],
    found: Vec<&'a Finding>,
    context: &'a Context,
}

impl Pair<'_> {
    /// Whether a grant is in force, in whatever environment.
    fn in_force(&self, grant: &Grant) -> bool {
        let anywhere = Context { environment: None, ..self.context.clone() };
        grant.is_active(self.analysis.day) && anywhere.admits(grant)
    }

    fn judge(&self, environment: usize) -> Option<Judged> {
        let there = |grant: &Grant| grant.environments.is_empty() || grant.environments.contains(environment);
        let held: Vec<&Grant> =
            self.grants.iter().copied().filter(|grant| there(grant) && self.in_force(grant)).collect();
        let here: Vec<&Need> = self.needs.iter().filter(|need| need.is_in(environment)).collect();
        let left =
            amount(!held.is_empty(), held.iter().filter_map(|grant| grant.level_in(environment)).max());
        let right = amount(!here.is_empty(), here.iter().filter_map(|need| need.level).max());
        if held.is_empty() && here.is_empty() {
            // What is not in force is still to be seen.
            let asleep = self.grants.iter().find(|grant| there(grant))?;
            let left = amount(true, asleep.level_in(environment));
            return Some(Judged::new(State::Inactive, left, right));
        }
        let state = self.state(environment, &held, &here);
        let state = match state {
            State::TooHigh | State::Unneeded | State::Unsure => {
                unless_decided(state, &self.there(environment), &COMPARED)
            }
            State::Missing | State::TooLow => {
                unless_decided(state, &self.there(environment), &["missing-access"])
            }
            other => other,
        };
        let conditional = !held.is_empty() && held.iter().all(|grant| is_conditional(grant));
        let state = if state == State::Right && conditional { State::Conditional } else { state };
        Some(Judged { conditional, ..Judged::new(state, left, right) })
    }

    fn state(&self, environment: usize, held: &[&Grant], here: &[&Need]) -> State {
        let unsure = self.analysis.facts.of_persona(self.id).unsure;
        let or_unsure = |state: State| if unsure { State::Unsure } else { state };
        if held.is_empty() {
            return if self.is_uncovered(environment, here) { State::Missing } else { State::Plain };
        }
        if self.needs.is_empty() {
            return or_unsure(State::Unneeded);
        }
        let stated = |grant: &&&Grant| grant.environments.contains(environment);
        if here.is_empty() {
            let is_stated = held.iter().any(|grant| stated(&grant));
            return if is_stated { or_unsure(State::Unneeded) } else { State::Unplaced };
        }
        let highest_here = highest(here.iter().copied());
        let level_here = held.iter().filter(stated).filter_map(|grant| grant.level_in(environment)).max();
        let unplaced = held.iter().filter(|grant| grant.environments.is_empty());
        let level_anywhere = unplaced.filter_map(|grant| grant.level_without_environment()).max();
        let above = |level: Option<Level>, need: Option<Level>| matches!((level, need), (Some(level), Some(need)) if level > need);
        let tools = self
            .there(environment)
            .iter()
            .any(|finding| finding.rule.id == "excess-tools" && names_one_of(finding, held));
        if above(level_here, highest_here) || above(level_anywhere, highest(self.needs.iter())) || tools {
            return or_unsure(State::TooHigh);
        }
        if self.is_uncovered(environment, here) {
            return State::TooLow;
        }
        let flawed = self.there(environment).iter().any(|finding| {
            finding.is_open()
                && !COMPARED.contains(&finding.rule.id)
                && names_one_of(finding, held)
                && (!IN_PRODUCTION.contains(&finding.rule.id)
                    || environment == self.analysis.catalog.settings.production())
        });
        if flawed {
            State::Flawed
        } else if above(level_anywhere, highest_here) && level_here.is_none() {
            State::Unplaced
        } else {
            State::Right
        }
    }

    /// Whether a need here is answered by no grant in force.
    fn is_uncovered(&self, environment: usize, here: &[&Need]) -> bool {
        here.iter().any(|need| {
            let place = (!need.environments.is_empty()).then_some(environment);
            !self
                .grants
                .iter()
                .any(|grant| self.in_force(grant) && covers(&self.analysis.catalog, grant, need, place))
        })
    }

    /// The findings that are about this environment, or about none in particular.
    fn there(&self, environment: usize) -> Vec<&Finding> {
        let there = |finding: &&&Finding| finding.environment.is_none_or(|place| place == environment);
        self.found.iter().filter(there).copied().collect()
    }
}

/// Rules that look at production only, whatever other environments the grant states.
pub(crate) const IN_PRODUCTION: [&str; 2] = ["human-write-in-prod", "unapproved-agent-write"];

fn amount(any: bool, level: Option<Level>) -> Amount {
    match (any, level) {
        (false, _) => Amount::Nothing,
        (true, None) => Amount::Unstated,
        (true, Some(level)) => Amount::Access(level),
    }
}

/// The highest level needed, where each need states one.
fn highest<'n>(needs: impl Iterator<Item = &'n Need>) -> Option<Level> {
    let levels: Option<Vec<Level>> = needs.map(|need| need.level).collect();
    levels?.into_iter().max()
}

/// Whether a finding's proof names one of these grants, or none at all.
fn names_one_of(finding: &Finding, held: &[&Grant]) -> bool {
    if finding.rule.id == "redundant-grant" {
        return held.iter().any(|grant| finding.place == Some(grant.place));
    }
    let mut granted =
        finding.evidence.iter().filter(|edge| edge.from == finding.subject && edge.relation == "is granted");
    granted.clone().next().is_none() || granted.any(|edge| held.iter().any(|grant| grant.place == edge.place))
}

/// Whether a grant holds just in time, or on a condition only.
#[must_use]
pub(crate) fn is_conditional(grant: &Grant) -> bool {
    !grant.is_standing()
        || !grant.phases.is_empty()
        || grant.max_risk.is_some()
        || grant.expires.is_some()
        || !grant.approval.is_empty()
}

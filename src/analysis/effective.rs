//! Effective access: which grants hold in a context of environment, phase and risk.
//!
//! The day is not part of it: the analysis has one already.

use crate::card::words::Name;
use crate::catalog::{Catalog, Grant, Level};

use super::facts::Need;

/// A context. What it leaves open admits everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// In this environment.
    pub environment: Option<usize>,
    /// In this phase of a process.
    pub phase: Option<Name>,
    /// At this risk.
    pub risk: Option<Level>,
}

impl Context {
    /// Whether it leaves everything open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a grant holds in it: at once where it is standing, else once it is activated.
    #[must_use]
    pub fn admits(&self, grant: &Grant) -> bool {
        let environment = self.environment.is_none_or(|environment| {
            grant.environments.is_empty() || grant.environments.contains(environment)
        });
        let phase =
            self.phase.as_ref().is_none_or(|phase| grant.phases.is_empty() || grant.phases.contains(phase));
        let risk = self.risk.is_none_or(|risk| grant.max_risk.is_none_or(|most| risk <= most));
        environment && phase && risk
    }

    /// Whether a need is one in its environment.
    #[must_use]
    pub fn concerns(&self, need: &Need) -> bool {
        self.environment.is_none_or(|environment| need.is_in(environment))
    }

    /// "in prod, phase deploy, at high risk".
    #[must_use]
    pub fn phrase(&self, catalog: &Catalog) -> String {
        let mut words = Vec::new();
        words.extend(
            self.environment.map(|environment| format!("in {}", catalog.settings.environment(environment))),
        );
        words.extend(self.phase.as_ref().map(|phase| format!("phase {phase}")));
        words.extend(self.risk.map(|risk| format!("at {} risk", catalog.settings.risk(risk))));
        words.join(", ")
    }
}

/// Every phase that a process, a step or a grant names, as first written.
#[must_use]
pub fn phases(catalog: &Catalog) -> Vec<Name> {
    let of_processes = catalog.processes.iter().flat_map(|process| &process.phases);
    let of_steps = catalog.steps.iter().filter_map(|step| step.phase.as_ref());
    let of_grants =
        catalog.personas.iter().flat_map(|persona| &persona.grants).flat_map(|grant| &grant.phases);
    let mut phases: Vec<Name> = Vec::new();
    for phase in of_processes.chain(of_steps).chain(of_grants) {
        if !phases.contains(phase) {
            phases.push(phase.clone());
        }
    }
    phases
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::analysis;

    #[test]
    fn a_grant_holds_where_its_conditions_admit_it() {
        let text = "kind: Persona\nname: Bot\ncomponent_access: {component: S, environments: [dev], phases: [Test], max_risk: medium}\n";
        let analysis = analysis(text);
        let grant = &analysis.catalog.personas[0].grants[0];
        let context = |environment, phase: Option<&str>, risk| Context {
            environment,
            phase: phase.map(Name::new),
            risk,
        };
        assert!(context(None, None, None).admits(grant));
        assert!(context(Some(0), Some("test"), Some(Level(1))).admits(grant));
        assert!(!context(Some(2), None, None).admits(grant));
        assert!(!context(None, Some("deploy"), None).admits(grant));
        assert!(!context(None, None, Some(Level(2))).admits(grant));
        assert_eq!(
            context(Some(0), Some("test"), Some(Level(1))).phrase(&analysis.catalog),
            "in dev, phase test, at medium risk"
        );
        assert_eq!(phases(&analysis.catalog), [Name::new("test")]);
    }
}

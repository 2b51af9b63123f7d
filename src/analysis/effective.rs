//! Effective access: which grants hold in a context of environment, phase and risk, what activating
//! them takes, what keeps the others out, and which needs are left.
//!
//! The day is not part of a context: the analysis has one already.

use crate::card::words::{Name, nearest};
use crate::catalog::{Catalog, Grant, GrantState, Level, PersonaId};

use super::Analysis;
use super::facts::{Need, NeedSource, covers};

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

    /// A context of words.
    ///
    /// # Errors
    /// A sentence about the first word that the catalog does not know, with the nearest and all known.
    pub fn of_words(
        catalog: &Catalog,
        environment: Option<&str>,
        phase: Option<&str>,
        risk: Option<&str>,
    ) -> Result<Self, String> {
        let settings = &catalog.settings;
        let environment =
            environment.map(|word| known(word, &settings.environments, "environment")).transpose()?;
        let risk = risk.map(|word| level_of(word, &settings.risk_levels, "risk")).transpose()?;
        let phase = match phase {
            Some(word) => {
                let all = phases(catalog);
                let place = known(word, &all, "phase")?;
                all.get(place).cloned()
            }
            None => None,
        };
        Ok(Self { environment, phase, risk })
    }

    /// What keeps a grant from holding in it on a day; nothing where it holds.
    #[must_use]
    pub fn refusals(&self, grant: &Grant, day: jiff::civil::Date) -> Vec<Condition> {
        let environment = Self { environment: self.environment, ..Self::default() };
        let phase = Self { phase: self.phase.clone(), ..Self::default() };
        let risk = Self { risk: self.risk, ..Self::default() };
        let state = grant.state(day);
        [
            (Condition::Environment, !environment.admits(grant)),
            (Condition::Phase, !phase.admits(grant)),
            (Condition::Risk, !risk.admits(grant)),
            (Condition::Starts, state == GrantState::NotYet),
            (Condition::Expires, state == GrantState::Expired),
        ]
        .into_iter()
        .filter_map(|(condition, refused)| refused.then_some(condition))
        .collect()
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

/// The place of a word among those that are known.
///
/// # Errors
/// A sentence with the nearest word and all known ones.
pub fn known(word: &str, known: &[Name], what: &str) -> Result<usize, String> {
    let wanted = Name::new(word);
    if let Some(place) = known.iter().position(|name| *name == wanted) {
        return Ok(place);
    }
    let names: Vec<&str> = known.iter().map(Name::written).collect();
    let guess =
        nearest(word, names.iter().copied()).map_or(String::new(), |near| format!("; did you mean {near}?"));
    let list = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    Err(format!("there is no {what} {word}{guess}\n  the catalog knows: {list}"))
}

/// The same, as a level.
///
/// # Errors
/// A sentence with the nearest word and all known ones.
pub fn level_of(word: &str, all: &[Name], what: &str) -> Result<Level, String> {
    Ok(Level(u8::try_from(known(word, all, what)?).unwrap_or(u8::MAX)))
}

/// What keeps a grant from holding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Condition {
    /// It states other environments.
    Environment,
    /// It states other phases.
    Phase,
    /// It holds up to a lower risk.
    Risk,
    /// Its first day is still to come.
    Starts,
    /// Its last day has passed.
    Expires,
}

impl Condition {
    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::Phase => "phase",
            Self::Risk => "risk",
            Self::Starts => "starts",
            Self::Expires => "expires",
        }
    }

    /// "phase: only in test, and here it is deploy".
    #[must_use]
    pub fn phrase(self, analysis: &Analysis, grant: &Grant, context: &Context) -> String {
        let settings = &analysis.catalog.settings;
        match self {
            Self::Environment => {
                format!("environment: it holds in {} only", settings.environment_list(grant.environments))
            }
            Self::Phase => {
                let phases: Vec<&str> = grant.phases.iter().map(Name::written).collect();
                format!("phase: it holds in {} only", phases.join(", "))
            }
            Self::Risk => format!(
                "risk: it holds up to {} only{}",
                grant.max_risk.map_or("?", |risk| settings.risk(risk)),
                context
                    .risk
                    .map_or(String::new(), |risk| format!(", and here it is {}", settings.risk(risk)))
            ),
            Self::Starts => format!(
                "starts: its first day is {}",
                grant.starts.map_or_else(String::new, |day| day.to_string())
            ),
            Self::Expires => format!(
                "expires: its last day was {}",
                grant.expires.map_or_else(String::new, |day| day.to_string())
            ),
        }
    }
}

/// What a persona may do in a context, grants by their places on its card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// Whose.
    pub persona: PersonaId,
    /// What it may do without asking anybody.
    pub at_once: Vec<usize>,
    /// What it may do once it is activated.
    pub activated: Vec<usize>,
    /// What it may not do here, and what keeps it out.
    pub refused: Vec<(usize, Vec<Condition>)>,
    /// How many needs it has here.
    pub needed: usize,
    /// Needs that nothing covers here.
    pub uncovered: Vec<Uncovered>,
}

/// A need that no grant covers in a context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uncovered {
    /// The place of the need among those of the persona.
    pub need: usize,
    /// Where; none: in "any" environment.
    pub environment: Option<usize>,
    /// Grants that would cover it, were they not refused: the place on the card, and what keeps it out.
    pub refused: Vec<(usize, Vec<Condition>)>,
}

/// What a persona may do in a context, on the day of the analysis.
#[must_use]
pub fn access(analysis: &Analysis, persona: PersonaId, context: &Context) -> Access {
    access_on(analysis, persona, context, analysis.day)
}

/// The same, on another day. What is needed does not depend on the day.
#[must_use]
pub fn access_on(
    analysis: &Analysis,
    persona: PersonaId,
    context: &Context,
    day: jiff::civil::Date,
) -> Access {
    let own = &analysis.catalog.personas[persona.index()];
    let mut found = Access {
        persona,
        at_once: Vec::new(),
        activated: Vec::new(),
        refused: Vec::new(),
        needed: 0,
        uncovered: Vec::new(),
    };
    for (place, grant) in own.grants.iter().enumerate() {
        let refused = context.refusals(grant, day);
        if !refused.is_empty() {
            found.refused.push((place, refused));
        } else if grant.is_standing() {
            found.at_once.push(place);
        } else {
            found.activated.push(place);
        }
    }
    let needs = &analysis.facts.of_persona(persona).needs;
    for (place, need) in needs.iter().enumerate() {
        if is_needed(&analysis.catalog, context, need) {
            found.needed += 1;
            uncovered(analysis, persona, (context, day), place, &mut found.uncovered);
        }
    }
    found
}

/// Whether a need is one in a context: in its environment, and not of a step of another phase.
pub(crate) fn is_needed(catalog: &Catalog, context: &Context, need: &Need) -> bool {
    let phase = match need.source {
        NeedSource::Step(step, _) => catalog.steps[step.index()].phase.as_ref(),
        NeedSource::Process(..) => None,
    };
    let in_phase = match (&context.phase, phase) {
        (Some(wanted), Some(own)) => wanted == own,
        _ => true,
    };
    in_phase && context.concerns(need)
}

fn uncovered(
    analysis: &Analysis,
    persona: PersonaId,
    (context, day): (&Context, jiff::civil::Date),
    place: usize,
    found: &mut Vec<Uncovered>,
) {
    let own = &analysis.catalog.personas[persona.index()];
    let need = &analysis.facts.of_persona(persona).needs[place];
    // A need in "any" environment asks for none in particular, so one elsewhere covers it.
    let wanted: Vec<Option<usize>> = match context.environment {
        _ if need.environments.is_empty() => vec![None],
        Some(environment) => vec![Some(environment)],
        None => need.environments.iter().map(Some).collect(),
    };
    for environment in wanted {
        let here = Context { environment, ..context.clone() };
        let mut refused = Vec::new();
        let mut is_covered = false;
        for (at, grant) in own.grants.iter().enumerate() {
            if grant.component != need.component {
                continue;
            }
            let conditions = here.refusals(grant, day);
            let is_elsewhere = conditions.contains(&Condition::Environment);
            if covers(&analysis.catalog, grant, need, environment.filter(|_| !is_elsewhere)) {
                is_covered |= conditions.is_empty();
                refused.push((at, conditions));
            }
        }
        if !is_covered {
            found.push(Uncovered { need: place, environment, refused });
        }
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

    const BOT: &str = "kind: Persona\nid: B\nname: Bot\ntype: agent\nprocesses: [Build]\ncomponent_access:
  - {component: S, level: read, environments: [dev]}
  - {component: T, level: write, environments: [dev], mode: jit, phases: [test], approval: H}
  - {component: U, level: read, max_risk: low, expires: 2026-11-01}
---
kind: Persona\nid: H\nname: Human
---
kind: Process\nname: Build\nsteps:
  - {name: test, phase: test, environments: [dev], uses: [S: read, T: write]}
  - {name: ship, phase: deploy, environments: [prod], uses: [T: write]}
";

    #[test]
    fn what_holds_at_once_what_is_activated_and_what_is_refused_by_what() {
        let analysis = analysis(BOT);
        let bot = PersonaId::from_index(0);
        let words = |environment, phase, risk| {
            access(&analysis, bot, &Context::of_words(&analysis.catalog, environment, phase, risk).unwrap())
        };
        let testing = words(Some("DEV"), Some("Test"), Some("high"));
        assert_eq!((testing.at_once, testing.activated), (vec![0], vec![1]));
        assert_eq!(testing.refused, [(2, vec![Condition::Risk, Condition::Expires])]);
        assert_eq!(testing.uncovered, []);
        let shipping = words(Some("prod"), Some("deploy"), None);
        assert_eq!(shipping.activated, Vec::<usize>::new());
        let why = vec![(1, vec![Condition::Environment, Condition::Phase])];
        assert_eq!(shipping.uncovered, [Uncovered { need: 2, environment: Some(2), refused: why }]);
        let elsewhere = words(None, Some("deploy"), None);
        assert_eq!(elsewhere.uncovered.len(), 1);
        let why = Context::of_words(&analysis.catalog, Some("prd"), None, None).unwrap_err();
        assert!(why.contains("did you mean prod?") && why.contains("dev, stage, prod"), "{why}");
    }
}

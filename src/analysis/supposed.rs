//! Several suppositions at once: what each adds to those before it, and what all come to.
//!
//! What a supposition does to the cards is for [`super::whatif`]. Each difference belongs to the supposition
//! after which it is first there, so that it can be shown beside its cause. A context of environment, phase
//! and risk changes no finding; what it takes away is told as access.

use std::collections::HashMap;

use super::effective::{Context, access};
use super::fixes::Outcome;
use super::key::{Key, keys};
use super::whatif::Supposition;
use super::{Analysis, PersonaId, Severity};

/// The rules that say that an access is wider than what is needed.
const TOO_WIDE: [&str; 4] = ["excess-level", "excess-tools", "unneeded-access", "unneeded-environment"];

/// How a catalog stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sums {
    /// The score, from 0 to 100.
    pub score: Option<f64>,
    /// How many gaps are open.
    pub open: usize,
    /// How many accesses are wider than what is needed.
    pub too_wide: usize,
    /// The share of grants that the catalog says enough of, from 0 to 1.
    pub coverage: f64,
}

impl Sums {
    /// Of an analysis.
    #[must_use]
    pub fn of(analysis: &Analysis) -> Self {
        let open = || analysis.findings.iter().filter(|finding| finding.is_open());
        Self {
            score: analysis.score.value,
            open: open().count(),
            too_wide: open().filter(|finding| TOO_WIDE.contains(&finding.rule.id)).count(),
            coverage: analysis.score.coverage,
        }
    }
}

/// A gap that differs, as it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// How bad it is; where it goes, how bad it was.
    pub severity: Severity,
    /// How bad it was, where that is what differs.
    pub was: Option<Severity>,
    /// Its rule.
    pub rule: &'static str,
    /// What is wrong.
    pub message: String,
}

/// What a supposition adds to those before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Gaps that appear.
    pub new: Vec<Told>,
    /// Gaps that vanish.
    pub gone: Vec<Told>,
    /// Gaps that are more or less severe.
    pub changed: Vec<Told>,
}

/// What suppositions come to.
#[derive(Debug)]
pub struct Supposed {
    /// As it is.
    pub before: Sums,
    /// As it would be.
    pub after: Sums,
    /// What each adds.
    pub steps: Vec<Step>,
    /// What does not hold in the context: who may not what, and why; then what work is not covered.
    pub refused: Vec<String>,
    /// All together; for keeping it.
    pub outcome: Outcome,
}

/// What suppositions come to, one after another, in a context.
///
/// # Errors
/// Which of them cannot be made, and why.
pub fn supposed(
    analysis: &Analysis,
    suppositions: &[Supposition],
    context: &Context,
) -> Result<Supposed, (usize, String)> {
    let mut steps = Vec::new();
    let mut last: Option<Outcome> = None;
    for count in 1..=suppositions.len() {
        let outcome = analysis.suppose(&suppositions[..count]).map_err(|why| (count - 1, why))?;
        let before = last.as_ref().map_or(analysis, |last| &*last.after);
        steps.push(step(before, &outcome.after));
        last = Some(outcome);
    }
    let outcome = match last {
        Some(outcome) => outcome,
        None => analysis.suppose(&[]).map_err(|why| (0, why))?,
    };
    let refused = refused(&outcome.after, context);
    Ok(Supposed { before: Sums::of(analysis), after: Sums::of(&outcome.after), steps, refused, outcome })
}

fn step(before: &Analysis, after: &Analysis) -> Step {
    let open = |analysis: &Analysis| -> HashMap<Key, usize> {
        let keys = keys(analysis).into_iter().enumerate();
        keys.filter(|(place, _)| analysis.findings[*place].is_open())
            .map(|(place, key)| (key, place))
            .collect()
    };
    let (old, new) = (open(before), open(after));
    let told = |analysis: &Analysis, place: usize, was: Option<Severity>| {
        let finding = &analysis.findings[place];
        Told { severity: finding.severity, was, rule: finding.rule.id, message: finding.message.clone() }
    };
    let mut gone: Vec<usize> =
        old.iter().filter(|(key, _)| !new.contains_key(*key)).map(|(_, place)| *place).collect();
    let mut come: Vec<usize> =
        new.iter().filter(|(key, _)| !old.contains_key(*key)).map(|(_, place)| *place).collect();
    let mut changed: Vec<(usize, Severity)> = new
        .iter()
        .filter_map(|(key, place)| {
            let was = before.findings[*old.get(key)?].severity;
            (was != after.findings[*place].severity).then_some((*place, was))
        })
        .collect();
    gone.sort_unstable();
    come.sort_unstable();
    changed.sort_unstable();
    Step {
        new: come.into_iter().map(|place| told(after, place, None)).collect(),
        gone: gone.into_iter().map(|place| told(before, place, None)).collect(),
        changed: changed.into_iter().map(|(place, was)| told(after, place, Some(was))).collect(),
    }
}

/// What does not hold in a context and would without it.
fn refused(analysis: &Analysis, context: &Context) -> Vec<String> {
    if context.is_open() {
        return Vec::new();
    }
    let catalog = &analysis.catalog;
    let (mut shut, mut uncovered) = (Vec::new(), Vec::new());
    for index in 0..catalog.personas.len() {
        let id = PersonaId::from_index(index);
        let own = &catalog.personas[index];
        let here = access(analysis, id, context);
        let anywhere = access(analysis, id, &Context::default());
        let label = catalog.label(id.into());
        for (place, why) in &here.refused {
            if anywhere.refused.iter().any(|(known, _)| known == place) {
                continue;
            }
            let component = catalog.label(own.grants[*place].component.into());
            let why: Vec<&str> = why.iter().map(|condition| condition.word()).collect();
            shut.push(format!("{label} may not use {component}: {}", why.join(", ")));
        }
        let needs = &analysis.facts.of_persona(id).needs;
        let mut told = Vec::new();
        for need in here.uncovered.iter().filter(|need| {
            !need.refused.is_empty() && !anywhere.uncovered.iter().any(|known| known.need == need.need)
        }) {
            let component = catalog.label(needs[need.need].component.into());
            if !told.contains(&component) {
                uncovered.push(format!("{label} cannot do its work with {component}"));
                told.push(component);
            }
        }
    }
    shut.extend(uncovered);
    shut
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::analysis;

    const TEXT: &str = "\
kind: Persona
id: P1
name: Ana
team: Run
processes: [Work]
skills: [Go]
---
kind: Persona
id: A1
name: Bot
type: agent
team: Run
accountable: P1
processes: [Work]
component_access:
  - {component: Store, level: read, environments: [prod], mode: jit, max_risk: low, phases: [run]}
---
kind: Process
name: Work
steps: [{name: do, environments: [prod], performers: [A1], uses: [Store: read]}]
---
kind: Person
name: Cy
personas: [P1]
skills: [Go]
";

    #[test]
    fn each_difference_stands_beside_its_cause() {
        let before = analysis(TEXT);
        let all = [Supposition::RemovePerson("Cy".into()), Supposition::Disable("A1".into())];
        let found = supposed(&before, &all, &Context::default()).unwrap();
        assert_eq!(found.steps.len(), 2);
        let rules = |told: &[Told]| told.iter().map(|told| told.rule).collect::<Vec<_>>();
        assert!(!rules(&found.steps[0].new).contains(&"missing-persona"));
        assert!(rules(&found.steps[1].gone).contains(&"no-override"), "{:?}", found.steps[1]);
        assert!(found.refused.is_empty());
        // What the first gives, the second may take away: steps sum up to the whole.
        let (come, gone) = found
            .steps
            .iter()
            .fold((0, 0), |(come, gone), step| (come + step.new.len(), gone + step.gone.len()));
        assert_eq!(found.before.open + come - gone, found.after.open);
        let wrong = [Supposition::RemovePerson("Cy".into()), Supposition::RemovePerson("Cy".into())];
        assert_eq!(supposed(&before, &wrong, &Context::default()).map(|_| ()).unwrap_err().0, 1);
    }

    #[test]
    fn a_context_takes_access_away_and_work_with_it() {
        let before = analysis(TEXT);
        let context = Context::of_words(&before.catalog, None, None, Some("high")).unwrap();
        let found = supposed(&before, &[], &context).unwrap();
        assert_eq!(found.refused.len(), 2, "{:?}", found.refused);
        assert!(found.refused[0].contains("Bot (A1) may not use Store: "));
        assert!(found.refused[1].contains("cannot do its work with Store"));
        assert_eq!(found.before, found.after);
    }
}

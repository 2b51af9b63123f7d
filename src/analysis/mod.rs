//! What a catalog means: needs, gaps and score on a day.
//!
//! [`Analysis::of`] is a pure function of a snapshot and a day. Rules are the files of [`rules`],
//! in one table. Nothing here knows a file system, a clock or a screen.

mod after;
pub mod assess;
pub mod backlog;
pub mod breakdown;
mod by_entity;
pub mod causes;
pub mod compare;
pub mod decide;
pub mod decisions;
pub mod edits;
pub mod effective;
pub mod evidence;
pub mod facts;
pub mod filter;
pub mod finding;
pub mod fixes;
pub mod key;
pub mod learning;
pub mod lens;
mod linked;
pub mod matrix;
pub mod meetings;
pub mod outside;
pub mod people;
pub mod plan;
pub mod reach;
pub mod reshape;
pub mod routes;
pub mod rules;
pub mod score;
pub mod services;
pub mod strip;
pub mod supposed;
#[cfg(test)]
pub(crate) mod testing;
pub mod tradeoff;
pub mod view;
pub mod whatif;
pub mod who;

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::card::problem::{Level as ProblemLevel, Problem};
use crate::card::words::{Name, nearest};
use crate::catalog::{Catalog, Entity, PersonaId, Place};

use by_entity::ByEntity;
pub use facts::{Facts, Held, Need, NeedSource, PersonaFacts, Requirement, RequirementSource};
pub use finding::{Confidence, Decided, Evidence, Finding, Severity};
pub use linked::Linked;
pub use rules::{Among, Category, Check, RULES, Reads, Rule};
pub use score::{Item, PersonaScore, Score};

/// What rules look at.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The snapshot.
    pub catalog: &'a Catalog,
    /// What follows from it.
    pub facts: &'a Facts,
    /// Its graph, with the derived edges.
    pub graph: &'a Linked,
    /// The day.
    pub day: Date,
}

/// A snapshot, analysed on a day.
#[derive(Debug)]
pub struct Analysis {
    /// The snapshot.
    pub catalog: Arc<Catalog>,
    /// The day.
    pub day: Date,
    /// What follows from the snapshot.
    pub facts: Arc<Facts>,
    /// The graph, with needs and requirements as edges, built when it is first looked at.
    pub graph: Arc<Linked>,
    /// The findings, by severity, then key.
    pub findings: Vec<Arc<Finding>>,
    /// The score.
    pub score: Score,
    /// Problems of the settings that only the analysis can see: unknown rules and severities.
    pub problems: Vec<Problem>,
    by_entity: ByEntity,
}

impl Analysis {
    /// Analyses a snapshot on a day.
    #[must_use]
    pub fn of(catalog: Arc<Catalog>, day: Date) -> Self {
        let facts = Arc::new(Facts::of(&catalog, day));
        let graph = Linked::new(catalog.clone(), facts.clone());
        let context = Context { catalog: &catalog, facts: &facts, graph: &graph, day };
        let (overrides, mut problems) = overrides(&catalog);
        problems.extend(decisions::problems(&catalog));
        let mut findings = run(&context, &overrides);
        if catalog.has_decisions() {
            decisions::apply(&catalog, day, &mut findings);
        }
        let last = run_last(&context, &overrides, &findings);
        findings.extend(last);
        findings.par_sort_by(|left, right| finding::order(&catalog, left, right));
        let score = Score::of(&context, &findings);
        Self { catalog, day, facts, graph, by_entity: ByEntity::of(&findings), findings, score, problems }
    }

    /// The findings about an entity, as subject or object, with their places in the list.
    pub fn about(&self, entity: Entity) -> impl Iterator<Item = (usize, &Finding)> {
        self.by_entity.places(entity).iter().map(|&place| (place as usize, &*self.findings[place as usize]))
    }

    /// The worst open finding about an entity.
    #[must_use]
    pub fn worst(&self, entity: Entity) -> Option<Severity> {
        self.about(entity).filter(|(_, finding)| finding.is_open()).map(|(_, finding)| finding.severity).min()
    }

    /// How many open findings there are of each severity, from worst to least.
    #[must_use]
    pub fn counts(&self) -> [usize; 5] {
        Severity::ALL.map(|severity| {
            self.findings.iter().filter(|finding| finding.is_open() && finding.severity == severity).count()
        })
    }

    /// What rules look at.
    #[must_use]
    pub fn context(&self) -> Context<'_> {
        Context { catalog: &self.catalog, facts: &self.facts, graph: &self.graph, day: self.day }
    }
}

/// What to do about a rule that is none.
fn rule_hint(word: &str) -> String {
    match nearest(word, RULES.iter().map(|rule| rule.id)) {
        Some(near) => format!("Did you mean `{near}`?"),
        None => "`persona explain` lists the rules.".to_owned(),
    }
}

/// The rule of a word, of cards or of logs.
fn known_rule(word: &Name) -> Option<&'static Rule> {
    RULES.iter().chain(outside::OUTSIDE).copied().find(|known| word.is(known.id))
}

fn unknown_rule(catalog: &Catalog, place: Place, rule: &Name) -> Problem {
    warning(catalog, place, format!("there is no rule `{rule}`"), rule_hint(rule.written()))
}

fn warning(catalog: &Catalog, place: Place, message: String, hint: String) -> Problem {
    let location = catalog.locate(place);
    Problem {
        file: location.file.to_owned(),
        line: location.position.line,
        column: location.position.column,
        level: ProblemLevel::Warning,
        message,
        hint,
    }
}

/// Per rule of the table: its severity by `rules:` of the catalog, `None` within for off.
type Overrides = HashMap<&'static str, Option<Severity>>;

fn overrides(catalog: &Catalog) -> (Overrides, Vec<Problem>) {
    let mut overrides = HashMap::new();
    let mut problems = Vec::new();
    let Some(place) = catalog.settings.place else {
        return (overrides, problems);
    };
    for (position, (rule, severity)) in catalog.settings.rules.iter().enumerate() {
        let path = place.path.key("rules").index(u32::try_from(position).unwrap_or(u32::MAX));
        let place = place.with(path);
        let Some(known) = known_rule(rule) else {
            problems.push(unknown_rule(catalog, place, rule));
            continue;
        };
        if severity.is("off") {
            overrides.insert(known.id, None);
        } else if let Some(severity) = Severity::from_word(severity.written()) {
            overrides.insert(known.id, Some(severity));
        } else {
            let words = "Write critical, high, medium, low, info, or off.";
            problems.push(warning(catalog, place, format!("`{severity}` is no severity"), words.to_owned()));
        }
    }
    (overrides, problems)
}

fn run(context: &Context<'_>, overrides: &Overrides) -> Vec<Arc<Finding>> {
    RULES
        .par_iter()
        .filter(|rule| !matches!(overrides.get(rule.id), Some(None)))
        .flat_map(|rule| {
            let mut findings = match rule.check {
                Check::Persona(check) => run_personas(rule, context, check, &all_personas(context.catalog)),
                Check::Pairs(check) => {
                    let mut sink = finding::Sink::new(rule);
                    check(context, Among::All, &mut sink);
                    sink.take()
                }
                Check::Catalog(check) => {
                    let mut sink = finding::Sink::new(rule);
                    check(context, &mut sink);
                    sink.take()
                }
                Check::Findings(_) => Vec::new(),
            };
            set_severity(&mut findings, overrides);
            findings.into_par_iter().map(Arc::new)
        })
        .collect()
}

fn all_personas(catalog: &Catalog) -> Vec<PersonaId> {
    (0..catalog.personas.len()).map(PersonaId::from_index).collect()
}

fn run_personas(
    rule: &'static Rule,
    context: &Context<'_>,
    check: fn(&Context<'_>, PersonaId, &mut finding::Sink),
    personas: &[PersonaId],
) -> Vec<Finding> {
    personas
        .par_iter()
        .with_min_len(64)
        .flat_map_iter(|&persona| {
            let mut sink = finding::Sink::new(rule);
            check(context, persona, &mut sink);
            sink.take()
        })
        .collect()
}

/// The rules that look at what the others found.
fn run_last(context: &Context<'_>, overrides: &Overrides, found: &[Arc<Finding>]) -> Vec<Arc<Finding>> {
    let mut all = Vec::new();
    for rule in RULES.iter().filter(|rule| !matches!(overrides.get(rule.id), Some(None))) {
        if let Check::Findings(check) = rule.check {
            let mut sink = finding::Sink::new(rule);
            check(context, found, &mut sink);
            let mut findings = sink.take();
            set_severity(&mut findings, overrides);
            all.extend(findings.into_iter().map(Arc::new));
        }
    }
    all
}

fn set_severity(findings: &mut [Finding], overrides: &Overrides) {
    for finding in findings {
        if let Some(Some(severity)) = overrides.get(finding.rule.id) {
            finding.severity = *severity;
        }
    }
}

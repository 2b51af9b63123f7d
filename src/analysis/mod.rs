//! What a catalog means: needs, gaps and score on a day.
//!
//! [`Analysis::of`] is a pure function of a snapshot and a day. Rules are the files of [`rules`],
//! in one table. Nothing here knows a file system, a clock or a screen.

pub mod after;
pub mod assess;
pub mod backlog;
pub mod breakdown;
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
pub mod matrix;
pub mod meetings;
pub mod people;
pub mod plan;
pub mod reach;
pub mod reshape;
pub mod rules;
pub mod score;
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
use crate::card::words::nearest;
use crate::catalog::{Catalog, Entity, PersonaId};
use crate::graph::{Graph, Relation};

pub use facts::{Facts, Held, Need, NeedSource, PersonaFacts, Requirement, RequirementSource};
pub use finding::{Confidence, Decided, Evidence, Finding, Severity};
pub use rules::{Category, Check, RULES, Rule};
pub use score::{Item, PersonaScore, Score};

/// What rules look at.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The snapshot.
    pub catalog: &'a Catalog,
    /// What follows from it.
    pub facts: &'a Facts,
    /// Its graph, with the derived edges.
    pub graph: &'a Graph,
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
    pub facts: Facts,
    /// The graph, with needs and requirements as edges.
    pub graph: Graph,
    /// The findings, by severity, then key.
    pub findings: Vec<Finding>,
    /// The score.
    pub score: Score,
    /// Problems of the settings that only the analysis can see: unknown rules and severities.
    pub problems: Vec<Problem>,
    by_entity: HashMap<Entity, Vec<u32>>,
}

impl Analysis {
    /// Analyses a snapshot on a day.
    #[must_use]
    pub fn of(catalog: Arc<Catalog>, day: Date) -> Self {
        let facts = Facts::of(&catalog, day);
        let graph = full_graph(&catalog, &facts);
        let context = Context { catalog: &catalog, facts: &facts, graph: &graph, day };
        let (overrides, problems) = overrides(&catalog);
        let mut findings = run(&context, &overrides);
        decisions::apply(&catalog, day, &mut findings);
        let last = run_last(&context, &overrides, &findings);
        findings.extend(last);
        findings.par_sort_by(|left, right| finding::order(&catalog, left, right));
        let score = Score::of(&context, &findings);
        let mut by_entity: HashMap<Entity, Vec<u32>> = HashMap::new();
        for (place, finding) in findings.iter().enumerate() {
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            by_entity.entry(finding.subject).or_default().push(place);
            if let Some(object) = finding.object.filter(|object| *object != finding.subject) {
                by_entity.entry(object).or_default().push(place);
            }
        }
        Self { catalog, day, facts, graph, findings, score, problems, by_entity }
    }

    /// The findings about an entity, as subject or object, with their places in the list.
    pub fn about(&self, entity: Entity) -> impl Iterator<Item = (usize, &Finding)> {
        let places = self.by_entity.get(&entity).map_or(&[][..], Vec::as_slice);
        places.iter().map(|&place| (place as usize, &self.findings[place as usize]))
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

/// The stated graph, with what follows from it: needs, and what personas are required to know.
fn full_graph(catalog: &Catalog, facts: &Facts) -> Graph {
    let mut graph = Graph::stated(catalog);
    for (index, persona) in facts.personas.iter().enumerate() {
        let from = Entity::Persona(PersonaId::from_index(index));
        let stated = &catalog.personas[index];
        for performed in &persona.performs {
            let place = performed.named_at.unwrap_or_else(|| {
                // A step that names nobody is performed through the process that the card lists.
                let process = catalog.steps[performed.step.index()].process;
                let part =
                    stated.processes.iter().find(|part| facts.parts[part.process.index()].contains(&process));
                part.map_or(stated.place, |part| part.place)
            });
            graph.add(from, Relation::Performs, Entity::Step(performed.step), place);
        }
        for need in &persona.needs {
            graph.add(from, Relation::Needs, Entity::Component(need.component), need.asked_by(catalog).place);
        }
        for requirement in &persona.required {
            graph.add(from, Relation::Requires, Entity::Skill(requirement.skill), requirement.place);
        }
    }
    graph
}

/// What to do about a rule that is none.
fn rule_hint(word: &str) -> String {
    match nearest(word, RULES.iter().map(|rule| rule.id)) {
        Some(near) => format!("Did you mean `{near}`?"),
        None => "`persona explain` lists the rules.".to_owned(),
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
        let mut warn = |message: String, hint: String| {
            let path = place.path.key("rules").index(u32::try_from(position).unwrap_or(u32::MAX));
            let location = catalog.locate(place.with(path));
            problems.push(Problem {
                file: location.file.to_owned(),
                line: location.position.line,
                column: location.position.column,
                level: ProblemLevel::Warning,
                message,
                hint,
            });
        };
        let Some(known) = RULES.iter().find(|known| rule.is(known.id)) else {
            let hint = rule_hint(rule.written());
            warn(format!("there is no rule `{rule}`"), hint);
            continue;
        };
        if severity.is("off") {
            overrides.insert(known.id, None);
        } else if let Some(severity) = Severity::from_word(severity.written()) {
            overrides.insert(known.id, Some(severity));
        } else {
            let words = "Write critical, high, medium, low, info, or off.";
            warn(format!("`{severity}` is no severity"), words.to_owned());
        }
    }
    (overrides, problems)
}

fn run(context: &Context<'_>, overrides: &Overrides) -> Vec<Finding> {
    RULES
        .par_iter()
        .filter(|rule| !matches!(overrides.get(rule.id), Some(None)))
        .flat_map(|rule| {
            let mut findings = match rule.check {
                Check::Catalog(check) => {
                    let mut sink = finding::Sink::new(rule);
                    check(context, &mut sink);
                    sink.take()
                }
                Check::Persona(check) => (0..context.catalog.personas.len())
                    .into_par_iter()
                    .with_min_len(64)
                    .flat_map_iter(|index| {
                        let mut sink = finding::Sink::new(rule);
                        check(context, PersonaId::from_index(index), &mut sink);
                        sink.take()
                    })
                    .collect(),
                Check::Findings(_) => Vec::new(),
            };
            set_severity(&mut findings, overrides);
            findings
        })
        .collect()
}

/// The rules that look at what the others found.
fn run_last(context: &Context<'_>, overrides: &Overrides, found: &[Finding]) -> Vec<Finding> {
    let mut all = Vec::new();
    for rule in RULES.iter().filter(|rule| !matches!(overrides.get(rule.id), Some(None))) {
        if let Check::Findings(check) = rule.check {
            let mut sink = finding::Sink::new(rule);
            check(context, found, &mut sink);
            let mut findings = sink.take();
            set_severity(&mut findings, overrides);
            all.extend(findings);
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

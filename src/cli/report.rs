//! `persona-workbench/findings/1`: the findings of a check, for other programs.
//!
//! Its schema is `assets/schema/findings-1.json`; a test holds the two together.

use rayon::prelude::*;
use serde::Serialize;

use super::fix::FixReport;
use super::formats::{Item, Shown};
use crate::analysis::causes::{Cause, Side};
use crate::analysis::compare::{Change, Difference};
use crate::analysis::{Analysis, Decided, Finding};
use crate::card::problem::Problem;
use crate::catalog::{Catalog, Entity, Place};

/// The schema's name.
pub const SCHEMA: &str = "persona-workbench/findings/1";

/// A whole report.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    schema: &'static str,
    catalog: CatalogPart<'a>,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<SincePart<'a>>,
    problems: Vec<ProblemPart<'a>>,
    score: ScorePart,
    #[serde(skip_serializing_if = "Option::is_none")]
    audit: Option<super::formats::Audit>,
    findings: Vec<FindingPart<'a>>,
    notes: Vec<ProblemPart<'a>>,
}

/// A part of a report as a line of its own, under its name.
#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Line<'a> {
    /// What stands once.
    Check(Box<CheckPart<'a>>),
    /// A problem of a file.
    Problem(ProblemPart<'a>),
    /// A finding.
    Finding(Box<FindingPart<'a>>),
    /// What was passed over.
    Note(ProblemPart<'a>),
}

/// A report without its lists.
#[derive(Debug, Serialize)]
pub struct CheckPart<'a> {
    schema: &'static str,
    catalog: CatalogPart<'a>,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<SincePart<'a>>,
    score: ScorePart,
    #[serde(skip_serializing_if = "Option::is_none")]
    audit: Option<super::formats::Audit>,
}

#[derive(Debug, Serialize)]
struct SincePart<'a> {
    name: &'a str,
    old: usize,
    gone: usize,
    score: ScorePart,
}

/// Which catalog.
#[derive(Debug, Serialize)]
pub struct CatalogPart<'a> {
    name: &'a str,
    path: &'a str,
    personas: usize,
}

/// A problem of a file.
#[derive(Debug, Serialize)]
pub struct ProblemPart<'a> {
    level: &'static str,
    file: &'a str,
    line: u32,
    column: u32,
    message: &'a str,
    hint: &'a str,
}

/// The score of a catalog.
#[derive(Debug, Serialize)]
pub struct ScorePart {
    value: Option<f64>,
    grade: Option<char>,
    coverage: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    why_no_grade: Option<String>,
}

/// A finding.
#[derive(Debug, Serialize)]
pub struct FindingPart<'a> {
    rule: &'static str,
    category: &'static str,
    severity: &'static str,
    confidence: &'static str,
    subject: EntityPart,
    object: Option<EntityPart>,
    environment: Option<&'a str>,
    message: &'a str,
    evidence: Vec<EvidencePart<'a>>,
    fixes: Vec<&'a FixReport>,
    location: Option<LocationPart<'a>>,
    decision: Option<DecisionPart<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<ChangePart>,
}

/// How a finding differs from what was.
#[derive(Debug, Serialize)]
pub struct ChangePart {
    kind: &'static str,
    differences: Vec<DifferencePart>,
    causes: Vec<CausePart>,
}

#[derive(Debug, Serialize)]
struct DifferencePart {
    what: &'static str,
    before: String,
    after: String,
}

#[derive(Debug, Serialize)]
struct CausePart {
    link: &'static str,
    before: Option<SidePart>,
    after: Option<SidePart>,
}

#[derive(Debug, Serialize)]
struct SidePart {
    file: String,
    line: u32,
    text: Option<String>,
}

/// An entity: its kind, its id, and what people call it.
#[derive(Debug, Serialize)]
pub struct EntityPart {
    kind: &'static str,
    id: String,
    name: String,
}

#[derive(Debug, Serialize)]
struct EvidencePart<'a> {
    from: EntityPart,
    relation: &'static str,
    to: EntityPart,
    detail: &'a str,
    location: LocationPart<'a>,
}

/// A place in a file.
#[derive(Debug, Serialize)]
pub struct LocationPart<'a> {
    file: &'a str,
    line: u32,
    column: u32,
}

#[derive(Debug, Serialize)]
struct DecisionPart<'a> {
    action: &'static str,
    reason: Option<&'a str>,
    by: Option<&'a str>,
    decided: Option<String>,
    until: Option<String>,
    work_item: Option<&'a str>,
}

impl<'a> Report<'a> {
    /// The report of what is shown.
    #[must_use]
    pub fn of(shown: &'a Shown<'a>) -> Self {
        let analysis = shown.analysis;
        let catalog = shown.catalog();
        Self {
            schema: SCHEMA,
            catalog: self::catalog(catalog),
            at: analysis.day.to_string(),
            filter: (!shown.filter.is_empty()).then_some(shown.filter),
            since: shown.since.as_ref().map(|since| SincePart {
                name: since.name,
                old: since.old,
                gone: since.gone,
                score: score(since.comparison.before),
            }),
            problems: shown.real_problems().map(problem).collect(),
            score: score(analysis),
            audit: shown.audit,
            findings: shown.items.par_iter().map(|item| item_part(catalog, item)).collect(),
            notes: catalog.notes().map(problem).collect(),
        }
    }

    /// The same, a part a line.
    pub fn lines(self) -> impl Iterator<Item = Line<'a>> {
        let check = CheckPart {
            schema: self.schema,
            catalog: self.catalog,
            at: self.at,
            filter: self.filter,
            since: self.since,
            score: self.score,
            audit: self.audit,
        };
        let findings = self.findings.into_iter().map(|finding| Line::Finding(Box::new(finding)));
        std::iter::once(Line::Check(Box::new(check)))
            .chain(self.problems.into_iter().map(Line::Problem))
            .chain(findings)
            .chain(self.notes.into_iter().map(Line::Note))
    }
}

/// A catalog as other programs see it.
#[must_use]
pub fn catalog(catalog: &Catalog) -> CatalogPart<'_> {
    CatalogPart { name: &catalog.name, path: &catalog.path, personas: catalog.personas.len() }
}

/// The score of a catalog as other programs see it.
#[must_use]
pub fn score(analysis: &Analysis) -> ScorePart {
    let round = |value: f64, factor: f64| (value * factor).round() / factor;
    ScorePart {
        value: analysis.score.value.map(|value| round(value, 10.0)),
        grade: analysis.score.grade(),
        coverage: round(analysis.score.coverage, 100.0),
        why_no_grade: analysis.score.why_no_grade(),
    }
}

fn item_part<'a>(catalog: &'a Catalog, item: &'a Item<'a>) -> FindingPart<'a> {
    let fixes = item.fixes.iter().map(|fix| &fix.report).collect();
    FindingPart { change: item.change.map(change), fixes, ..finding(catalog, item.finding) }
}

/// How a finding differs from what was, as other programs see it.
#[must_use]
pub fn change(change: &Change) -> ChangePart {
    let difference = |one: &Difference| DifferencePart {
        what: one.what,
        before: one.before.clone(),
        after: one.after.clone(),
    };
    let side =
        |side: &Side| SidePart { file: side.file.to_string(), line: side.line, text: side.text.clone() };
    let cause = |cause: &Cause| CausePart {
        link: cause.link.word(),
        before: cause.before.as_ref().map(side),
        after: cause.after.as_ref().map(side),
    };
    ChangePart {
        kind: change.kind.word(),
        differences: change.differences.iter().map(difference).collect(),
        causes: change.causes.iter().map(cause).collect(),
    }
}

/// A problem of a file as other programs see it.
#[must_use]
pub fn problem(problem: &Problem) -> ProblemPart<'_> {
    ProblemPart {
        level: problem.level.word(),
        file: &problem.file,
        line: problem.line,
        column: problem.column,
        message: &problem.message,
        hint: &problem.hint,
    }
}

/// A finding as other programs see it.
#[must_use]
pub fn finding<'a>(catalog: &'a Catalog, found: &'a Finding) -> FindingPart<'a> {
    FindingPart {
        rule: found.rule.id,
        category: found.rule.category.word(),
        severity: found.severity.word(),
        confidence: found.confidence.word(),
        subject: entity(catalog, found.subject),
        object: found.object.map(|object| entity(catalog, object)),
        environment: found.environment.map(|environment| catalog.settings.environment(environment)),
        message: &found.message,
        evidence: found
            .evidence
            .iter()
            .map(|edge| EvidencePart {
                from: entity(catalog, edge.from),
                relation: edge.relation,
                to: entity(catalog, edge.to),
                detail: &edge.detail,
                location: location(catalog, edge.place),
            })
            .collect(),
        fixes: Vec::new(),
        location: match found.subject {
            Entity::Ignore(id) => {
                let ignore = &catalog.ignores[id.index()];
                Some(LocationPart { file: &ignore.file, line: ignore.line, column: 1 })
            }
            _ => found.place.map(|place| location(catalog, place)),
        },
        decision: found.decision.as_ref().map(|decided| decision(catalog, decided)),
        change: None,
    }
}

/// An entity as other programs see it.
#[must_use]
pub fn entity(catalog: &Catalog, entity: Entity) -> EntityPart {
    EntityPart {
        kind: catalog.kind(entity).word(),
        id: catalog.id(entity).into_owned(),
        name: catalog.name(entity).into_owned(),
    }
}

/// A place as other programs see it.
#[must_use]
pub fn location(catalog: &Catalog, place: Place) -> LocationPart<'_> {
    let location = catalog.locate(place);
    LocationPart { file: location.file, line: location.position.line, column: location.position.column }
}

fn decision<'a>(catalog: &'a Catalog, decided: &'a Decided) -> DecisionPart<'a> {
    match decided {
        Decided::Ignored(reason) => DecisionPart {
            action: "ignore",
            reason: Some(reason),
            by: None,
            decided: None,
            until: None,
            work_item: None,
        },
        Decided::Card(id) => {
            let card = &catalog.decisions[id.index()];
            DecisionPart {
                action: card.action.map_or("accept", |action| action.word()),
                reason: card.reason.as_deref(),
                by: card.by.as_ref().map(|name| name.written()),
                decided: card.decided.map(|day| day.to_string()),
                until: card.until.map(|day| day.to_string()),
                work_item: card.work_item.as_ref().map(|name| name.written()),
            }
        }
    }
}

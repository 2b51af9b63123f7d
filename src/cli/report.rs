//! `persona-workbench/findings/1`: the findings of a check, for other programs.
//!
//! Its schema is `assets/schema/findings-1.json`; a test holds the two together.

use rayon::prelude::*;
use serde::Serialize;

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
    problems: Vec<ProblemPart<'a>>,
    score: ScorePart,
    findings: Vec<FindingPart<'a>>,
    notes: Vec<ProblemPart<'a>>,
}

#[derive(Debug, Serialize)]
struct CatalogPart<'a> {
    name: &'a str,
    path: &'a str,
    personas: usize,
}

#[derive(Debug, Serialize)]
struct ProblemPart<'a> {
    level: &'static str,
    file: &'a str,
    line: u32,
    column: u32,
    message: &'a str,
    hint: &'a str,
}

#[derive(Debug, Serialize)]
struct ScorePart {
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
    fixes: [(); 0],
    location: Option<LocationPart<'a>>,
    decision: Option<DecisionPart<'a>>,
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

#[derive(Debug, Serialize)]
struct LocationPart<'a> {
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
    /// The report of an analysis.
    #[must_use]
    pub fn of(analysis: &'a Analysis) -> Self {
        let catalog = &analysis.catalog;
        let round = |value: f64, factor: f64| (value * factor).round() / factor;
        Self {
            schema: SCHEMA,
            catalog: CatalogPart {
                name: &catalog.name,
                path: &catalog.path,
                personas: catalog.personas.len(),
            },
            at: analysis.day.to_string(),
            problems: catalog.real_problems().chain(&analysis.problems).map(problem).collect(),
            score: ScorePart {
                value: analysis.score.value.map(|value| round(value, 10.0)),
                grade: analysis.score.grade(),
                coverage: round(analysis.score.coverage, 100.0),
                why_no_grade: analysis.score.why_no_grade(),
            },
            findings: analysis.findings.par_iter().map(|found| finding(catalog, found)).collect(),
            notes: catalog.notes().map(problem).collect(),
        }
    }
}

fn problem(problem: &Problem) -> ProblemPart<'_> {
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
        fixes: [],
        location: match found.subject {
            Entity::Ignore(id) => {
                let ignore = &catalog.ignores[id.index()];
                Some(LocationPart { file: &ignore.file, line: ignore.line, column: 1 })
            }
            _ => found.place.map(|place| location(catalog, place)),
        },
        decision: found.decision.as_ref().map(|decided| decision(catalog, decided)),
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

fn location(catalog: &Catalog, place: Place) -> LocationPart<'_> {
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

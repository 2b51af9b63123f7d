//! JSON, as `assets/schema/diff-1.json` says.

use serde::Serialize;

use super::super::report::{
    CatalogPart, ChangePart, FindingPart, ProblemPart, ScorePart, catalog, change, finding, problem, score,
};
use super::{Compared, Format};
use crate::analysis::Analysis;
use crate::analysis::compare::Kind;

pub static FORMAT: Format = Format {
    name: "json",
    summary: "one document for other programs",
    print: |compared, _| Ok(serde_json::to_string_pretty(&Diff::of(compared))? + "\n"),
};

#[derive(Serialize)]
struct Diff<'a> {
    schema: &'static str,
    at: String,
    before: Side<'a>,
    after: Side<'a>,
    counts: Counts,
    changes: Vec<Changed<'a>>,
}

#[derive(Serialize)]
struct Side<'a> {
    name: &'a str,
    catalog: CatalogPart<'a>,
    score: ScorePart,
    problems: Vec<ProblemPart<'a>>,
}

#[derive(Serialize)]
struct Counts {
    new: usize,
    worse: usize,
    changed: usize,
    gone: usize,
    same: usize,
}

#[derive(Serialize)]
struct Changed<'a> {
    #[serde(flatten)]
    change: ChangePart,
    before: Option<FindingPart<'a>>,
    after: Option<FindingPart<'a>>,
}

impl<'a> Diff<'a> {
    fn of(compared: &'a Compared<'_>) -> Self {
        let comparison = &compared.comparison;
        let side = |name: &'a String, analysis: &'a Analysis| Side {
            name,
            catalog: catalog(&analysis.catalog),
            score: score(analysis),
            problems: analysis.catalog.real_problems().chain(&analysis.problems).map(problem).collect(),
        };
        let part = |analysis: &'a Analysis, place: Option<usize>| {
            place.map(|place| finding(&analysis.catalog, &analysis.findings[place]))
        };
        Self {
            schema: "persona-workbench/diff/1",
            at: comparison.after.day.to_string(),
            before: side(&compared.names[0], comparison.before),
            after: side(&compared.names[1], comparison.after),
            counts: Counts {
                new: compared.count(Kind::New),
                worse: compared.count(Kind::Worse),
                changed: compared.count(Kind::Changed),
                gone: compared.count(Kind::Gone),
                same: comparison.same,
            },
            changes: comparison
                .changes
                .iter()
                .map(|one| Changed {
                    change: change(one),
                    before: part(comparison.before, one.before),
                    after: part(comparison.after, one.after),
                })
                .collect(),
        }
    }
}

//! Everything as JSON: the cards, what each entity's card shows, the findings and the score.
//!
//! Its schema is `assets/schema/export-1.json`; a test holds the two together.

use rayon::prelude::*;
use serde::Serialize;

use super::{Export, Exporter, say_lost};
use crate::analysis::Analysis;
use crate::analysis::view::card_view;
use crate::catalog::{
    ComponentId, Entity, PersonId, PersonaId, ProcessId, ScenarioId, SkillId, StepId, TeamId,
};
use crate::cli::report::{self, CatalogPart, FindingPart, ProblemPart, ScorePart};
use crate::cli::show::{CardPart, card};
use crate::exchange::cards::json::Card;
use crate::exchange::cards::{cards, losses::losses};

/// See the module.
pub static EXPORTER: Exporter = Exporter { name: "json", formats: &["json"], options: &[], make };

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    catalog: CatalogPart<'a>,
    at: String,
    cards: Vec<Card<'a>>,
    not_carried: &'a [String],
    problems: Vec<ProblemPart<'a>>,
    score: ScorePart,
    entities: Vec<CardPart<'a>>,
    findings: Vec<FindingPart<'a>>,
}

fn make(export: &Export<'_>) -> anyhow::Result<Vec<u8>> {
    let analysis = export.analysis;
    let catalog = &analysis.catalog;
    let cards = cards(catalog);
    let lost = losses(catalog, &cards);
    let views: Vec<_> =
        entities(analysis).into_par_iter().map(|entity| card_view(analysis, entity)).collect();
    let document = Document {
        schema: crate::exchange::import::JSON_SCHEMA,
        catalog: report::catalog(catalog),
        at: analysis.day.to_string(),
        cards: cards.iter().map(Card::from).collect(),
        not_carried: &lost,
        problems: catalog.problems.iter().map(report::problem).collect(),
        score: report::score(analysis),
        // Findings stand in a list of their own.
        entities: views.iter().map(|view| card(analysis, view).without_findings()).collect(),
        findings: analysis.findings.iter().map(|finding| report::finding(catalog, finding)).collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&document)?;
    bytes.push(b'\n');
    say_lost(&lost);
    Ok(bytes)
}

/// Every entity that has a card, or could have one.
fn entities(analysis: &Analysis) -> Vec<Entity> {
    let catalog = &analysis.catalog;
    let mut out: Vec<Entity> = Vec::new();
    out.extend((0..catalog.personas.len()).map(|place| Entity::from(PersonaId::from_index(place))));
    out.extend((0..catalog.processes.len()).map(|place| Entity::from(ProcessId::from_index(place))));
    out.extend((0..catalog.steps.len()).map(|place| Entity::from(StepId::from_index(place))));
    out.extend((0..catalog.components.len()).map(|place| Entity::from(ComponentId::from_index(place))));
    out.extend((0..catalog.skills.len()).map(|place| Entity::from(SkillId::from_index(place))));
    out.extend((0..catalog.teams.len()).map(|place| Entity::from(TeamId::from_index(place))));
    out.extend((0..catalog.people.len()).map(|place| Entity::from(PersonId::from_index(place))));
    out.extend((0..catalog.scenarios.len()).map(|place| Entity::from(ScenarioId::from_index(place))));
    out
}

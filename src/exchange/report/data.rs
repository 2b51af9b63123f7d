//! All that a report knows of a catalog, as data for its script: entities with their cards, the graph,
//! the score, the assessment. Entities are numbers, good for one page.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;
use serde::Serialize;

use super::findings::{FindingData, RuleData, findings, rules};
use super::matrices::{MatrixData, matrices};
use super::pictures::{MapData, maps};
use crate::analysis::assess::{self, Section, Verdict};
use crate::analysis::effective::Context;
use crate::analysis::lens::{Lens, Overlay, edges, sign};
use crate::analysis::view::{CardView, Mark, card_view, line_of};
use crate::analysis::{Analysis, Severity, filter};
use crate::card::visible::visible;
use crate::catalog::{
    ComponentId, Entity, PersonId, PersonaId, ProcessId, ScenarioId, SkillId, StepId, TeamId,
};
use crate::exchange::is_light;
use crate::graph::Relation;
use crate::layout::picture::flag_color;

/// All of it.
#[derive(Serialize)]
pub(super) struct Data {
    name: String,
    path: String,
    day: String,
    version: &'static str,
    score: ScoreData,
    /// Open findings, from worst to least.
    counts: [usize; 5],
    environments: Vec<String>,
    /// Glyph and word.
    severities: Vec<(&'static str, &'static str)>,
    /// Glyph, word and class.
    marks: Vec<(&'static str, &'static str, &'static str)>,
    /// Verb and inverse verb.
    relations: Vec<(&'static str, &'static str)>,
    /// Words that a filter knows, and what they mean.
    keys: Vec<(&'static str, &'static str)>,
    problems: Vec<ProblemData>,
    entities: Vec<EntityData>,
    /// From, relation, to, mark.
    edges: Vec<(u32, u8, u32, u8)>,
    findings: Vec<FindingData>,
    rules: BTreeMap<&'static str, RuleData>,
    matrices: Vec<MatrixData>,
    maps: Vec<MapData>,
    assessment: AssessmentData,
}

#[derive(Serialize)]
struct ScoreData {
    value: Option<f64>,
    grade: Option<char>,
    coverage: f64,
    why: Option<String>,
}

#[derive(Serialize)]
struct ProblemData {
    level: &'static str,
    place: String,
    message: String,
    hint: String,
}

/// A value of a field: text, detail, entity, mark, findings, reasons, line.
type ValueData = (String, String, Option<u32>, u8, Vec<usize>, Vec<String>, String);

/// An entity. Names are short: there are many.
#[derive(Serialize, Default)]
pub(super) struct EntityData {
    kind: &'static str,
    id: String,
    name: String,
    /// How a sentence names it.
    label: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<String>,
    sign: &'static str,
    /// Whether it has a card to show.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    card: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    subtitle: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// The flag's colour, and whether dark text stands on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    flag: Option<(String, bool)>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    persona_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    team: Option<u32>,
    /// Clean items, and all.
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<(usize, usize)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allocation: Option<f64>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    away: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<(&'static str, Vec<ValueData>)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    findings: Vec<usize>,
    /// What a filter looks at: granted or needed, had or required, listed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    components: Vec<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    skills: Vec<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    processes: Vec<u32>,
    #[serde(skip_serializing_if = "String::is_empty")]
    place: String,
}

#[derive(Serialize)]
struct AssessmentData {
    value: Option<f64>,
    grade: Option<char>,
    answered: f64,
    /// Title, mean and answers.
    sections: Vec<(&'static str, Option<f64>, Vec<AnswerData>)>,
}

#[derive(Serialize)]
struct AnswerData {
    text: &'static str,
    verdict: &'static str,
    class: &'static str,
    score: Option<f64>,
    weight: u32,
    basis: String,
    evidence: Vec<String>,
    next: &'static str,
}

/// The numbers of entities on one page.
pub(super) struct Numbers {
    order: Vec<Entity>,
    known: HashMap<Entity, u32>,
}

impl Numbers {
    fn of(analysis: &Analysis) -> Self {
        let catalog = &analysis.catalog;
        let mut order: Vec<Entity> = Vec::new();
        order.extend((0..catalog.personas.len()).map(|at| Entity::from(PersonaId::from_index(at))));
        order.extend((0..catalog.processes.len()).map(|at| Entity::from(ProcessId::from_index(at))));
        order.extend((0..catalog.steps.len()).map(|at| Entity::from(StepId::from_index(at))));
        order.extend((0..catalog.components.len()).map(|at| Entity::from(ComponentId::from_index(at))));
        order.extend((0..catalog.skills.len()).map(|at| Entity::from(SkillId::from_index(at))));
        order.extend((0..catalog.teams.len()).map(|at| Entity::from(TeamId::from_index(at))));
        order.extend((0..catalog.people.len()).map(|at| Entity::from(PersonId::from_index(at))));
        order.extend((0..catalog.scenarios.len()).map(|at| Entity::Scenario(ScenarioId::from_index(at))));
        let known = order.iter().copied().zip(0..).collect();
        Self { order, known }
    }

    /// The number of an entity; those without a card get theirs when they are first named.
    pub(super) fn number(&mut self, entity: Entity) -> u32 {
        let next = u32::try_from(self.order.len()).unwrap_or(u32::MAX);
        *self.known.entry(entity).or_insert_with(|| {
            self.order.push(entity);
            next
        })
    }
}

/// Everything that a report says of a catalog.
pub(super) fn data(analysis: &Analysis) -> Data {
    let catalog = &analysis.catalog;
    let mut numbers = Numbers::of(analysis);
    let with_cards = numbers.order.clone();
    let views: Vec<CardView> = with_cards.par_iter().map(|entity| card_view(analysis, *entity)).collect();
    let mut entities: Vec<EntityData> =
        views.into_iter().map(|view| entity(analysis, &mut numbers, view)).collect();
    let edges = links(analysis, &mut numbers, &with_cards);
    let findings = findings(analysis, &mut numbers);
    let matrices = matrices(analysis, &mut numbers);
    let maps = maps(analysis, &mut numbers);
    // What is only named has no card.
    let named: Vec<Entity> = numbers.order.iter().skip(entities.len()).copied().collect();
    entities.extend(named.into_iter().map(|entity| bare(analysis, entity)));
    let problems = catalog.real_problems().chain(&analysis.problems).map(|problem| ProblemData {
        level: problem.level.word(),
        place: visible(&format!("{}:{}", problem.file, problem.line)).into_owned(),
        message: visible(&problem.message).into_owned(),
        hint: visible(&problem.hint).into_owned(),
    });
    let settings = &catalog.settings;
    Data {
        name: visible(&catalog.name).into_owned(),
        path: visible(&catalog.path).into_owned(),
        day: analysis.day.to_string(),
        version: env!("CARGO_PKG_VERSION"),
        score: ScoreData {
            value: analysis.score.value,
            grade: analysis.score.grade(),
            coverage: analysis.score.coverage,
            why: analysis.score.why_no_grade(),
        },
        counts: analysis.counts(),
        environments: (0..settings.environments.len())
            .map(|at| visible(settings.environment(at)).into_owned())
            .collect(),
        severities: Severity::ALL.map(|severity| (severity.badge(false), severity.word())).to_vec(),
        marks: Mark::ALL.map(|mark| (mark.glyph(false), mark.word(), mark_class(mark))).to_vec(),
        relations: Relation::ALL.map(|relation| (relation.verb(), relation.inverse_verb())).to_vec(),
        keys: filter::KEYS.to_vec(),
        problems: problems.collect(),
        entities,
        edges,
        rules: rules(&findings),
        findings,
        matrices,
        maps,
        assessment: assessment(analysis),
    }
}

/// The place of a mark among all, as the script knows it.
pub(super) fn mark_number(mark: Mark) -> u8 {
    let place = Mark::ALL.iter().position(|known| *known == mark);
    place.and_then(|place| u8::try_from(place).ok()).unwrap_or_default()
}

fn mark_class(mark: Mark) -> &'static str {
    match mark {
        Mark::Needed => "good",
        Mark::Unneeded | Mark::TooWide => "bad",
        Mark::Missing => "missing",
        Mark::Unsure | Mark::Unknown | Mark::Undeclared | Mark::Flawed => "gap",
        Mark::Plain => "plain",
    }
}

fn shown(text: &str) -> String {
    visible(text).into_owned()
}

/// An entity without a card: a name that leads nowhere, a decision, the catalog itself.
fn bare(analysis: &Analysis, entity: Entity) -> EntityData {
    let catalog = &analysis.catalog;
    EntityData {
        kind: catalog.kind(entity).word(),
        id: shown(&catalog.id(entity)),
        name: shown(&catalog.name(entity)),
        label: shown(&catalog.label(entity)),
        sign: sign(catalog, entity, false),
        findings: analysis.about(entity).map(|(place, _)| place).collect(),
        place: catalog.place(entity).map_or(String::new(), |place| shown(&line_of(analysis, place))),
        ..EntityData::default()
    }
}

fn entity(analysis: &Analysis, numbers: &mut Numbers, view: CardView) -> EntityData {
    let catalog = &analysis.catalog;
    let mut out = bare(analysis, view.entity);
    out.card = true;
    out.subtitle = shown(&view.subtitle);
    out.description = view.description.as_deref().map(shown);
    out.findings = view.findings;
    out.aliases = aliases(analysis, view.entity);
    for field in view.fields {
        let mut values: Vec<ValueData> = Vec::with_capacity(field.values.len());
        for value in field.values {
            values.push((
                shown(&value.text),
                shown(&value.detail),
                value.entity.map(|entity| numbers.number(entity)),
                mark_number(value.mark),
                value.findings,
                value.why.iter().map(|why| shown(why)).collect(),
                value.place.map_or(String::new(), |place| shown(&line_of(analysis, place))),
            ));
        }
        out.fields.push((field.title, values));
    }
    match view.entity {
        Entity::Persona(id) => persona(analysis, numbers, id, &mut out),
        Entity::Person(id) => {
            let person = &catalog.people[id.index()];
            out.allocation = Some(person.allocation);
            out.away = !person.active;
        }
        _ => {}
    }
    out
}

fn persona(analysis: &Analysis, numbers: &mut Numbers, id: PersonaId, out: &mut EntityData) {
    let persona = &analysis.catalog.personas[id.index()];
    let facts = analysis.facts.of_persona(id);
    let (red, green, blue) = flag_color(persona.color.as_deref(), persona.id.written());
    out.flag = Some((format!("#{red:02x}{green:02x}{blue:02x}"), is_light(red, green, blue)));
    out.persona_type = Some(persona.persona_type.word());
    out.section = persona.section.as_ref().map(|section| shown(section.written()));
    out.team = persona.team.map(|team| numbers.number(team.into()));
    let score = &analysis.score.personas[id.index()];
    out.score = (!score.items.is_empty()).then(|| (score.clean(), score.items.len()));
    let mut all = |entities: Vec<Entity>| {
        let mut all: Vec<u32> = entities.into_iter().map(|entity| numbers.number(entity)).collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    let granted = persona.grants.iter().map(|grant| grant.component.into());
    out.components = all(granted.chain(facts.needs.iter().map(|need| need.component.into())).collect());
    let had = facts.has.iter().map(|held| held.skill.into());
    out.skills = all(had.chain(facts.required.iter().map(|required| required.skill.into())).collect());
    out.processes = all(persona.processes.iter().map(|part| part.process.into()).collect());
}

fn aliases(analysis: &Analysis, entity: Entity) -> Vec<String> {
    let catalog = &analysis.catalog;
    let names = match entity {
        Entity::Persona(id) => &catalog.personas[id.index()].aliases,
        Entity::Process(id) => &catalog.processes[id.index()].aliases,
        Entity::Component(id) => &catalog.components[id.index()].aliases,
        Entity::Skill(id) => &catalog.skills[id.index()].aliases,
        Entity::Team(id) => &catalog.teams[id.index()].aliases,
        Entity::Person(id) => &catalog.people[id.index()].aliases,
        _ => return Vec::new(),
    };
    names.iter().map(|name| shown(name.written())).collect()
}

fn links(analysis: &Analysis, numbers: &mut Numbers, from: &[Entity]) -> Vec<(u32, u8, u32, u8)> {
    let context = Context::default();
    let lens = Lens { overlay: Overlay::All, context: &context };
    let all: Vec<Vec<_>> = from.par_iter().map(|entity| edges(analysis, *entity, true, lens)).collect();
    let mut out = Vec::new();
    for shown in all.into_iter().flatten() {
        let place = Relation::ALL.iter().position(|relation| *relation == shown.link.relation);
        let relation = place.and_then(|place| u8::try_from(place).ok()).unwrap_or_default();
        let (from, to) = (numbers.number(shown.link.from), numbers.number(shown.link.to));
        out.push((from, relation, to, mark_number(shown.mark)));
    }
    out
}

fn assessment(analysis: &Analysis) -> AssessmentData {
    let found = assess::assess(analysis);
    let section = |section: Section| {
        let answers: Vec<_> = found.of(section).collect();
        let (mut sum, mut weights) = (0.0, 0.0);
        for answer in &answers {
            if let Some(score) = answer.score {
                sum += score * f64::from(answer.question.weight);
                weights += f64::from(answer.question.weight);
            }
        }
        let mean = (weights > 0.0).then(|| sum / weights);
        let answers = answers.into_iter().map(|answer| AnswerData {
            text: answer.question.text,
            verdict: answer.verdict.word(),
            class: match answer.verdict {
                Verdict::Yes => "good",
                Verdict::Partly => "gap",
                Verdict::No => "bad",
                Verdict::CannotTell => "unknown",
            },
            score: answer.score,
            weight: answer.question.weight,
            basis: shown(&answer.basis()),
            evidence: answer
                .sample
                .against
                .iter()
                .chain(&answer.sample.doubts)
                .map(|why| shown(why))
                .collect(),
            next: answer.question.next,
        });
        (section.title(), mean, answers.collect())
    };
    AssessmentData {
        value: found.value,
        grade: found.grade(),
        answered: found.answered,
        sections: Section::ALL.map(section).into(),
    }
}

//! Why a cell is as it is: what there is, what asks for it, and what the rules say, with lines.

use crate::analysis::evidence::{grant_phrase, need_phrase};
use crate::analysis::view::{asker, line_of};
use crate::analysis::{Analysis, NeedSource, RequirementSource};
use crate::catalog::{
    ComponentId, Entity, Grant, GrantState, Party, PersonId, PersonaId, Place, ProcessId, SkillId,
};
use crate::graph::Relation;

use super::{Cell, Kind, Matrix, findings_between, signs};

/// Something that a card states, or that follows from it.
#[derive(Clone, Debug)]
pub struct Fact {
    /// What it is: "granted", "needed".
    pub title: &'static str,
    /// What it says.
    pub text: String,
    /// Where it stands.
    pub place: Option<Place>,
    /// Whether it holds in the context that is looked at.
    pub here: bool,
}

/// Why a cell is as it is.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The row.
    pub row: Entity,
    /// The column.
    pub column: Entity,
    /// What the cell is, in words.
    pub verdict: String,
    /// What is stated, and what follows.
    pub facts: Vec<Fact>,
    /// The findings on it, as places in the analysis, open ones first.
    pub findings: Vec<usize>,
    /// Where to look first.
    pub place: Option<Place>,
}

/// Explains the cell of a row and a column of the matrix, also where there is nothing in it.
#[must_use]
pub fn explain(analysis: &Analysis, matrix: &Matrix, row: Entity, column: Entity) -> Explanation {
    let settings = &analysis.catalog.settings;
    let at = |entities: &[Entity], entity: Entity| entities.iter().position(|known| *known == entity);
    let cell = at(&matrix.rows, row).zip(at(&matrix.columns, column));
    let cell = cell.and_then(|(row, column)| matrix.cell(row, column));
    let verdict = match cell {
        Some(cell) => signs::cell_words(settings, matrix.kind, cell),
        None => "nothing here: neither there nor asked for".to_owned(),
    };
    explain_cell(analysis, matrix, row, column, verdict, cell)
}

fn explain_cell(
    analysis: &Analysis,
    matrix: &Matrix,
    row: Entity,
    column: Entity,
    verdict: String,
    cell: Option<&Cell>,
) -> Explanation {
    let facts = match (matrix.kind, row, column) {
        (Kind::Components, Entity::Persona(id), Entity::Component(component)) => {
            access(analysis, matrix, id, component)
        }
        (Kind::Processes, Entity::Persona(id), Entity::Process(process)) => {
            process_facts(analysis, id, process)
        }
        (Kind::Skills, Entity::Persona(id), Entity::Skill(skill)) => skill_facts(analysis, matrix, id, skill),
        (Kind::People, Entity::Person(id), Entity::Skill(skill)) => person_facts(analysis, id, skill),
        (Kind::Interactions, Entity::Persona(id), other) => interaction_facts(analysis, id, other),
        _ => Vec::new(),
    };
    let mut findings: Vec<usize> = findings_between(analysis, row, column)
        .filter(|(_, finding)| {
            matrix
                .context
                .environment
                .is_none_or(|place| finding.environment.is_none_or(|environment| environment == place))
        })
        .map(|(place, _)| place)
        .collect();
    // What is wrong with the column as a whole matters to a cell with something in it.
    let of_column: &[&str] = match matrix.kind {
        Kind::Processes => &["unclear-accountability", "undescribed-process"],
        Kind::Skills | Kind::People => &["single-holder", "uncovered-skill"],
        Kind::Components | Kind::Interactions => &[],
    };
    if cell.is_some() {
        let about = analysis.about(column);
        findings.extend(
            about.filter(|(_, finding)| of_column.contains(&finding.rule.id)).map(|(place, _)| place),
        );
    }
    findings.sort_by_key(|place| (!analysis.findings[*place].is_open(), *place));
    let place = facts.iter().find_map(|fact| fact.place);
    let place = findings.first().and_then(|place| analysis.findings[*place].place).or(place);
    Explanation { row, column, verdict, facts, findings, place }
}

impl Explanation {
    /// The heading: "Build Agent MLOps (P009) x Azure Storage, in prod".
    #[must_use]
    pub fn title(&self, analysis: &Analysis, matrix: &Matrix, cross: &str) -> String {
        let catalog = &analysis.catalog;
        let phrase = if matrix.kind.has_context() { matrix.context.phrase(catalog) } else { String::new() };
        let phrase = if phrase.is_empty() { phrase } else { format!(", {phrase}") };
        format!("{} {cross} {}{phrase}", catalog.label(self.row), catalog.label(self.column))
    }

    /// `file:line` of a fact.
    #[must_use]
    pub fn line(analysis: &Analysis, fact: &Fact) -> Option<String> {
        Some(line_of(analysis, fact.place?))
    }
}

fn fact(title: &'static str, text: impl Into<String>, place: Place) -> Fact {
    Fact { title, text: text.into(), place: Some(place), here: true }
}

fn nothing(title: &'static str, text: &str) -> Fact {
    Fact { title, text: text.to_owned(), place: None, here: true }
}

fn access(analysis: &Analysis, matrix: &Matrix, id: PersonaId, component: ComponentId) -> Vec<Fact> {
    let catalog = &analysis.catalog;
    let context = &matrix.context;
    let grants = catalog.personas[id.index()].grants.iter().filter(|grant| grant.component == component);
    let mut facts: Vec<Fact> = grants
        .map(|grant| {
            let state = match grant.state(analysis.day) {
                GrantState::Active if !context.admits(grant) => " (not in this context)",
                GrantState::Active => "",
                GrantState::NotYet => " (from a day still to come)",
                GrantState::Expired => " (until a day that has passed)",
            };
            let text = format!("{}{}{state}", grant_phrase(catalog, grant), conditions(analysis, grant));
            Fact { here: state.is_empty(), ..fact("granted", text, grant.place) }
        })
        .collect();
    if facts.is_empty() {
        facts.push(nothing("granted", "nothing"));
    }
    let needs = analysis.facts.of_persona(id).needs_of(component);
    let mut any = false;
    for need in needs {
        any = true;
        let elsewhere = if context.concerns(need) { "" } else { " (not in this environment)" };
        let by = catalog.label(asker(analysis, need.source));
        let text = format!("{}, by {by}{elsewhere}", need_phrase(catalog, need));
        let place = need.asked_by(catalog).place;
        facts.push(Fact { here: elsewhere.is_empty(), ..fact("needed", text, place) });
    }
    if !any {
        let unsure = analysis.facts.of_persona(id).unsure;
        facts.push(nothing(
            "needed",
            if unsure {
                "nothing that is known: not all that this persona does is described"
            } else {
                "by nothing that this persona does"
            },
        ));
    }
    facts
}

/// ", for 2 h at most, phases deploy, up to medium risk, until 2027-03-31, approved by P004".
fn conditions(analysis: &Analysis, grant: &Grant) -> String {
    let catalog = &analysis.catalog;
    let mut words = Vec::new();
    if !grant.phases.is_empty() {
        let phases: Vec<&str> = grant.phases.iter().map(crate::card::words::Name::written).collect();
        words.push(format!("in phase {}", phases.join(", ")));
    }
    words.extend(grant.max_risk.map(|risk| format!("up to {} risk", catalog.settings.risk(risk))));
    words.extend(grant.max_duration.map(|duration| format!("for {duration:#} at most")));
    words.extend(grant.starts.map(|day| format!("from {day}")));
    words.extend(grant.expires.map(|day| format!("until {day}")));
    if !grant.approval.is_empty() {
        let who: Vec<String> = grant
            .approval
            .iter()
            .map(|named| {
                named
                    .target
                    .map_or_else(|| named.name.written().to_owned(), |actor| catalog.label(actor.into()))
            })
            .collect();
        words.push(format!("approved by {}", who.join(", ")));
    }
    words.into_iter().map(|word| format!(", {word}")).collect()
}

fn process_facts(analysis: &Analysis, id: PersonaId, process: ProcessId) -> Vec<Fact> {
    let catalog = &analysis.catalog;
    let persona = &catalog.personas[id.index()];
    let facts = analysis.facts.of_persona(id);
    let mut out = Vec::new();
    for part in &persona.processes {
        let word = part.responsibility.map_or("no responsibility stated", |part| part.word());
        if part.process == process {
            out.push(fact("listed", word, part.place));
        } else if analysis.facts.parts[part.process.index()].contains(&process) {
            out.push(fact(
                "listed",
                format!("its whole, {}: {word}", catalog.label(part.process.into())),
                part.place,
            ));
        }
    }
    if out.is_empty() {
        out.push(nothing("listed", "not on the card"));
    }
    for performed in &facts.performs {
        let step = &catalog.steps[performed.step.index()];
        if step.process == process {
            let cap = performed
                .cap
                .map_or(String::new(), |cap| format!(", with {} at most", catalog.settings.level(cap)));
            let where_to = catalog.settings.environment_list(step.environments);
            let text = format!("{} in {where_to}{cap}", step.name);
            out.push(fact("performs", text, performed.named_at.unwrap_or(step.place)));
        }
    }
    for need in &facts.needs {
        let source = match need.source {
            NeedSource::Step(step, _) => catalog.steps[step.index()].process,
            NeedSource::Process(process, _) => process,
        };
        if source == process {
            let text = format!("{}: {}", catalog.label(need.component.into()), need_phrase(catalog, need));
            out.push(fact("needs", text, need.asked_by(catalog).place));
        }
    }
    out
}

fn skill_facts(analysis: &Analysis, matrix: &Matrix, id: PersonaId, skill: SkillId) -> Vec<Fact> {
    let catalog = &analysis.catalog;
    let facts = analysis.facts.of_persona(id);
    let mut out = Vec::new();
    match facts.held(skill) {
        Some(held) => {
            let level = level_or(analysis, held.level, "listed");
            let through = if held.through == skill {
                String::new()
            } else {
                format!("through {}, which implies it", catalog.label(held.through.into()))
            };
            let text = if through.is_empty() { level } else { through };
            out.push(fact("has", text, held.place));
        }
        None => out.push(nothing("has", "not this skill")),
    }
    for requirement in facts.requirements_of(skill) {
        let by = match requirement.source {
            RequirementSource::Step(step) => Entity::Step(step),
            RequirementSource::Process(process) => Entity::Process(process),
            RequirementSource::Component(component, _) => Entity::Component(component),
        };
        let here = super::skills::concerns(analysis, id, requirement, &matrix.context);
        let elsewhere = if here { "" } else { " (not in this environment)" };
        let text = format!("{}by {}{elsewhere}", level_then(analysis, requirement.level), catalog.label(by));
        out.push(Fact { here, ..fact("required", text, requirement.place) });
    }
    out
}

fn person_facts(analysis: &Analysis, id: PersonId, skill: SkillId) -> Vec<Fact> {
    let catalog = &analysis.catalog;
    let person = &catalog.people[id.index()];
    let mut out = Vec::new();
    match analysis.facts.people[id.index()].iter().find(|held| held.skill == skill) {
        Some(held) if held.through == skill => {
            out.push(fact("has", level_or(analysis, held.level, "listed"), held.place));
        }
        Some(held) => {
            let through = catalog.label(held.through.into());
            out.push(fact("has", format!("through {through}, which implies it"), held.place));
        }
        None => out.push(nothing("has", "not this skill")),
    }
    if !person.active {
        out.push(fact("away", "this person is not active", person.place));
    }
    for persona in person.personas.iter().filter_map(|embodied| embodied.persona) {
        let label = catalog.label(persona.into());
        let required = analysis.facts.of_persona(persona).requirements_of(skill);
        for requirement in required {
            let level = level_then(analysis, requirement.level);
            out.push(fact("asked for", format!("{level}by the work of {label}"), requirement.place));
        }
        let listed = catalog.personas[persona.index()].skills.iter().find(|known| known.skill == skill);
        if let (Some(listed), true) = (listed, required.is_empty()) {
            let level = level_then(analysis, listed.level);
            out.push(fact("asked for", format!("{level}by the card of {label}"), listed.place));
        }
    }
    for course in &catalog.skills[skill.index()].learn {
        if let Some(title) = &course.title {
            out.push(nothing("course", title));
        }
    }
    out
}

fn interaction_facts(analysis: &Analysis, id: PersonaId, other: Entity) -> Vec<Fact> {
    let catalog = &analysis.catalog;
    let mut out = named(analysis, id, other, "names");
    if let Entity::Persona(back) = other {
        let returned = named(analysis, back, id.into(), "is named");
        if returned.is_empty() && !out.is_empty() {
            out.push(nothing("is named", "not by it, nor through a team"));
        }
        out.extend(returned);
    }
    let relations = [
        Relation::Invokes,
        Relation::HandsOver,
        Relation::AccountableTo,
        Relation::EscalatesTo,
        Relation::OverriddenBy,
        Relation::MonitoredBy,
    ];
    let (own, theirs) = (Entity::Persona(id), other);
    let out_links = analysis.graph.between(own, theirs).into_iter().map(|link| (link, true));
    let back_links = analysis.graph.between(theirs, own).into_iter().map(|link| (link, false));
    for (link, forward) in out_links.chain(back_links) {
        if relations.contains(&link.relation) {
            let verb = if forward { link.relation.verb() } else { link.relation.inverse_verb() };
            out.push(fact("relation", format!("{verb} {}", catalog.label(other)), link.place));
        }
    }
    out
}

/// The interactions in which a persona names another one, itself or through its team.
fn named(analysis: &Analysis, id: PersonaId, other: Entity, title: &'static str) -> Vec<Fact> {
    let catalog = &analysis.catalog;
    let team = match other {
        Entity::Persona(other) => catalog.personas[other.index()].team,
        _ => None,
    };
    let mut facts = Vec::new();
    for interaction in &catalog.personas[id.index()].interactions {
        let through = match interaction.party {
            Party::Persona(named) if other == Entity::Persona(named) => "",
            Party::Unknown(name) if other == Entity::Name(name) => "nobody is called that: ",
            Party::Team(named) if team == Some(named) => "through its team: ",
            Party::Persona(_) | Party::Unknown(_) | Party::Team(_) => continue,
        };
        let words = [&interaction.protocol, &interaction.auth, &interaction.cadence];
        let words: Vec<&str> = words.into_iter().flatten().map(|word| word.written()).collect();
        let how = if words.is_empty() { "no protocol stated".to_owned() } else { words.join(", ") };
        facts.push(fact(title, format!("{through}{}, {how}", interaction.name), interaction.place));
    }
    facts
}

fn level_or(analysis: &Analysis, level: Option<crate::catalog::Level>, none: &str) -> String {
    level.map_or(none.to_owned(), |level| analysis.catalog.settings.skill_level(level).to_owned())
}

/// "expert, " or nothing.
fn level_then(analysis: &Analysis, level: Option<crate::catalog::Level>) -> String {
    level.map_or(String::new(), |level| format!("{}, ", analysis.catalog.settings.skill_level(level)))
}

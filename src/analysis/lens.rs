//! What of the graph is shown: relations through an overlay and a context, and what is said of each.
//!
//! Screens and files look through the same lens. How an edge is drawn is for them.

use std::collections::HashSet;

use crate::card::kinds::PersonaType;
use crate::catalog::{Catalog, Entity};
use crate::graph::{Link, Relation};

use super::effective::Context;
use super::evidence::{grant_phrase, need_phrase};
use super::view::Mark;
use super::{Analysis, Finding};

/// Which relations are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Overlay {
    /// All.
    #[default]
    All,
    /// Who may touch what.
    Access,
    /// Who knows what.
    Skills,
    /// Only what findings are about.
    Findings,
}

impl Overlay {
    /// Every overlay.
    pub const ALL: [Self; 4] = [Self::All, Self::Access, Self::Skills, Self::Findings];

    /// The next one.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::All => Self::Access,
            Self::Access => Self::Skills,
            Self::Skills => Self::Findings,
            Self::Findings => Self::All,
        }
    }

    /// Its name.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::All => "all relations",
            Self::Access => "access",
            Self::Skills => "skills",
            Self::Findings => "findings only",
        }
    }

    /// Whether it lets a relation through.
    #[must_use]
    pub fn shows(self, relation: Relation, mark: Mark) -> bool {
        match self {
            Self::All => true,
            Self::Access => matches!(
                relation,
                Relation::IsGranted
                    | Relation::Needs
                    | Relation::Uses
                    | Relation::Performs
                    | Relation::HasStep
                    | Relation::TakesPart
            ),
            Self::Skills => matches!(relation, Relation::Has | Relation::Requires | Relation::Implies),
            Self::Findings => matches!(
                mark,
                Mark::Unneeded | Mark::TooWide | Mark::Missing | Mark::Unknown | Mark::Flawed | Mark::Unsure
            ),
        }
    }
}

/// What is let through: relations, and the context in which grants hold.
#[derive(Clone, Copy, Debug)]
pub struct Lens<'c> {
    /// Which relations.
    pub overlay: Overlay,
    /// Where and when.
    pub context: &'c Context,
}

/// An edge as it is shown: with what the analysis says of it.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// The edge.
    pub link: Link,
    /// The other end.
    pub entity: Entity,
    /// What the analysis says of it.
    pub mark: Mark,
}

/// The edges around an entity, one for each relation and other end, with what is said of them.
/// A need that a grant answers, and a requirement that is met, are the grant's and the skill's.
#[must_use]
pub fn edges(analysis: &Analysis, entity: Entity, outgoing: bool, lens: Lens<'_>) -> Vec<Shown> {
    let mut links = if outgoing { analysis.graph.outgoing(entity) } else { analysis.graph.incoming(entity) };
    links.retain(|link| holds(analysis, link, lens.context));
    let mut seen = HashSet::new();
    let pairs: HashSet<(Relation, Entity)> =
        links.iter().map(|link| (link.relation, if outgoing { link.to } else { link.from })).collect();
    let mut shown: Vec<Shown> = links
        .into_iter()
        .filter_map(|link| {
            let other = if outgoing { link.to } else { link.from };
            if !seen.insert((link.relation, other)) {
                return None;
            }
            let of_persona = matches!(link.from, Entity::Persona(_));
            let answered = match link.relation {
                Relation::Needs => pairs.contains(&(Relation::IsGranted, other)),
                Relation::Requires if of_persona => {
                    pairs.contains(&(Relation::Has, other)) || has(analysis, &link)
                }
                _ => false,
            };
            if answered {
                return None;
            }
            let mark = mark_of(analysis, &link);
            lens.overlay.shows(link.relation, mark).then_some(Shown { link, entity: other, mark })
        })
        .collect();
    shown.sort_by_key(|shown| shown.link.relation);
    shown
}

/// Whether a grant or a need is one in the context; all else is, always.
fn holds(analysis: &Analysis, link: &Link, context: &Context) -> bool {
    if context.is_open() {
        return true;
    }
    let Entity::Persona(persona) = link.from else { return true };
    match (link.relation, link.to) {
        (Relation::IsGranted, _) => {
            let grants = &analysis.catalog.personas[persona.index()].grants;
            let grant = grants.iter().find(|grant| grant.place == link.place);
            grant.is_none_or(|grant| grant.is_active(analysis.day) && context.admits(grant))
        }
        (Relation::Needs, Entity::Component(component)) => {
            analysis.facts.of_persona(persona).needs_of(component).iter().any(|need| context.concerns(need))
        }
        _ => true,
    }
}

/// Whether a persona has a required skill through another one.
fn has(analysis: &Analysis, link: &Link) -> bool {
    match (link.from, link.to) {
        (Entity::Persona(persona), Entity::Skill(skill)) => {
            analysis.facts.of_persona(persona).held(skill).is_some()
        }
        _ => false,
    }
}

/// What the analysis says of an edge.
#[must_use]
pub fn mark_of(analysis: &Analysis, link: &Link) -> Mark {
    let against = findings_of(analysis, link);
    let open =
        |rules: &[&str]| against.iter().any(|finding| finding.is_open() && rules.contains(&finding.rule.id));
    match link.relation {
        Relation::IsGranted => {
            if open(&["unneeded-access"]) {
                let unsure = matches!(link.from, Entity::Persona(id) if analysis.facts.of_persona(id).unsure);
                if unsure { Mark::Unsure } else { Mark::Unneeded }
            } else if open(&["excess-level", "excess-tools", "human-write-in-prod", "unneeded-environment"]) {
                Mark::TooWide
            } else if against.iter().any(|finding| finding.is_open()) {
                Mark::Flawed
            } else {
                Mark::Needed
            }
        }
        Relation::Needs => Mark::Missing,
        Relation::Requires => match (link.from, link.to) {
            (Entity::Persona(persona), Entity::Skill(skill)) => {
                if analysis.facts.of_persona(persona).held(skill).is_some() {
                    Mark::Needed
                } else {
                    Mark::Missing
                }
            }
            _ => undeclared(analysis, link.to),
        },
        Relation::Has => match (link.from, link.to) {
            (Entity::Persona(persona), Entity::Skill(skill))
                if !analysis.facts.of_persona(persona).requirements_of(skill).is_empty() =>
            {
                Mark::Needed
            }
            _ => undeclared(analysis, link.to),
        },
        _ if matches!(link.to, Entity::Name(_)) => Mark::Unknown,
        _ => {
            if against.iter().any(|finding| finding.is_open()) {
                Mark::Flawed
            } else {
                undeclared(analysis, link.to)
            }
        }
    }
}

fn undeclared(analysis: &Analysis, entity: Entity) -> Mark {
    match entity {
        Entity::Name(_) => Mark::Unknown,
        entity if !analysis.catalog.is_declared(entity) => Mark::Undeclared,
        _ => Mark::Plain,
    }
}

/// The findings between the two ends of an edge.
#[must_use]
pub fn findings_of<'a>(analysis: &'a Analysis, link: &Link) -> Vec<&'a Finding> {
    analysis
        .about(link.from)
        .map(|(_, finding)| finding)
        .filter(|finding| finding.subject == link.from && finding.object == Some(link.to))
        .filter(|finding| finding.rule.id != "missing-access" || link.relation == Relation::Needs)
        .collect()
}

/// What matters about an edge: level and environments of a grant or a need.
#[must_use]
pub fn detail(analysis: &Analysis, link: &Link) -> Option<String> {
    let catalog = &analysis.catalog;
    match (link.relation, link.from, link.to) {
        (Relation::IsGranted, Entity::Persona(persona), _) => {
            let grants = &catalog.personas[persona.index()].grants;
            let grant = grants.iter().find(|grant| grant.place == link.place)?;
            Some(grant_phrase(catalog, grant))
        }
        (Relation::Needs, Entity::Persona(persona), Entity::Component(component)) => {
            let needs = analysis.facts.of_persona(persona).needs_of(component);
            needs.first().map(|need| need_phrase(catalog, need))
        }
        (Relation::Uses, Entity::Step(step), _) => {
            let step = &catalog.steps[step.index()];
            let used = step.uses.iter().find(|used| used.place == link.place)?;
            let environments =
                if used.environments.is_empty() { step.environments } else { used.environments };
            let level = used.level.map_or("no particular level", |level| catalog.settings.level(level));
            Some(format!("{level} in {}", catalog.settings.environment_list(environments)))
        }
        (Relation::FlowsTo, Entity::Component(component), _) => {
            let flows = &catalog.components[component.index()].flows_to;
            flows.iter().find(|flow| flow.place == link.place)?.label.clone()
        }
        _ => None,
    }
}

/// The sign of what something is.
#[must_use]
pub fn sign(catalog: &Catalog, entity: Entity, ascii: bool) -> &'static str {
    let (sign, letter) = match entity {
        Entity::Persona(id) => return persona_sign(catalog.personas[id.index()].persona_type, ascii),
        Entity::Process(_) => ("▷", "P"),
        Entity::Step(_) => ("▹", "-"),
        Entity::Component(_) => ("▣", "C"),
        Entity::Skill(_) => ("★", "K"),
        Entity::Team(_) => ("▤", "T"),
        Entity::Person(_) => ("☺", "i"),
        Entity::Name(_) => ("?", "?"),
        Entity::Scenario(_) => ("◇", "?"),
        _ => (" ", " "),
    };
    if ascii { letter } else { sign }
}

/// The sign of a type of persona.
#[must_use]
pub fn persona_sign(persona: PersonaType, ascii: bool) -> &'static str {
    let (sign, letter) = match persona {
        PersonaType::Human => ("●", "h"),
        PersonaType::Agent => ("◈", "A"),
        PersonaType::Service => ("■", "S"),
    };
    if ascii { letter } else { sign }
}

/// How something is headed: a persona by id and name, all else by its name.
#[must_use]
pub fn title(catalog: &Catalog, entity: Entity) -> String {
    match entity {
        Entity::Persona(id) => {
            let persona = &catalog.personas[id.index()];
            if persona.id == persona.name {
                persona.name.written().to_owned()
            } else {
                format!("{} {}", persona.id, persona.name)
            }
        }
        other => catalog.name(other).into_owned(),
    }
}

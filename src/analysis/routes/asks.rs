//! What an agent asks for at run time, one access at a time, and which of its grants admits it.
//!
//! What is compared, and which reason wins, is the same as in an audit (`assets/audit.md`), said once
//! more from the side of the catalog, so that each can be held against the other. Nobody is asked here:
//! who may approve is said, not whether they do.

use jiff::civil::Date;

use crate::analysis::Analysis;
use crate::analysis::effective::{Condition, Context, is_needed};
use crate::card::words::Name;
use crate::catalog::{Actor, Catalog, ComponentId, Grant, Level, PersonaId};

/// One access that is asked for. What it leaves open is not compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// On what.
    pub component: ComponentId,
    /// Where.
    pub environment: Option<usize>,
    /// At which level.
    pub level: Option<Level>,
    /// With which tool.
    pub tool: Option<Name>,
}

/// When and why it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// In which phase.
    pub phase: Option<Name>,
    /// At which risk.
    pub risk: Option<Level>,
    /// On which day.
    pub day: Date,
}

/// What keeps a grant from admitting an access; the first of several is the reason that is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lack {
    /// It is for other environments.
    Environment,
    /// It is of a lower level.
    Level,
    /// It is for other tools.
    Tool,
    /// It is for other phases.
    Phase,
    /// It holds up to a lower risk.
    Risk,
    /// It has not started, or has expired.
    Window,
    /// Nobody whom it names has approved.
    Approval,
}

impl Lack {
    /// Every lack, the one that wins first.
    pub const ALL: [Self; 7] =
        [Self::Environment, Self::Level, Self::Tool, Self::Phase, Self::Risk, Self::Window, Self::Approval];

    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::Level => "level",
            Self::Tool => "tool",
            Self::Phase => "phase",
            Self::Risk => "risk",
            Self::Window => "window",
            Self::Approval => "approval",
        }
    }

    /// "its grant is for other environments".
    #[must_use]
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Environment => "its grant is for other environments",
            Self::Level => "its grant is of a lower level",
            Self::Tool => "its grant is for other tools",
            Self::Phase => "its grant is for other phases",
            Self::Risk => "its grant holds up to a lower risk",
            Self::Window => "its grant has not started, or has expired",
            Self::Approval => "its grant needs an approval, and there is none",
        }
    }

    /// How much it counts where two grants lack as many conditions: the less, the later it comes.
    fn weight(self) -> u32 {
        1 << (6 - self as u32)
    }
}

/// Whether an access is admitted, before anybody is asked to approve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// A grant admits it, once whoever has to approve does: its place on the card.
    Admitted(usize),
    /// None does: the place of the nearest, none where there is no grant on the component; and what keeps
    /// that one from it, in order.
    Refused(Option<usize>, Vec<Lack>),
}

/// Which grant of a persona admits an access: of several the one that asks the least of others, then the
/// one with the lowest level, then the first on the card.
#[must_use]
pub fn ruling(analysis: &Analysis, persona: PersonaId, ask: &Ask, setting: &Setting) -> Ruling {
    let admitting = rows(analysis, persona, ask)
        .filter(|(_, grant, environment)| lacks(grant, *environment, ask, setting, true).is_empty())
        .min_by_key(|(place, grant, environment)| {
            (!grant.approval.is_empty(), !grant.is_standing(), level_of(grant, *environment), *place)
        });
    match admitting {
        Some((place, ..)) => Ruling::Admitted(place),
        None => match nearest(analysis, persona, ask, setting, None) {
            Some((place, lacks)) => Ruling::Refused(Some(place), lacks),
            None => Ruling::Refused(None, Vec::new()),
        },
    }
}

/// The grant that comes nearest to admitting an access that somebody approved, or nobody: its place on
/// the card, and what keeps it from it, in order; nothing keeps it where it admits it. None: there is no
/// grant on the component.
#[must_use]
pub fn nearest(
    analysis: &Analysis,
    persona: PersonaId,
    ask: &Ask,
    setting: &Setting,
    approved_by: Option<Actor>,
) -> Option<(usize, Vec<Lack>)> {
    let all = rows(analysis, persona, ask).map(|(place, grant, environment)| {
        let approved =
            grant.approval.is_empty() || approved_by.is_some_and(|actor| counts(analysis, grant, actor));
        (place, lacks(grant, environment, ask, setting, approved))
    });
    all.min_by_key(|(_, lacks)| (lacks.len(), lacks.iter().map(|lack| lack.weight()).sum::<u32>()))
}

/// Who can approve the use of a grant: those whom it names and who are there; of a human persona, where
/// the catalog names people, those who embody it.
#[must_use]
pub fn approvers(analysis: &Analysis, grant: &Grant) -> Vec<Actor> {
    let catalog = &analysis.catalog;
    let mut out: Vec<Actor> = Vec::new();
    for actor in grant.approval.iter().filter_map(|named| named.target) {
        match actor {
            Actor::Person(id) => {
                out.extend(Some(actor).filter(|_| catalog.people[id.index()].active));
            }
            Actor::Persona(id) if !catalog.personas[id.index()].is_human() || catalog.people.is_empty() => {
                out.push(actor);
            }
            Actor::Persona(id) => {
                let people = analysis.facts.embodied_by[id.index()].iter().map(|person| {
                    let person = Actor::Person(*person);
                    // Where a person's name is also a persona's word, logs would mean that one.
                    if word_means(catalog, person) { person } else { actor }
                });
                out.extend(people);
            }
        }
    }
    let mut seen = std::collections::HashSet::new();
    out.retain(|actor| seen.insert(*actor));
    out
}

fn word_means(catalog: &Catalog, actor: Actor) -> bool {
    catalog.find_actor(&Name::new(&catalog.id(actor.into()))) == Some(actor)
}

/// Whether somebody's approval counts for a grant.
fn counts(analysis: &Analysis, grant: &Grant, by: Actor) -> bool {
    grant.approval.iter().filter_map(|named| named.target).any(|named| {
        named == by
            || match (named, by) {
                (Actor::Persona(persona), Actor::Person(person)) => {
                    analysis.facts.embodied_by[persona.index()].contains(&person)
                }
                _ => false,
            }
    })
}

/// What a persona asks for in its work: its needs in a phase, one access for each environment and tool;
/// an empty list where no card says what it does.
#[must_use]
pub fn asks(analysis: &Analysis, persona: PersonaId, phase: Option<&Name>) -> Vec<Ask> {
    let catalog = &analysis.catalog;
    let context = Context { phase: phase.cloned(), ..Context::default() };
    let mut out: Vec<Ask> = Vec::new();
    let needs = &analysis.facts.of_persona(persona).needs;
    for need in needs.iter().filter(|need| is_needed(catalog, &context, need)) {
        let environments: Vec<Option<usize>> = if need.environments.is_empty() {
            vec![None]
        } else {
            need.environments.iter().map(Some).collect()
        };
        let tools = need.tools(catalog);
        let tools: Vec<Option<&Name>> =
            if tools.is_empty() { vec![None] } else { tools.iter().map(Some).collect() };
        for environment in environments {
            for tool in &tools {
                let level = need.level.or_else(|| tool_level(catalog, need.component, *tool));
                let ask = Ask { component: need.component, environment, level, tool: tool.cloned() };
                if !out.contains(&ask) {
                    out.push(ask);
                }
            }
        }
    }
    out
}

/// What a grant gives, as accesses: for each of its environments and tools one at its level.
#[must_use]
pub fn asks_of_grant(grant: &Grant) -> Vec<Ask> {
    let environments: Vec<Option<usize>> = if grant.environments.is_empty() {
        vec![None]
    } else {
        grant.environments.iter().map(Some).collect()
    };
    let tools: Vec<Option<&Name>> = if grant.tools.is_empty() || grant.has_every_tool() {
        vec![None]
    } else {
        grant.tools.iter().map(Some).collect()
    };
    let mut out = Vec::new();
    for environment in environments {
        let level = level_of(grant, environment);
        out.extend(tools.iter().map(|tool| Ask {
            component: grant.component,
            environment,
            level,
            tool: tool.cloned(),
        }));
    }
    out
}

/// The level of a tool, as the component's card says.
#[must_use]
pub fn tool_level(catalog: &Catalog, component: ComponentId, tool: Option<&Name>) -> Option<Level> {
    let tool = tool?;
    let tools = catalog.components[component.index()].tools.iter();
    tools.filter(|(name, _)| name == tool).find_map(|(_, level)| *level)
}

/// The grants on the component of an access: place, grant, and each environment that the grant states.
fn rows<'a>(
    analysis: &'a Analysis,
    persona: PersonaId,
    ask: &Ask,
) -> impl Iterator<Item = (usize, &'a Grant, Option<usize>)> {
    let component = ask.component;
    let grants = analysis.catalog.personas[persona.index()].grants.iter().enumerate();
    grants.filter(move |(_, grant)| grant.component == component).flat_map(|(place, grant)| {
        let any = grant.environments.is_empty().then_some(None);
        any.into_iter()
            .chain(grant.environments.iter().map(Some))
            .map(move |environment| (place, grant, environment))
    })
}

fn level_of(grant: &Grant, environment: Option<usize>) -> Option<Level> {
    match environment {
        Some(environment) => grant.level_in(environment),
        None => grant.level_without_environment(),
    }
}

fn lacks(
    grant: &Grant,
    environment: Option<usize>,
    ask: &Ask,
    setting: &Setting,
    approved: bool,
) -> Vec<Lack> {
    let elsewhere = matches!((environment, ask.environment), (Some(own), Some(asked)) if own != asked);
    let too_low =
        matches!((level_of(grant, environment), ask.level), (Some(own), Some(asked)) if asked > own);
    let other_tool = !grant.tools.is_empty()
        && !grant.has_every_tool()
        && ask.tool.as_ref().is_some_and(|tool| !grant.tools.contains(tool));
    let context = Context { environment: None, phase: setting.phase.clone(), risk: setting.risk };
    let refused = context.refusals(grant, setting.day);
    let has = |condition| refused.contains(&condition);
    [
        (Lack::Environment, elsewhere),
        (Lack::Level, too_low),
        (Lack::Tool, other_tool),
        (Lack::Phase, has(Condition::Phase)),
        (Lack::Risk, has(Condition::Risk)),
        (Lack::Window, has(Condition::Starts) || has(Condition::Expires)),
        (Lack::Approval, !approved),
    ]
    .into_iter()
    .filter_map(|(lack, fails)| fails.then_some(lack))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::analysis;

    const TEXT: &str = "kind: Persona\nid: B\nname: Bot\ntype: agent\nprocesses: [Build]\ncomponent_access:
  - {component: S, level: admin, environments: [dev], mode: jit, approval: H}
  - {component: S, level: write, environments: [dev, prod], mode: jit, phases: [test]}
  - {component: S, level: write, environments: [dev], phases: [test], max_risk: low}
  - {component: M, tools: [run], environments: [dev]}
---
kind: PersonaList\nitems: [{id: H, name: Human}]
---
kind: PersonList\nitems: [{name: Ana, personas: [H]}, {name: Bo, personas: [H], active: false}]
---
kind: Component\nname: M\ntools: {run: write, log: read}
---
kind: Process\nname: Build\nsteps:
  - {name: t, phase: test, environments: [dev, prod], uses: [{component: M, tools: [run, log]}, S]}
";

    #[test]
    fn the_grant_that_asks_the_least_of_others_is_taken() {
        let analysis = analysis(TEXT);
        let catalog = &analysis.catalog;
        let (bot, s) = (PersonaId::from_index(0), catalog.find_component(&Name::new("S")));
        let ask = |environment, level| Ask {
            component: s.unwrap_or_else(|| panic!("S is there")),
            environment: Some(environment),
            level: Some(Level(level)),
            tool: None,
        };
        let at =
            |risk| Setting { phase: Some(Name::new("TEST")), risk: Some(Level(risk)), day: analysis.day };
        assert_eq!(ruling(&analysis, bot, &ask(0, 1), &at(0)), Ruling::Admitted(2));
        assert_eq!(ruling(&analysis, bot, &ask(0, 1), &at(2)), Ruling::Admitted(1));
        assert_eq!(ruling(&analysis, bot, &ask(0, 2), &at(2)), Ruling::Admitted(0));
        // In prod the second grant lacks the level; the first, which lacks the environment, needs an
        // approval as well.
        assert_eq!(ruling(&analysis, bot, &ask(2, 2), &at(0)), Ruling::Refused(Some(1), vec![Lack::Level]));
        assert_eq!(nearest(&analysis, bot, &ask(0, 2), &at(2), None), Some((0, vec![Lack::Approval])));
        let ana = catalog.find_actor(&Name::new("Ana"));
        assert_eq!(nearest(&analysis, bot, &ask(0, 2), &at(2), ana), Some((0, Vec::new())));
        assert_eq!(approvers(&analysis, &catalog.personas[0].grants[0]), Vec::from_iter(ana));
    }

    #[test]
    fn what_is_asked_for_is_what_is_needed_tool_by_tool_and_place_by_place() {
        let analysis = analysis(TEXT);
        let bot = PersonaId::from_index(0);
        let found: Vec<_> = asks(&analysis, bot, Some(&Name::new("test")))
            .into_iter()
            .map(|ask| (ask.environment, ask.level, ask.tool.map(|tool| tool.written().to_owned())))
            .collect();
        let tool = |word: &str| Some(word.to_owned());
        assert_eq!(found.len(), 6);
        assert!(found.contains(&(Some(0), Some(Level(1)), tool("run"))));
        assert!(found.contains(&(Some(2), Some(Level(0)), tool("log"))));
        assert!(found.contains(&(Some(2), None, None)));
        assert!(asks(&analysis, bot, Some(&Name::new("deploy"))).is_empty());
    }
}

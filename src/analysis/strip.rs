//! Effective access along one axis: over time, over risk, or over the phases of a process, as steps.
//!
//! Each step is the access that holds in it, and what changed since the step before: which grants came
//! and went, and what that does to the component in each environment. A grant that comes where another
//! already gives as much changes nothing, and that is said too. Nothing is drawn here, and no step is
//! judged: whether an access is needed is for the rules to say.

use jiff::civil::Date;

use crate::card::words::Name;
use crate::catalog::{ComponentId, Grant, Level, PersonaId, Settings};

use super::Analysis;
use super::effective::{Access, Condition, Context, access_on};

/// Along what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Axis {
    /// The phases that its grants and its steps name.
    Phase,
    /// The catalog's risks, from least to most.
    Risk,
    /// Days, as its grants start and expire.
    Time,
}

impl Axis {
    /// All, in alphabetical order.
    pub const ALL: [Self; 3] = [Self::Phase, Self::Risk, Self::Time];

    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Phase => "phase",
            Self::Risk => "risk",
            Self::Time => "time",
        }
    }
}

/// A persona's access along an axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strip {
    /// Whose.
    pub persona: PersonaId,
    /// Along what.
    pub axis: Axis,
    /// What is the same in all steps; open where the axis runs.
    pub context: Context,
    /// The steps, at least one, in order.
    pub steps: Vec<Step>,
    /// The step in which the day, the risk or the phase that was asked about falls; none where none was.
    pub here: Option<usize>,
}

/// A step of a strip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where on the axis.
    pub at: Position,
    /// What holds in it, what is refused by which condition, and which needs nothing covers.
    pub access: Access,
    /// What changed since the step before, component by component in the order of the card; of the
    /// first step nothing.
    pub changes: Vec<Change>,
}

/// Where a step is on its axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Position {
    /// From the first to the last of these days; none: open to that side.
    Days {
        /// The first.
        first: Option<Date>,
        /// The last.
        last: Option<Date>,
    },
    /// In a phase; none: in any phase that neither its grants nor its steps name.
    Phase(Option<Name>),
    /// At a risk.
    Risk(Level),
}

/// What changed of a component from a step to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The component.
    pub component: ComponentId,
    /// The grants that hold now and did not before, by their places on the card.
    pub came: Vec<usize>,
    /// The grants that held before and do not now, and the condition that keeps each out.
    pub went: Vec<(usize, Condition)>,
    /// What that does, in each environment in which it does something.
    pub effects: Vec<Effect>,
}

/// What a change does in an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// Where.
    pub environment: usize,
    /// What was held.
    pub before: Held,
    /// What is held.
    pub after: Held,
}

/// Which way an access goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// To more.
    Widens,
    /// To less.
    Narrows,
    /// To more of one and less of another.
    Shifts,
    /// To neither: other grants give as much.
    Stays,
}

impl Direction {
    /// The verb.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Widens => "widens",
            Self::Narrows => "narrows",
            Self::Shifts => "shifts",
            Self::Stays => "stays",
        }
    }

    fn of(more: bool, less: bool) -> Self {
        match (more, less) {
            (true, true) => Self::Shifts,
            (true, false) => Self::Widens,
            (false, true) => Self::Narrows,
            (false, false) => Self::Stays,
        }
    }
}

/// How much of a component is held in an environment, over all grants that hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Without asking anybody.
    pub at_once: Hold,
    /// Once everything is activated: never less than at once.
    pub activated: Hold,
    /// With which tools, once everything is activated.
    pub tools: Tools,
}

/// How much is held, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Hold {
    /// Nothing.
    Nothing,
    /// Something, without a level that follows from the cards.
    Unstated,
    /// Up to a level.
    Level(Level),
}

/// The tools of a component that may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tools {
    /// These, in the order of their folded names; none where nothing is held.
    Listed(Vec<Name>),
    /// All: some grant names none, or the one that means all.
    Every,
}

impl Tools {
    /// Whether `other` has a tool that this does not have.
    fn lacks_of(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Every, _) => false,
            (Self::Listed(_), Self::Every) => true,
            (Self::Listed(own), Self::Listed(others)) => others.iter().any(|tool| !own.contains(tool)),
        }
    }
}

impl Effect {
    /// Which way it goes.
    #[must_use]
    pub fn direction(&self) -> Direction {
        let (before, after) = (&self.before, &self.after);
        let more = after.at_once > before.at_once
            || after.activated > before.activated
            || before.tools.lacks_of(&after.tools);
        let less = after.at_once < before.at_once
            || after.activated < before.activated
            || after.tools.lacks_of(&before.tools);
        Direction::of(more, less)
    }
}

impl Change {
    /// Which way it goes, over all environments.
    #[must_use]
    pub fn direction(&self) -> Direction {
        over(self.effects.iter().map(Effect::direction))
    }
}

impl Step {
    /// Which way the access as a whole goes from the step before to this one.
    #[must_use]
    pub fn direction(&self) -> Direction {
        over(self.changes.iter().map(Change::direction))
    }

    /// The most that is held in an environment, over all components: at once, and once everything is
    /// activated.
    #[must_use]
    pub fn most(&self, analysis: &Analysis, environment: usize) -> (Hold, Hold) {
        let grants = &analysis.catalog.personas[self.access.persona.index()].grants;
        let most = |places: &[usize]| {
            let holds = places.iter().filter_map(|place| grants.get(*place));
            holds.map(|grant| hold_of(grant, environment)).max().unwrap_or(Hold::Nothing)
        };
        let at_once = most(&self.access.at_once);
        (at_once, at_once.max(most(&self.access.activated)))
    }
}

fn over(directions: impl Iterator<Item = Direction>) -> Direction {
    let (mut more, mut less) = (false, false);
    for direction in directions {
        more |= matches!(direction, Direction::Widens | Direction::Shifts);
        less |= matches!(direction, Direction::Narrows | Direction::Shifts);
    }
    Direction::of(more, less)
}

/// The access of a persona along an axis.
///
/// What a context states holds in all steps. What it states of the axis itself does not narrow the strip,
/// but marks the step in which it falls; over time, the day of the analysis does.
#[must_use]
pub fn strip(analysis: &Analysis, persona: PersonaId, axis: Axis, context: &Context) -> Strip {
    let mut fixed = context.clone();
    match axis {
        Axis::Phase => fixed.phase = None,
        Axis::Risk => fixed.risk = None,
        Axis::Time => {}
    }
    let positions = match axis {
        Axis::Phase => phases(analysis, persona),
        Axis::Risk => {
            let risks = analysis.catalog.settings.risk_levels.len().max(1);
            (0..risks).map(|risk| Position::Risk(Level(u8::try_from(risk).unwrap_or(u8::MAX)))).collect()
        }
        Axis::Time => days(analysis, persona, &fixed),
    };
    let mut steps: Vec<Step> = Vec::with_capacity(positions.len());
    for at in positions {
        let access = access_at(analysis, persona, &fixed, &at);
        let changes = steps.last().map_or_else(Vec::new, |before| {
            changes(analysis, axis, fixed.environment, &before.access, &access)
        });
        steps.push(Step { at, access, changes });
    }
    let here = steps.iter().position(|step| match &step.at {
        Position::Days { first, last } => spans(*first, *last, analysis.day),
        Position::Phase(phase) => context.phase.is_some() && context.phase == *phase,
        Position::Risk(risk) => context.risk == Some(*risk),
    });
    // A phase that nothing of the persona names is one of those of the first step.
    let here = here.or_else(|| (axis == Axis::Phase && context.phase.is_some()).then_some(0));
    Strip { persona, axis, context: fixed, steps, here }
}

fn access_at(analysis: &Analysis, persona: PersonaId, fixed: &Context, at: &Position) -> Access {
    let mut context = fixed.clone();
    let day = match at {
        // Any day of the span will do, since what holds is the same on all of them.
        Position::Days { first, last } => {
            let edge = first.or(*last).unwrap_or(analysis.day);
            if spans(*first, *last, analysis.day) { analysis.day } else { edge }
        }
        // No grant and no step names the empty word.
        Position::Phase(phase) => {
            context.phase = Some(phase.clone().unwrap_or_else(|| Name::new("")));
            analysis.day
        }
        Position::Risk(risk) => {
            context.risk = Some(*risk);
            analysis.day
        }
    };
    access_on(analysis, persona, &context, day)
}

fn spans(first: Option<Date>, last: Option<Date>, day: Date) -> bool {
    first.is_none_or(|first| first <= day) && last.is_none_or(|last| day <= last)
}

/// The spans of days between which grants start and expire that the context admits.
fn days(analysis: &Analysis, persona: PersonaId, context: &Context) -> Vec<Position> {
    let grants = &analysis.catalog.personas[persona.index()].grants;
    let admitted = grants.iter().filter(|grant| context.admits(grant));
    let mut edges: Vec<Date> = admitted
        .flat_map(|grant| [grant.starts, grant.expires.and_then(|last| last.tomorrow().ok())])
        .flatten()
        .collect();
    edges.sort_unstable();
    edges.dedup();
    let mut positions = Vec::with_capacity(edges.len() + 1);
    let mut first = None;
    for edge in edges {
        // Nothing comes before the first day that a calendar has.
        if let Ok(last) = edge.yesterday() {
            positions.push(Position::Days { first, last: Some(last) });
        }
        first = Some(edge);
    }
    positions.push(Position::Days { first, last: None });
    positions
}

/// The phases that its grants or its steps name, in the order in which the catalog first names them,
/// after the step for all others.
fn phases(analysis: &Analysis, persona: PersonaId) -> Vec<Position> {
    let catalog = &analysis.catalog;
    let grants = &catalog.personas[persona.index()].grants;
    let performed = &analysis.facts.of_persona(persona).performs;
    let steps = performed.iter().filter_map(|performed| catalog.steps[performed.step.index()].phase.as_ref());
    let own: std::collections::HashSet<&Name> =
        grants.iter().flat_map(|grant| &grant.phases).chain(steps).collect();
    let known = super::effective::phases(catalog).into_iter().filter(|phase| own.contains(phase));
    std::iter::once(None).chain(known.map(Some)).map(Position::Phase).collect()
}

fn changes(
    analysis: &Analysis,
    axis: Axis,
    environment: Option<usize>,
    before: &Access,
    after: &Access,
) -> Vec<Change> {
    let grants = &analysis.catalog.personas[after.persona.index()].grants;
    let holds = |access: &Access, place: usize| !access.refused.iter().any(|(refused, _)| *refused == place);
    let mut changes: Vec<Change> = Vec::new();
    for (place, grant) in grants.iter().enumerate() {
        let (held, holds) = (holds(before, place), holds(after, place));
        if held == holds {
            continue;
        }
        let known = changes.iter().position(|change| change.component == grant.component);
        let at = known.unwrap_or_else(|| {
            changes.push(Change {
                component: grant.component,
                came: Vec::new(),
                went: Vec::new(),
                effects: Vec::new(),
            });
            changes.len() - 1
        });
        if holds {
            changes[at].came.push(place);
        } else {
            let condition = match axis {
                Axis::Phase => Condition::Phase,
                Axis::Risk => Condition::Risk,
                Axis::Time => Condition::Expires,
            };
            changes[at].went.push((place, condition));
        }
    }
    let environments: Vec<usize> = match environment {
        Some(one) => vec![one],
        None => (0..analysis.catalog.settings.environments.len()).collect(),
    };
    for change in &mut changes {
        for &environment in &environments {
            let was = held(grants, before, change.component, environment);
            let is = held(grants, after, change.component, environment);
            if was != is {
                change.effects.push(Effect { environment, before: was, after: is });
            }
        }
    }
    changes
}

/// How much of a component an access gives in an environment; `grants` are those of its persona.
#[must_use]
pub fn held(grants: &[Grant], access: &Access, component: ComponentId, environment: usize) -> Held {
    let of = |places: &[usize]| {
        let holding = places.iter().filter_map(|place| grants.get(*place));
        holding.filter(|grant| grant.component == component).collect::<Vec<_>>()
    };
    let most = |grants: &[&Grant]| {
        grants.iter().map(|grant| hold_of(grant, environment)).max().unwrap_or(Hold::Nothing)
    };
    let (at_once, activated) = (of(&access.at_once), of(&access.activated));
    let mut listed: Vec<Name> = Vec::new();
    let mut every = false;
    for grant in at_once.iter().chain(&activated) {
        if hold_of(grant, environment) > Hold::Nothing {
            every |= grant.tools.is_empty() || grant.has_every_tool();
            listed.extend(grant.tools.iter().cloned());
        }
    }
    listed.sort_unstable();
    listed.dedup();
    let first = most(&at_once);
    Held {
        at_once: first,
        activated: first.max(most(&activated)),
        tools: if every { Tools::Every } else { Tools::Listed(listed) },
    }
}

fn hold_of(grant: &Grant, environment: usize) -> Hold {
    if !grant.environments.is_empty() && !grant.environments.contains(environment) {
        return Hold::Nothing;
    }
    grant.level_in(environment).map_or(Hold::Unstated, Hold::Level)
}

/// "until 2026-11-30", "phase test", "medium risk": where a step is.
#[must_use]
pub fn position_words(analysis: &Analysis, at: &Position) -> String {
    match at {
        Position::Days { first: None, last: None } => "on every day".to_owned(),
        Position::Days { first: None, last: Some(last) } => format!("until {last}"),
        Position::Days { first: Some(first), last: None } => format!("from {first}"),
        Position::Days { first: Some(first), last: Some(last) } => format!("{first} to {last}"),
        Position::Phase(None) => "any other phase".to_owned(),
        Position::Phase(Some(phase)) => format!("phase {phase}"),
        Position::Risk(risk) => format!("{} risk", analysis.catalog.settings.risk(*risk)),
    }
}

/// "read (write)": the level at once and, in brackets, once activated; `-`: nothing, `?`: no level stated.
#[must_use]
pub fn held_words(settings: &Settings, at_once: Hold, activated: Hold) -> String {
    let word = |hold| match hold {
        Hold::Nothing => "-",
        Hold::Unstated => "?",
        Hold::Level(level) => settings.level(level),
    };
    match (at_once, activated) {
        (at_once, activated) if at_once == activated => word(at_once).to_owned(),
        (Hold::Nothing, activated) => format!("({})", word(activated)),
        (at_once, activated) => format!("{} ({})", word(at_once), word(activated)),
    }
}

/// "every tool", "log, run", "no tool".
#[must_use]
pub fn tools_words(tools: &Tools) -> String {
    match tools {
        Tools::Every => "every tool".to_owned(),
        Tools::Listed(tools) if tools.is_empty() => "no tool".to_owned(),
        Tools::Listed(tools) => tools.iter().map(Name::written).collect::<Vec<_>>().join(", "),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::analysis::testing::analysis;

    const BOT: &str = "kind: Persona\nid: B\nname: Bot\ntype: agent\nprocesses: [Build]\ncomponent_access:
  - {component: S, level: write, environments: [dev], max_risk: low, mode: jit}
  - {component: S, level: read, environments: [dev, prod]}
  - {component: T, level: write, environments: [dev], phases: [test], starts: 2026-12-01, expires: 2026-12-31}
  - {component: T, level: write, environments: [dev], expires: 2027-01-31}
  - {component: M, tools: [run, log], environments: [dev], max_risk: medium}
  - {component: M, tools: [log], environments: [dev]}
---
kind: Component\nname: M\ntools: {run: write, log: read}
---
kind: Process\nname: Build\nphases: [build, test, deploy]\nsteps:
  - {name: ship, phase: deploy, environments: [dev], uses: [T: write]}
";

    fn of(text: &str, axis: Axis, context: &Context) -> (Analysis, Strip) {
        let analysis = analysis(text);
        let strip = strip(&analysis, PersonaId::from_index(0), axis, context);
        (analysis, strip)
    }

    fn words(strip: &Strip) -> Vec<String> {
        strip.steps.iter().map(|step| step.direction().word().to_owned()).collect()
    }

    #[test]
    fn over_risk_a_grant_that_ends_leaves_what_another_gives() {
        let (analysis, strip) = of(BOT, Axis::Risk, &Context { risk: Some(Level(1)), ..Context::default() });
        assert_eq!(words(&strip), ["stays", "narrows", "narrows"]);
        assert_eq!((strip.here, strip.context.risk), (Some(1), None));
        let change = &strip.steps[1].changes[0];
        assert_eq!((change.came.len(), &*change.went), (0, &[(0, Condition::Risk)][..]));
        let before =
            Held { at_once: Hold::Level(Level(0)), activated: Hold::Level(Level(1)), tools: Tools::Every };
        let after = Held { activated: Hold::Level(Level(0)), ..before.clone() };
        assert_eq!(change.effects, [Effect { environment: 0, before, after }]);
        // A tool that goes narrows, and so does the level that it gave.
        let change = &strip.steps[2].changes[0];
        assert_eq!(change.effects[0].after.tools, Tools::Listed(vec![Name::new("log")]));
        assert_eq!(change.effects[0].before.tools, Tools::Listed(vec![Name::new("log"), Name::new("run")]));
        assert_eq!(strip.steps[0].most(&analysis, 0), (Hold::Level(Level(1)), Hold::Level(Level(1))));
        assert_eq!(strip.steps[2].most(&analysis, 2), (Hold::Level(Level(0)), Hold::Level(Level(0))));
        assert_eq!(strip.steps[2].most(&analysis, 1), (Hold::Nothing, Hold::Nothing));
    }

    #[test]
    fn over_time_grants_start_and_expire_and_what_overlaps_changes_nothing() {
        let (_, strip) = of(BOT, Axis::Time, &Context::default());
        let days: Vec<Position> = strip.steps.iter().map(|step| step.at.clone()).collect();
        let span = |first, last| Position::Days { first, last };
        assert_eq!(
            days,
            [
                span(None, Some(date(2026, 11, 30))),
                span(Some(date(2026, 12, 1)), Some(date(2026, 12, 31))),
                span(Some(date(2027, 1, 1)), Some(date(2027, 1, 31))),
                span(Some(date(2027, 2, 1)), None),
            ]
        );
        assert_eq!(
            (words(&strip), strip.here),
            (["stays", "stays", "stays", "narrows"].map(str::to_owned).to_vec(), Some(0))
        );
        assert_eq!(
            (&*strip.steps[1].changes[0].came, strip.steps[1].changes[0].effects.len()),
            (&[2][..], 0)
        );
        assert_eq!(strip.steps[3].changes[0].went, [(3, Condition::Expires)]);
        assert_eq!(
            strip.steps[3].access.uncovered.len(),
            1,
            "what it needs is asked for on the day of the step"
        );
        // What the context keeps out makes no step.
        let (_, strip) = of(BOT, Axis::Time, &Context { environment: Some(2), ..Context::default() });
        assert_eq!((strip.steps.len(), strip.here), (1, Some(0)));
    }

    #[test]
    fn over_phases_those_that_it_has_to_do_with_after_all_others() {
        let text = BOT
            .replace("starts: 2026-12-01, expires: 2026-12-31", "starts: 2026-11-01")
            .replace("  - {component: T, level: write, environments: [dev], expires: 2027-01-31}\n", "");
        let (_, strip) =
            of(&text, Axis::Phase, &Context { phase: Some(Name::new("Deploy")), ..Context::default() });
        let phases: Vec<Position> = strip.steps.iter().map(|step| step.at.clone()).collect();
        let phase = |word: &str| Position::Phase(Some(Name::new(word)));
        assert_eq!(phases, [Position::Phase(None), phase("test"), phase("deploy")]);
        assert_eq!(words(&strip), ["stays", "widens", "narrows"]);
        assert_eq!((strip.here, strip.steps[2].access.uncovered.len()), (Some(2), 1));
        assert_eq!((strip.steps[0].access.needed, strip.steps[1].access.needed), (0, 0));
        let (_, strip) =
            of(&text, Axis::Phase, &Context { phase: Some(Name::new("build")), ..Context::default() });
        assert_eq!(strip.here, Some(0));
    }

    #[test]
    fn each_step_is_what_holds_on_each_of_its_days() {
        let (analysis, strip) = of(BOT, Axis::Time, &Context::default());
        let mut day = date(2026, 10, 1);
        for _ in 0..200 {
            let at = strip.steps.iter().position(|step| match step.at {
                Position::Days { first, last } => spans(first, last, day),
                Position::Phase(_) | Position::Risk(_) => false,
            });
            let step = &strip.steps[at.unwrap_or_else(|| panic!("{day} is in no step"))];
            assert_eq!(access_on(&analysis, strip.persona, &strip.context, day), step.access, "{day}");
            day = day.tomorrow().unwrap_or_else(|_| panic!("{day} is the last day"));
        }
    }

    #[test]
    fn a_persona_without_grants_has_one_step_over_time() {
        let (_, strip) = of("kind: Persona\nname: A\n", Axis::Time, &Context::default());
        assert_eq!((strip.steps.len(), strip.steps[0].direction()), (1, Direction::Stays));
    }
}

//! The resolved entities: cards with their words looked up.
//!
//! Plain data. What a grant means in an environment is here too, since it follows from the grant
//! and its component alone.

use jiff::SignedDuration;
use jiff::civil::Date;

use crate::card::kinds::{
    CourseCard, DecisionAction, EntityCardRef, IdentityCard, Mode, PersonaType, ProcessLoop, Responsibility,
    WorkItemCard,
};
use crate::card::words::Name;

use super::entity::{
    ComponentId, Entity, EntityKind, NameId, PersonId, PersonaId, Place, ProcessId, SkillId, StepId, TeamId,
};
use super::settings::{DutyTarget, EnvironmentSet, Level};

/// A persona.
#[derive(Clone, Debug)]
pub struct Persona {
    /// The id; the name where none is stated.
    pub id: Name,
    /// The name.
    pub name: Name,
    /// Other words for it.
    pub aliases: Vec<Name>,
    /// A few words about it.
    pub description: Option<String>,
    /// Human, agent or service.
    pub persona_type: PersonaType,
    /// Free grouping.
    pub section: Option<Name>,
    /// The team.
    pub team: Option<TeamId>,
    /// The flag's colour, as written.
    pub color: Option<String>,
    /// With whom it works.
    pub interactions: Vec<Interaction>,
    /// What it is granted, in the order of the card.
    pub grants: Vec<Grant>,
    /// What it lists as its processes.
    pub processes: Vec<ProcessPart>,
    /// What it lists as its skills.
    pub skills: Vec<SkillRef>,
    /// Stories and features.
    pub work_items: Vec<WorkItemCard>,
    /// The identity it acts under.
    pub identity: Option<IdentityCard>,
    /// Who answers for it.
    pub accountable: Vec<Named<Actor>>,
    /// Whom it asks, in order.
    pub escalates_to: Vec<Named<Actor>>,
    /// Who can stop it.
    pub override_by: Vec<Named<Actor>>,
    /// How.
    pub override_how: Option<String>,
    /// Agents it may hand work to.
    pub invokes: Vec<Named<PersonaId>>,
    /// Who watches it.
    pub monitored_by: Vec<Named<PersonaId>>,
    /// Its card.
    pub place: Place,
}

impl Persona {
    /// Whether it decides at run time, unattended.
    #[must_use]
    pub fn is_agent(&self) -> bool {
        self.persona_type == PersonaType::Agent
    }

    /// Whether people play this part.
    #[must_use]
    pub fn is_human(&self) -> bool {
        self.persona_type == PersonaType::Human
    }
}

/// A word of a card, and what it names, if it names anything.
#[derive(Clone, Debug)]
pub struct Named<T> {
    /// As written.
    pub name: Name,
    /// What it names.
    pub target: Option<T>,
    /// Where it stands.
    pub place: Place,
}

/// A persona, or else a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Actor {
    /// A persona.
    Persona(PersonaId),
    /// A person.
    Person(PersonId),
}

impl From<Actor> for Entity {
    fn from(actor: Actor) -> Self {
        match actor {
            Actor::Persona(id) => Self::Persona(id),
            Actor::Person(id) => Self::Person(id),
        }
    }
}

/// A persona, or else a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Party {
    /// A persona.
    Persona(PersonaId),
    /// A team.
    Team(TeamId),
    /// Neither.
    Unknown(NameId),
}

impl From<Party> for Entity {
    fn from(party: Party) -> Self {
        match party {
            Party::Persona(id) => Self::Persona(id),
            Party::Team(id) => Self::Team(id),
            Party::Unknown(id) => Self::Name(id),
        }
    }
}

/// With whom a persona works, and how.
#[derive(Clone, Debug)]
pub struct Interaction {
    /// As written.
    pub name: Name,
    /// Whom it names.
    pub party: Party,
    /// Such as `a2a`.
    pub protocol: Option<Name>,
    /// How they authenticate.
    pub auth: Option<Name>,
    /// How often they meet.
    pub cadence: Option<Name>,
    /// Where it stands.
    pub place: Place,
}

/// A grant of a persona on a component, with the persona's defaults applied.
#[derive(Clone, Debug)]
pub struct Grant {
    /// On what.
    pub component: ComponentId,
    /// The level stated.
    pub level: Option<Level>,
    /// The roles stated.
    pub roles: Vec<Name>,
    /// Roles that neither the component nor the catalog has.
    pub unknown_roles: Vec<Name>,
    /// Where it holds; empty: not stated.
    pub environments: EnvironmentSet,
    /// Its level in each environment it could hold in, as far as one follows.
    pub(super) levels: Vec<Option<Level>>,
    /// Its level where it states no environment.
    pub(super) level_without_environment: Option<Level>,
    /// Which tools; empty: not stated.
    pub tools: Vec<Name>,
    /// How it is held, where that is stated.
    pub mode: Option<Mode>,
    /// In which phases it holds; empty: all.
    pub phases: Vec<Name>,
    /// Up to which risk it holds.
    pub max_risk: Option<Level>,
    /// For how long at most.
    pub max_duration: Option<SignedDuration>,
    /// The first day.
    pub starts: Option<Date>,
    /// The last day.
    pub expires: Option<Date>,
    /// How it authenticates.
    pub auth: Option<Name>,
    /// Who must approve.
    pub approval: Vec<Approval>,
    /// Why it is granted.
    pub reason: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// Who must approve a grant.
pub type Approval = Named<Actor>;

/// Where a grant stands in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantState {
    /// It holds.
    Active,
    /// Its first day is still to come.
    NotYet,
    /// Its last day has passed.
    Expired,
}

impl Grant {
    pub(super) fn with_levels(
        mut self,
        levels: Vec<Option<Level>>,
        level_without_environment: Option<Level>,
    ) -> Self {
        self.levels = levels;
        self.level_without_environment = level_without_environment;
        self
    }

    /// Whether it means the same everywhere as another one that states the same.
    pub(super) fn has_levels_of(&self, other: &Self) -> bool {
        self.levels == other.levels
            && self.level_without_environment == other.level_without_environment
            && self.unknown_roles.len() == other.unknown_roles.len()
    }

    pub(super) fn empty(component: ComponentId, place: Place) -> Self {
        Self {
            component,
            level: None,
            roles: Vec::new(),
            unknown_roles: Vec::new(),
            environments: EnvironmentSet::NONE,
            levels: Vec::new(),
            level_without_environment: None,
            tools: Vec::new(),
            mode: None,
            phases: Vec::new(),
            max_risk: None,
            max_duration: None,
            starts: None,
            expires: None,
            auth: None,
            approval: Vec::new(),
            reason: None,
            place,
        }
    }

    /// The level in an environment that the grant states; of a grant that states none, its one level.
    #[must_use]
    pub fn level_in(&self, environment: usize) -> Option<Level> {
        if self.environments.is_empty() {
            return self.level_without_environment;
        }
        self.levels.get(environment).copied().flatten()
    }

    /// The level of a grant that states no environment.
    #[must_use]
    pub fn level_without_environment(&self) -> Option<Level> {
        self.level_without_environment
    }

    /// The highest level anywhere where the grant holds.
    #[must_use]
    pub fn highest_level(&self) -> Option<Level> {
        if self.environments.is_empty() {
            return self.level_without_environment;
        }
        self.environments.iter().filter_map(|environment| self.level_in(environment)).max()
    }

    /// Where the grant stands on a day.
    #[must_use]
    pub fn state(&self, day: Date) -> GrantState {
        if self.expires.is_some_and(|last| last < day) {
            GrantState::Expired
        } else if self.starts.is_some_and(|first| first > day) {
            GrantState::NotYet
        } else {
            GrantState::Active
        }
    }

    /// Whether the grant holds on a day.
    #[must_use]
    pub fn is_active(&self, day: Date) -> bool {
        self.state(day) == GrantState::Active
    }

    /// Whether it is always on, stated or not.
    #[must_use]
    pub fn is_standing(&self) -> bool {
        matches!(self.mode, None | Some(Mode::Standing))
    }

    /// Whether it lists the tool that means all of them.
    #[must_use]
    pub fn has_every_tool(&self) -> bool {
        self.tools.iter().any(|tool| tool.is("*"))
    }
}

/// A process that a persona lists.
#[derive(Clone, Debug)]
pub struct ProcessPart {
    /// The process.
    pub process: ProcessId,
    /// The part that it has.
    pub responsibility: Option<Responsibility>,
    /// Where it stands.
    pub place: Place,
}

impl ProcessPart {
    /// Whether this makes the persona take part.
    #[must_use]
    pub fn takes_part(&self) -> bool {
        matches!(self.responsibility, None | Some(Responsibility::Responsible | Responsibility::Accountable))
    }
}

/// A skill, had or asked for.
#[derive(Clone, Debug)]
pub struct SkillRef {
    /// The skill.
    pub skill: SkillId,
    /// How well, from 0.
    pub level: Option<Level>,
    /// Where it stands.
    pub place: Place,
}

/// A process.
#[derive(Clone, Debug)]
pub struct Process {
    /// The name; of the undeclared as first written.
    pub name: Name,
    /// Other words for it.
    pub aliases: Vec<Name>,
    /// A few words about it.
    pub description: Option<String>,
    /// Whether it has a card.
    pub declared: bool,
    /// What it is a part of.
    pub part_of: Vec<ProcessId>,
    /// Inner or outer loop.
    pub process_loop: Option<ProcessLoop>,
    /// Its phases.
    pub phases: Vec<Name>,
    /// What the whole process uses.
    pub uses: Vec<Use>,
    /// What the whole process asks for.
    pub skills: Vec<SkillRef>,
    /// Its steps.
    pub steps: Vec<StepId>,
    /// Its card, or its first use.
    pub place: Place,
}

/// A step of a process.
#[derive(Clone, Debug)]
pub struct Step {
    /// Of this process.
    pub process: ProcessId,
    /// The id; the name where none is stated.
    pub id: Name,
    /// The name.
    pub name: Name,
    /// A few words about it.
    pub description: Option<String>,
    /// Where it is done; empty: not stated.
    pub environments: EnvironmentSet,
    /// In which phase.
    pub phase: Option<Name>,
    /// What it uses.
    pub uses: Vec<Use>,
    /// What it asks for.
    pub skills: Vec<SkillRef>,
    /// Who does it; nobody named: all that take part.
    pub performers: Vec<Performer>,
    /// What follows.
    pub next: Vec<NextStep>,
    /// Where the map draws it.
    pub lane: Option<Name>,
    /// Where it stands.
    pub place: Place,
}

/// A use of a component.
#[derive(Clone, Debug)]
pub struct Use {
    /// The component.
    pub component: ComponentId,
    /// At which level.
    pub level: Option<Level>,
    /// Where, as stated here; empty: not stated.
    pub environments: EnvironmentSet,
    /// With which tools; empty: not stated.
    pub tools: Vec<Name>,
    /// Where it stands.
    pub place: Place,
}

/// Who performs a step.
#[derive(Clone, Debug)]
pub struct Performer {
    /// As written.
    pub name: Name,
    /// The persona, if there is one.
    pub persona: Option<PersonaId>,
    /// Caps what the step's uses ask of it.
    pub cap: Option<Level>,
    /// Where it stands.
    pub place: Place,
}

/// What follows a step.
#[derive(Clone, Debug)]
pub struct NextStep {
    /// The process.
    pub process: ProcessId,
    /// The step, where it is known.
    pub step: Option<StepId>,
    /// Where it stands.
    pub place: Place,
}

/// A component.
#[derive(Clone, Debug)]
pub struct Component {
    /// The name; of the undeclared as first written.
    pub name: Name,
    /// Other words for it.
    pub aliases: Vec<Name>,
    /// A few words about it.
    pub description: Option<String>,
    /// Whether it has a card.
    pub declared: bool,
    /// Such as `azure`.
    pub platform: Option<Name>,
    /// Where the architecture map draws it.
    pub layer: Option<Name>,
    /// Its own roles.
    pub roles: Vec<Role>,
    /// Skills needed to work with it.
    pub skills: Vec<ComponentSkill>,
    /// Its tools.
    pub tools: Vec<(Name, Option<Level>)>,
    /// How one authenticates to it.
    pub auth: Vec<Name>,
    /// Where its use is recorded.
    pub audit_log: Option<String>,
    /// Where data flows to.
    pub flows_to: Vec<Flow>,
    /// What could stand in its place.
    pub alternatives: Vec<Alternative>,
    /// A Markdown table to open beside it.
    pub role_table: Option<String>,
    /// Its card, or its first use.
    pub place: Place,
}

/// A role of a component.
#[derive(Clone, Debug)]
pub struct Role {
    /// Its name.
    pub name: Name,
    /// What it means.
    pub level: Option<Level>,
    /// Where it means that; empty: everywhere.
    pub environments: EnvironmentSet,
    /// Where it stands.
    pub place: Place,
}

/// A skill that a component asks for.
#[derive(Clone, Debug)]
pub struct ComponentSkill {
    /// The skill.
    pub skill: SkillId,
    /// From this access level up.
    pub from: Option<Level>,
    /// How well, from 0.
    pub level: Option<Level>,
    /// Where it stands.
    pub place: Place,
}

/// A flow of data.
#[derive(Clone, Debug)]
pub struct Flow {
    /// To what.
    pub component: ComponentId,
    /// What flows.
    pub label: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// What could stand in a component's place.
#[derive(Clone, Debug)]
pub struct Alternative {
    /// The other component.
    pub component: ComponentId,
    /// Skills no longer needed.
    pub removes: Vec<SkillId>,
    /// Where it stands.
    pub place: Place,
}

/// A skill.
#[derive(Clone, Debug)]
pub struct Skill {
    /// The name; of the undeclared as first written.
    pub name: Name,
    /// Other words for it.
    pub aliases: Vec<Name>,
    /// A few words about it.
    pub description: Option<String>,
    /// Whether it has a card.
    pub declared: bool,
    /// Who has this has these too.
    pub implies: Vec<SkillId>,
    /// Courses.
    pub learn: Vec<CourseCard>,
    /// Its card, or its first use.
    pub place: Place,
}

/// A team.
#[derive(Clone, Debug)]
pub struct Team {
    /// The name; of the undeclared as first written.
    pub name: Name,
    /// Other words for it.
    pub aliases: Vec<Name>,
    /// A few words about it.
    pub description: Option<String>,
    /// Whether it has a card.
    pub declared: bool,
    /// Its card, or its first use.
    pub place: Place,
}

/// A person.
#[derive(Clone, Debug)]
pub struct Person {
    /// The name.
    pub name: Name,
    /// Other words for this person.
    pub aliases: Vec<Name>,
    /// A few words.
    pub description: Option<String>,
    /// What this person embodies.
    pub personas: Vec<Embodied>,
    /// What this person has.
    pub skills: Vec<SkillRef>,
    /// Whether this person is there.
    pub active: bool,
    /// Share of a full week.
    pub allocation: f64,
    /// The card.
    pub place: Place,
}

/// A persona that a person embodies.
#[derive(Clone, Debug)]
pub struct Embodied {
    /// As written.
    pub name: Name,
    /// The persona, if there is one.
    pub persona: Option<PersonaId>,
    /// When, or why.
    pub context: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// How changes are routed among agents.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The name.
    pub name: Name,
    /// A few words about it.
    pub description: Option<String>,
    /// Who routes.
    pub router: Vec<Named<PersonaId>>,
    /// What sets it off.
    pub triggers: Vec<Trigger>,
    /// The card.
    pub place: Place,
}

impl Scenario {
    /// Who hands over to whom, and where that stands: a router to the first of each route, and each
    /// of a route to the next.
    pub fn hand_overs(&self) -> impl Iterator<Item = (PersonaId, PersonaId, Place)> {
        self.triggers.iter().flat_map(|trigger| {
            let first = trigger.route.first().and_then(|named| Some((named.target?, named.place)));
            let routers = self.router.iter().filter_map(|named| named.target);
            let from_routers = routers.filter_map(move |router| {
                let (to, place) = first?;
                Some((router, to, place))
            });
            let along = trigger.route.windows(2).filter_map(|pair| match pair {
                [giver, taker] => Some((giver.target?, taker.target?, taker.place)),
                _ => None,
            });
            from_routers.chain(along)
        })
    }
}

/// What sets a route off.
#[derive(Clone, Debug)]
pub struct Trigger {
    /// The kind of change.
    pub change: Option<Name>,
    /// In which phase.
    pub phase: Option<Name>,
    /// At which risk.
    pub risk: Option<Level>,
    /// Who gets it, in order.
    pub route: Vec<Named<PersonaId>>,
    /// Who joins.
    pub joins: Vec<Named<PersonaId>>,
    /// Who leaves.
    pub leaves: Vec<Named<PersonaId>>,
    /// Where it stands.
    pub place: Place,
}

/// What a review decided about a finding.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The rule of the finding.
    pub rule: Option<Name>,
    /// Its subject.
    pub subject: Option<EntityCardRef>,
    /// Its object.
    pub object: Option<EntityCardRef>,
    /// Its environment.
    pub environment: Option<Name>,
    /// What was decided.
    pub action: Option<DecisionAction>,
    /// Why.
    pub reason: Option<String>,
    /// By whom.
    pub by: Option<Name>,
    /// When.
    pub decided: Option<Date>,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// Where it is tracked.
    pub work_item: Option<Name>,
    /// The card.
    pub place: Place,
}

/// A duty of a set.
#[derive(Clone, Debug)]
pub struct Duty {
    /// What it asks for.
    pub target: DutyTarget,
    /// Where it stands.
    pub place: Place,
}

/// The later of two entities of a kind that share an id, a name or an alias.
#[derive(Clone, Debug)]
pub struct Duplicate {
    /// The kind of both.
    pub kind: EntityKind,
    /// The later one's id.
    pub id: Name,
    /// The later one's name.
    pub name: Name,
    /// The first holders, each with the word that is shared.
    pub shared: Vec<(Entity, Name)>,
    /// The later one's card.
    pub place: Place,
}

/// A field that names a persona or a person who does not exist.
#[derive(Clone, Debug)]
pub struct UnknownReference {
    /// Whose field.
    pub subject: Entity,
    /// The name.
    pub name: NameId,
    /// The field.
    pub field: &'static str,
    /// Where it stands.
    pub place: Place,
}

/// A comment `# persona: ignore[RULE] reason` on the line that causes a finding.
#[derive(Clone, Debug)]
pub struct Ignore {
    /// The file, relative to the catalog's root.
    pub file: std::sync::Arc<str>,
    /// The line, from 1.
    pub line: u32,
    /// The rule.
    pub rule: Name,
    /// Why; empty where none is given, and then it ignores nothing.
    pub reason: String,
}

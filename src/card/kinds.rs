//! The typed cards: what a file says, kind by kind, before anything that it refers to is looked up.
//!
//! Words of vocabularies that a catalog can set (environments, levels, risks, roles) stay words
//! here; the catalog resolves them. Items of lists remember where they stand in the file.

use jiff::SignedDuration;
use jiff::civil::Date;

use super::path::Item;
use super::words::Name;

/// The kinds of cards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Settings of the catalog as a whole.
    Catalog,
    /// A role played by humans, agents or services.
    Persona,
    /// Work, with its steps.
    Process,
    /// A system, service or tool server.
    Component,
    /// Something to know.
    Skill,
    /// A team.
    Team,
    /// Somebody who embodies personas.
    Person,
    /// How changes are routed among agents.
    Scenario,
    /// What a review decided about a finding.
    Decision,
}

impl Kind {
    /// Every kind, in the order in which people think of them.
    pub const ALL: [Self; 9] = [
        Self::Catalog,
        Self::Persona,
        Self::Process,
        Self::Component,
        Self::Skill,
        Self::Team,
        Self::Person,
        Self::Scenario,
        Self::Decision,
    ];

    /// The word after `kind:`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Catalog => "Catalog",
            Self::Persona => "Persona",
            Self::Process => "Process",
            Self::Component => "Component",
            Self::Skill => "Skill",
            Self::Team => "Team",
            Self::Person => "Person",
            Self::Scenario => "Scenario",
            Self::Decision => "Decision",
        }
    }
}

/// A card of some kind.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "cards are made once and shared, never moved about")]
pub enum Card {
    /// Settings of the catalog as a whole.
    Catalog(CatalogCard),
    /// A persona.
    Persona(PersonaCard),
    /// A process.
    Process(ProcessCard),
    /// A component.
    Component(ComponentCard),
    /// A skill.
    Skill(SkillCard),
    /// A team.
    Team(TeamCard),
    /// A person.
    Person(PersonCard),
    /// A scenario.
    Scenario(ScenarioCard),
    /// A decision.
    Decision(DecisionCard),
}

impl Card {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Catalog(_) => Kind::Catalog,
            Self::Persona(_) => Kind::Persona,
            Self::Process(_) => Kind::Process,
            Self::Component(_) => Kind::Component,
            Self::Skill(_) => Kind::Skill,
            Self::Team(_) => Kind::Team,
            Self::Person(_) => Kind::Person,
            Self::Scenario(_) => Kind::Scenario,
            Self::Decision(_) => Kind::Decision,
        }
    }
}

/// What names an entity: its id (by default its name), its name, and other words for it.
#[derive(Clone, Debug)]
pub struct Header {
    /// The id, where one is stated.
    pub id: Option<Name>,
    /// The name.
    pub name: Name,
    /// Other words for it.
    pub aliases: Vec<Name>,
    /// What it is for, in a few words.
    pub description: Option<String>,
}

impl Header {
    /// The id, or the name where none is stated.
    #[must_use]
    pub fn id(&self) -> &Name {
        self.id.as_ref().unwrap_or(&self.name)
    }

    /// Every word that this entity answers to: id, name, aliases.
    pub fn words(&self) -> impl Iterator<Item = &Name> {
        self.id.iter().chain(std::iter::once(&self.name)).chain(&self.aliases)
    }
}

/// A word in a list, and where it stands.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The word.
    pub name: Name,
    /// Its place in the field.
    pub at: Item,
}

/// What acts: a human, an agent, or a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum PersonaType {
    /// People play this part.
    #[default]
    Human,
    /// Unattended, and decides at run time.
    Agent,
    /// Unattended, but deterministic: a pipeline's identity.
    Service,
}

impl PersonaType {
    /// Every type.
    pub const ALL: [Self; 3] = [Self::Human, Self::Agent, Self::Service];

    /// The word on the card.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Agent => "agent",
            Self::Service => "service",
        }
    }
}

/// How a grant is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Always on.
    Standing,
    /// To be activated by its holder.
    Eligible,
    /// Provisioned just in time.
    JustInTime,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Self; 3] = [Self::Standing, Self::Eligible, Self::JustInTime];

    /// The word on the card.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Standing => "standing",
            Self::Eligible => "eligible",
            Self::JustInTime => "jit",
        }
    }
}

/// What part a persona has in a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Responsibility {
    /// Does the work.
    Responsible,
    /// Answers for it.
    Accountable,
    /// Is asked.
    Consulted,
    /// Is told.
    Informed,
}

impl Responsibility {
    /// Every responsibility.
    pub const ALL: [Self; 4] = [Self::Responsible, Self::Accountable, Self::Consulted, Self::Informed];

    /// The word on the card.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Responsible => "responsible",
            Self::Accountable => "accountable",
            Self::Consulted => "consulted",
            Self::Informed => "informed",
        }
    }
}

/// `kind: Catalog`.
#[derive(Clone, Debug, Default)]
pub struct CatalogCard {
    /// The catalog's name.
    pub name: Option<Name>,
    /// A few words about it.
    pub description: Option<String>,
    /// From least to most critical.
    pub environments: Vec<Name>,
    /// From least to most.
    pub access_levels: Vec<Name>,
    /// From least to most.
    pub risk_levels: Vec<Name>,
    /// What 1, 2, 3, ... mean.
    pub skill_levels: Vec<Name>,
    /// Roles that every component has, each with its level.
    pub roles: Option<Vec<(Name, Option<Name>)>>,
    /// Fewest and most personas of a good balance.
    pub persona_count: (Option<i64>, Option<i64>),
    /// Rule -> severity or `off`, as written.
    pub rules: Vec<(Name, Name)>,
    /// Sets of duties that one holder should not combine.
    pub separation_of_duties: Vec<DutySetCard>,
    /// Globs of files that are not read.
    pub exclude: Vec<String>,
}

/// A set of duties that one holder should not combine.
#[derive(Clone, Debug)]
pub struct DutySetCard {
    /// Its name.
    pub name: Name,
    /// The duties.
    pub duties: Vec<DutyCard>,
    /// How many of them one may hold.
    pub max: Option<i64>,
    /// Where it stands.
    pub at: Item,
}

/// One duty: a process, or a component from a level up.
#[derive(Clone, Debug)]
pub struct DutyCard {
    /// The process.
    pub process: Option<Name>,
    /// The component.
    pub component: Option<Name>,
    /// From this level up.
    pub level: Option<Name>,
    /// Where it stands.
    pub at: Item,
}

/// `kind: Persona`.
#[derive(Clone, Debug)]
pub struct PersonaCard {
    /// Its names.
    pub header: Header,
    /// Human, agent or service.
    pub persona_type: PersonaType,
    /// Free grouping.
    pub section: Option<Name>,
    /// The team.
    pub team: Option<Name>,
    /// The flag's colour, as `#rrggbb` or a colour's name.
    pub color: Option<String>,
    /// Whom it works with.
    pub primary_interaction: Vec<InteractionCard>,
    /// What the grants that do not state it have.
    pub grant_defaults: GrantFields,
    /// What it is granted.
    pub component_access: Vec<GrantCard>,
    /// What it takes part in.
    pub processes: Vec<ProcessPartCard>,
    /// What it has.
    pub skills: Vec<SkillCardRef>,
    /// Stories and features.
    pub work_items: Vec<WorkItemCard>,
    /// The identity it acts under.
    pub identity: Option<IdentityCard>,
    /// Who answers for it.
    pub accountable: Vec<Listed>,
    /// Whom it asks when it is out of its bounds, in order.
    pub escalates_to: Vec<Listed>,
    /// Who can stop it.
    pub override_by: Vec<Listed>,
    /// Whether these stand below `by`, rather than in the field itself.
    pub override_has_by: bool,
    /// How.
    pub override_how: Option<String>,
    /// Agents it may hand work to.
    pub invokes: Vec<Listed>,
    /// Who watches it.
    pub monitored_by: Vec<Listed>,
}

/// With whom a persona works, and how.
#[derive(Clone, Debug)]
pub struct InteractionCard {
    /// A persona or a team.
    pub with: Name,
    /// Such as `a2a`.
    pub protocol: Option<Name>,
    /// How they authenticate.
    pub auth: Option<Name>,
    /// How often they meet.
    pub cadence: Option<Name>,
    /// Where it stands.
    pub at: Item,
}

/// A grant of a persona.
#[derive(Clone, Debug)]
pub struct GrantCard {
    /// On what.
    pub component: Name,
    /// All else.
    pub fields: GrantFields,
    /// Where it stands.
    pub at: Item,
}

/// The fields of a grant, each absent where the card does not state it.
#[derive(Clone, Debug, Default)]
pub struct GrantFields {
    /// `Azure Storage: read`: a level or else roles.
    pub level_or_roles: Vec<Name>,
    /// The level.
    pub level: Option<Name>,
    /// Roles of the component.
    pub roles: Vec<Name>,
    /// Where it holds.
    pub environments: Vec<Name>,
    /// Which tools of a tool server.
    pub tools: Vec<Name>,
    /// How it is held.
    pub mode: Option<Mode>,
    /// In which phases of a process it holds.
    pub phases: Vec<Name>,
    /// Up to which risk it holds.
    pub max_risk: Option<Name>,
    /// For how long at most.
    pub max_duration: Option<SignedDuration>,
    /// The first day.
    pub starts: Option<Date>,
    /// The last day.
    pub expires: Option<Date>,
    /// How it authenticates.
    pub auth: Option<Name>,
    /// Who must approve.
    pub approval: Vec<Listed>,
    /// Why it is granted.
    pub reason: Option<String>,
}

/// A process that a persona lists.
#[derive(Clone, Debug)]
pub struct ProcessPartCard {
    /// The process.
    pub process: Name,
    /// The part that it has.
    pub responsibility: Option<Responsibility>,
    /// Where it stands.
    pub at: Item,
}

/// A skill with a level, had or asked for.
#[derive(Clone, Debug)]
pub struct SkillCardRef {
    /// The skill.
    pub skill: Name,
    /// Its level: a number from 1, or a word of `skill_levels`.
    pub level: Option<SkillLevelCard>,
    /// Where it stands.
    pub at: Item,
}

/// A level of a skill as written.
#[derive(Clone, Debug, PartialEq)]
pub enum SkillLevelCard {
    /// From 1.
    Number(i64),
    /// A word of `skill_levels`.
    Word(Name),
}

/// A story, feature or other item of work.
#[derive(Clone, Debug)]
pub struct WorkItemCard {
    /// Its id in the tracker.
    pub id: Name,
    /// Such as `feature`.
    pub item_type: Option<Name>,
    /// What it says.
    pub title: Option<String>,
    /// The item above.
    pub parent: Option<Name>,
    /// Where it stands.
    pub at: Item,
}

/// An identity of a directory.
#[derive(Clone, Debug)]
pub struct IdentityCard {
    /// The directory, such as `entra`.
    pub provider: Option<Name>,
    /// The id there.
    pub id: Option<Name>,
}

/// `kind: Process`.
#[derive(Clone, Debug)]
pub struct ProcessCard {
    /// Its names.
    pub header: Header,
    /// What it is a part of.
    pub part_of: Vec<Listed>,
    /// Inner or outer loop.
    pub process_loop: Option<ProcessLoop>,
    /// Its phases.
    pub phases: Vec<Name>,
    /// What the whole process uses.
    pub uses: Vec<UseCard>,
    /// What the whole process asks for.
    pub skills: Vec<SkillCardRef>,
    /// Its steps.
    pub steps: Vec<StepCard>,
}

/// Which loop a process belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProcessLoop {
    /// Refinement of a solution in development.
    Inner,
    /// Movement to production, and what monitoring brings back.
    Outer,
}

impl ProcessLoop {
    /// Both loops.
    pub const ALL: [Self; 2] = [Self::Inner, Self::Outer];

    /// The word on the card.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Inner => "inner",
            Self::Outer => "outer",
        }
    }
}

/// A step of a process.
#[derive(Clone, Debug)]
pub struct StepCard {
    /// The id, where one is stated.
    pub id: Option<Name>,
    /// The name.
    pub name: Name,
    /// A few words about it.
    pub description: Option<String>,
    /// Where it is done.
    pub environments: Vec<Name>,
    /// In which phase.
    pub phase: Option<Name>,
    /// What it uses.
    pub uses: Vec<UseCard>,
    /// What it asks for.
    pub skills: Vec<SkillCardRef>,
    /// Who does it; nobody named: all that take part.
    pub performers: Vec<PerformerCard>,
    /// What follows.
    pub next: Vec<NextCard>,
    /// Where the map draws it.
    pub lane: Option<Name>,
    /// Where it stands.
    pub at: Item,
}

/// A use of a component.
#[derive(Clone, Debug)]
pub struct UseCard {
    /// The component.
    pub component: Name,
    /// At which level.
    pub level: Option<Name>,
    /// Where.
    pub environments: Vec<Name>,
    /// With which tools.
    pub tools: Vec<Name>,
    /// Where it stands.
    pub at: Item,
}

/// Who performs a step.
#[derive(Clone, Debug)]
pub struct PerformerCard {
    /// The persona.
    pub persona: Name,
    /// Caps what the step's uses ask of it.
    pub level: Option<Name>,
    /// Where it stands.
    pub at: Item,
}

/// A step that follows.
#[derive(Clone, Debug)]
pub struct NextCard {
    /// The process, where it is another.
    pub process: Option<Name>,
    /// The step; absent with a process named: its first.
    pub step: Option<Name>,
    /// Where it stands.
    pub at: Item,
}

/// `kind: Component`.
#[derive(Clone, Debug)]
pub struct ComponentCard {
    /// Its names.
    pub header: Header,
    /// Such as `azure`.
    pub platform: Option<Name>,
    /// Where the architecture map draws it.
    pub layer: Option<Name>,
    /// Its own roles.
    pub roles: Vec<RoleCard>,
    /// Skills needed to work with it.
    pub skills: Vec<ComponentSkillCard>,
    /// Its tools, each with its level.
    pub tools: Vec<(Name, Option<Name>)>,
    /// How one authenticates to it.
    pub auth: Vec<Name>,
    /// Where its use is recorded.
    pub audit_log: Option<String>,
    /// Where data flows to.
    pub flows_to: Vec<FlowCard>,
    /// What could stand in its place.
    pub alternatives: Vec<AlternativeCard>,
    /// A Markdown table to open beside it.
    pub role_table: Option<String>,
}

/// A role of a component.
#[derive(Clone, Debug)]
pub struct RoleCard {
    /// Its name.
    pub name: Name,
    /// What it means.
    pub level: Option<Name>,
    /// Where it means that.
    pub environments: Vec<Name>,
    /// Where it stands.
    pub at: Item,
}

/// A skill that a component asks for.
#[derive(Clone, Debug)]
pub struct ComponentSkillCard {
    /// The skill.
    pub skill: Name,
    /// From this level up.
    pub from: Option<Name>,
    /// How well.
    pub level: Option<SkillLevelCard>,
    /// Where it stands.
    pub at: Item,
}

/// A flow of data.
#[derive(Clone, Debug)]
pub struct FlowCard {
    /// To what.
    pub component: Name,
    /// What flows.
    pub label: Option<String>,
    /// Where it stands.
    pub at: Item,
}

/// What could stand in a component's place.
#[derive(Clone, Debug)]
pub struct AlternativeCard {
    /// The other component.
    pub component: Name,
    /// Skills no longer needed.
    pub removes: Vec<Listed>,
    /// Where it stands.
    pub at: Item,
}

/// `kind: Skill`.
#[derive(Clone, Debug)]
pub struct SkillCard {
    /// Its names.
    pub header: Header,
    /// Who has this has these too.
    pub implies: Vec<Listed>,
    /// Courses.
    pub learn: Vec<CourseCard>,
}

/// A course.
#[derive(Clone, Debug)]
pub struct CourseCard {
    /// Its title.
    pub title: Option<String>,
    /// Where it is.
    pub url: Option<String>,
    /// Where it stands.
    pub at: Item,
}

/// `kind: Team`.
#[derive(Clone, Debug)]
pub struct TeamCard {
    /// Its names.
    pub header: Header,
}

/// `kind: Person`.
#[derive(Clone, Debug)]
pub struct PersonCard {
    /// Its names.
    pub header: Header,
    /// What this person embodies.
    pub personas: Vec<EmbodiedCard>,
    /// What this person has.
    pub skills: Vec<SkillCardRef>,
    /// Whether this person is there.
    pub active: bool,
    /// Share of a full week.
    pub allocation: f64,
}

/// A persona that a person embodies.
#[derive(Clone, Debug)]
pub struct EmbodiedCard {
    /// The persona.
    pub persona: Name,
    /// When, or why.
    pub context: Option<String>,
    /// Where it stands.
    pub at: Item,
}

/// `kind: Scenario`.
#[derive(Clone, Debug)]
pub struct ScenarioCard {
    /// Its names.
    pub header: Header,
    /// Who routes.
    pub router: Vec<Listed>,
    /// What sets it off.
    pub triggers: Vec<TriggerCard>,
}

/// What sets a route off.
#[derive(Clone, Debug)]
pub struct TriggerCard {
    /// The kind of change.
    pub change: Option<Name>,
    /// In which phase.
    pub phase: Option<Name>,
    /// At which risk.
    pub risk: Option<Name>,
    /// Who gets it, in order.
    pub route: Vec<Listed>,
    /// Who joins.
    pub joins: Vec<Listed>,
    /// Who leaves.
    pub leaves: Vec<Listed>,
    /// Where it stands.
    pub at: Item,
}

/// `kind: Decision`.
#[derive(Clone, Debug)]
pub struct DecisionCard {
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
}

/// An entity named by a decision, with its kind where two kinds share the name.
#[derive(Clone, Debug)]
pub struct EntityCardRef {
    /// The kind, lower case.
    pub kind: Option<Name>,
    /// The id or name.
    pub name: Name,
}

/// What a review decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DecisionAction {
    /// Live with it until a day.
    Accept,
    /// Look again on a day.
    Defer,
    /// Close it.
    Fix,
    /// It is no gap.
    Reject,
}

impl DecisionAction {
    /// Every action.
    pub const ALL: [Self; 4] = [Self::Accept, Self::Defer, Self::Fix, Self::Reject];

    /// The word on the card.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Defer => "defer",
            Self::Fix => "fix",
            Self::Reject => "reject",
        }
    }
}

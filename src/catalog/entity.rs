//! The numbers of entities, what entities are called, and where they stand.
//!
//! Numbers are good for one snapshot only; between snapshots an entity is known by kind and id.

use std::borrow::Cow;

use crate::card::path::FieldPath;

use super::Catalog;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub(crate) u32);

        impl $name {
            /// The place in the snapshot's table.
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }

            pub(crate) fn from_index(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }
        }
    )*};
}

ids! {
    /// A persona.
    PersonaId;
    /// A process.
    ProcessId;
    /// A step.
    StepId;
    /// A component.
    ComponentId;
    /// A skill.
    SkillId;
    /// A team.
    TeamId;
    /// A person.
    PersonId;
    /// A scenario.
    ScenarioId;
    /// A decision.
    DecisionId;
    /// A comment that ignores a finding.
    IgnoreId;
    /// A set of duties.
    DutySetId;
    /// A later entity that shares a word with an earlier one.
    DuplicateId;
    /// A name that leads nowhere.
    NameId;
    /// A card of a file.
    CardId;
}

/// Anything that a finding can be about, or a node of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Entity {
    /// The catalog itself.
    Catalog,
    /// A persona.
    Persona(PersonaId),
    /// A process.
    Process(ProcessId),
    /// A step of a process.
    Step(StepId),
    /// A component.
    Component(ComponentId),
    /// A skill.
    Skill(SkillId),
    /// A team.
    Team(TeamId),
    /// A person.
    Person(PersonId),
    /// A scenario.
    Scenario(ScenarioId),
    /// A decision.
    Decision(DecisionId),
    /// A comment that ignores a finding; its kind is that of decisions.
    Ignore(IgnoreId),
    /// A set of duties.
    DutySet(DutySetId),
    /// A later entity that shares a word with an earlier one.
    Duplicate(DuplicateId),
    /// A name that leads nowhere.
    Name(NameId),
}

macro_rules! entities {
    ($($id:ident => $variant:ident;)*) => {$(
        impl From<$id> for Entity {
            fn from(id: $id) -> Self {
                Self::$variant(id)
            }
        }
    )*};
}

entities! {
    PersonaId => Persona;
    ProcessId => Process;
    StepId => Step;
    ComponentId => Component;
    SkillId => Skill;
    TeamId => Team;
    PersonId => Person;
    ScenarioId => Scenario;
    DecisionId => Decision;
    IgnoreId => Ignore;
    DutySetId => DutySet;
    DuplicateId => Duplicate;
    NameId => Name;
}

/// The kinds of [`Entity`], as findings and commands spell them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntityKind {
    /// The catalog.
    Catalog,
    /// A persona.
    Persona,
    /// A process.
    Process,
    /// A step.
    Step,
    /// A component.
    Component,
    /// A skill.
    Skill,
    /// A team.
    Team,
    /// A person.
    Person,
    /// A scenario.
    Scenario,
    /// A decision.
    Decision,
    /// A set of duties.
    DutySet,
    /// A name that leads nowhere.
    Name,
}

impl EntityKind {
    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::Catalog,
        Self::Persona,
        Self::Process,
        Self::Step,
        Self::Component,
        Self::Skill,
        Self::Team,
        Self::Person,
        Self::Scenario,
        Self::Decision,
        Self::DutySet,
        Self::Name,
    ];

    /// The word in keys of findings and on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Catalog => "catalog",
            Self::Persona => "persona",
            Self::Process => "process",
            Self::Step => "step",
            Self::Component => "component",
            Self::Skill => "skill",
            Self::Team => "team",
            Self::Person => "person",
            Self::Scenario => "scenario",
            Self::Decision => "decision",
            Self::DutySet => "duty-set",
            Self::Name => "name",
        }
    }

    /// The word for several.
    #[must_use]
    pub fn plural(self) -> &'static str {
        match self {
            Self::Catalog => "catalogs",
            Self::Persona => "personas",
            Self::Process => "processes",
            Self::Step => "steps",
            Self::Component => "components",
            Self::Skill => "skills",
            Self::Team => "teams",
            Self::Person => "people",
            Self::Scenario => "scenarios",
            Self::Decision => "decisions",
            Self::DutySet => "duty sets",
            Self::Name => "names",
        }
    }
}

/// Where something stands: a card, and a path in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The card.
    pub card: CardId,
    /// The path in it.
    pub path: FieldPath,
}

impl Place {
    /// Another path of the same card.
    #[must_use]
    pub fn with(self, path: FieldPath) -> Self {
        Self { path, ..self }
    }
}

impl Catalog {
    /// The kind of an entity.
    #[must_use]
    pub fn kind(&self, entity: Entity) -> EntityKind {
        match entity {
            Entity::Catalog => EntityKind::Catalog,
            Entity::Persona(_) => EntityKind::Persona,
            Entity::Process(_) => EntityKind::Process,
            Entity::Step(_) => EntityKind::Step,
            Entity::Component(_) => EntityKind::Component,
            Entity::Skill(_) => EntityKind::Skill,
            Entity::Team(_) => EntityKind::Team,
            Entity::Person(_) => EntityKind::Person,
            Entity::Scenario(_) => EntityKind::Scenario,
            Entity::Decision(_) | Entity::Ignore(_) => EntityKind::Decision,
            Entity::DutySet(_) => EntityKind::DutySet,
            Entity::Duplicate(id) => self.duplicates[id.index()].kind,
            Entity::Name(_) => EntityKind::Name,
        }
    }

    /// The id in keys of findings: of personas the id, of steps `PROCESS / STEP ID`, of decisions
    /// `file:line`, of all else the name.
    #[must_use]
    pub fn id(&self, entity: Entity) -> Cow<'_, str> {
        match entity {
            Entity::Catalog => self.name.as_str().into(),
            Entity::Persona(id) => self.personas[id.index()].id.written().into(),
            Entity::Process(id) => self.processes[id.index()].name.written().into(),
            Entity::Step(id) => {
                let step = &self.steps[id.index()];
                let process = &self.processes[step.process.index()];
                format!("{} / {}", process.name, step.id).into()
            }
            Entity::Component(id) => self.components[id.index()].name.written().into(),
            Entity::Skill(id) => self.skills[id.index()].name.written().into(),
            Entity::Team(id) => self.teams[id.index()].name.written().into(),
            Entity::Person(id) => self.people[id.index()].name.written().into(),
            Entity::Scenario(id) => self.scenarios[id.index()].name.written().into(),
            Entity::Decision(id) => {
                let location = self.locate(self.decisions[id.index()].place);
                format!("{}:{}", location.file, location.position.line).into()
            }
            Entity::Ignore(id) => {
                let ignore = &self.ignores[id.index()];
                format!("{}:{}", ignore.file, ignore.line).into()
            }
            Entity::DutySet(id) => self.settings.duty_sets[id.index()].name.written().into(),
            Entity::Duplicate(id) => self.duplicates[id.index()].id.written().into(),
            Entity::Name(id) => self.names[id.index()].written().into(),
        }
    }

    /// What people call an entity.
    #[must_use]
    pub fn name(&self, entity: Entity) -> Cow<'_, str> {
        match entity {
            Entity::Persona(id) => self.personas[id.index()].name.written().into(),
            Entity::Step(id) => self.steps[id.index()].name.written().into(),
            Entity::Duplicate(id) => self.duplicates[id.index()].name.written().into(),
            other => self.id(other),
        }
    }

    /// How an entity is named in a sentence: `GenAI Data Scientist (P006)`, `Azure Storage`.
    #[must_use]
    pub fn label(&self, entity: Entity) -> String {
        let (id, name) = (self.id(entity), self.name(entity));
        if id == name { name.into_owned() } else { format!("{name} ({id})") }
    }

    /// Where an entity is declared; of the undeclared, where it is first used.
    #[must_use]
    pub fn place(&self, entity: Entity) -> Option<Place> {
        match entity {
            Entity::Catalog => self.settings.place,
            Entity::Persona(id) => Some(self.personas[id.index()].place),
            Entity::Process(id) => Some(self.processes[id.index()].place),
            Entity::Step(id) => Some(self.steps[id.index()].place),
            Entity::Component(id) => Some(self.components[id.index()].place),
            Entity::Skill(id) => Some(self.skills[id.index()].place),
            Entity::Team(id) => Some(self.teams[id.index()].place),
            Entity::Person(id) => Some(self.people[id.index()].place),
            Entity::Scenario(id) => Some(self.scenarios[id.index()].place),
            Entity::Decision(id) => Some(self.decisions[id.index()].place),
            Entity::DutySet(id) => Some(self.settings.duty_sets[id.index()].place),
            Entity::Duplicate(id) => Some(self.duplicates[id.index()].place),
            Entity::Ignore(_) | Entity::Name(_) => None,
        }
    }

    /// Whether an entity has a card of its own.
    #[must_use]
    pub fn is_declared(&self, entity: Entity) -> bool {
        match entity {
            Entity::Process(id) => self.processes[id.index()].declared,
            Entity::Component(id) => self.components[id.index()].declared,
            Entity::Skill(id) => self.skills[id.index()].declared,
            Entity::Team(id) => self.teams[id.index()].declared,
            Entity::Name(_) => false,
            _ => true,
        }
    }
}

//! What the words of a field name, and which words there are to choose from.
//!
//! One table from fields to what they refer to. Whether a word is right is said here in a sentence;
//! whether a card is, is for the analysis.

use crate::analysis::Analysis;
use crate::analysis::effective::phases;
use crate::analysis::view::subtitle;
use crate::card::fields::Mapping;
use crate::card::kinds::Kind;
use crate::card::words::{Name, fold, nearest};
use crate::catalog::{Actor, ComponentId, Entity, PersonId, PersonaId, ProcessId, SkillId, TeamId};

/// What the words of a field name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refers {
    /// Nothing: they say themselves.
    Free,
    /// An environment of the catalog.
    Environment,
    /// A level of access.
    AccessLevel,
    /// A risk.
    Risk,
    /// The level of a skill.
    SkillLevel,
    /// A phase that is in use.
    Phase,
    /// A role of the component, or of the catalog.
    Role,
    /// A tool of the component.
    Tool,
    /// A severity, or off.
    Severity,
    /// A way to sign in.
    Auth,
    /// A persona.
    Persona,
    /// A persona, else a person.
    Actor,
    /// A persona, else a team.
    Party,
    /// A process.
    Process,
    /// A step of this process.
    Step,
    /// A component.
    Component,
    /// A skill.
    Skill,
    /// A team.
    Team,
    /// A word that other cards use in this field.
    Used(&'static str),
}

/// What a field of a mapping names.
#[must_use]
pub fn refers(mapping: &Mapping, field: &str) -> Refers {
    match (mapping.id, field) {
        ("catalog", _) => Refers::Free,
        (_, "environments" | "environment") => Refers::Environment,
        ("skill-level" | "component-skill", "level") => Refers::SkillLevel,
        (_, "level" | "from") => Refers::AccessLevel,
        (_, "risk" | "max_risk") => Refers::Risk,
        ("process", "phases") => Refers::Used("phase"),
        (_, "phase" | "phases") => Refers::Phase,
        ("grant" | "grant-defaults", "role" | "roles") => Refers::Role,
        ("grant" | "grant-defaults" | "use", "tools") => Refers::Tool,
        (_, "auth") => Refers::Auth,
        (_, "persona" | "invokes" | "monitored_by" | "router" | "route" | "joins" | "leaves") => {
            Refers::Persona
        }
        (_, "accountable" | "escalates_to" | "by" | "approval") => Refers::Actor,
        ("persona", "override") => Refers::Actor,
        (_, "with" | "primary_interaction") => Refers::Party,
        (_, "process" | "processes" | "part_of") => Refers::Process,
        ("next-step", "step") => Refers::Step,
        (_, "component") => Refers::Component,
        (_, "skill" | "skills" | "implies" | "removes") => Refers::Skill,
        (_, "team") => Refers::Team,
        (_, "section") => Refers::Used("section"),
        (_, "platform") => Refers::Used("platform"),
        (_, "layer") => Refers::Used("layer"),
        (_, "lane") => Refers::Used("lane"),
        (_, "protocol") => Refers::Used("protocol"),
        (_, "cadence") => Refers::Used("cadence"),
        _ => Refers::Free,
    }
}

impl Refers {
    /// The kind of card that can be created for a word that names nothing yet.
    #[must_use]
    pub fn creates(self) -> Option<Kind> {
        match self {
            Self::Persona | Self::Party => Some(Kind::Persona),
            Self::Actor => Some(Kind::Person),
            Self::Process => Some(Kind::Process),
            Self::Component => Some(Kind::Component),
            Self::Skill => Some(Kind::Skill),
            Self::Team => Some(Kind::Team),
            _ => None,
        }
    }

    /// Whether a word that is not among the choices means nothing.
    #[must_use]
    fn is_closed(self) -> bool {
        matches!(self, Self::Environment | Self::AccessLevel | Self::Risk | Self::Severity | Self::Step)
    }

    /// What a word of it is called.
    fn noun(self) -> &'static str {
        match self {
            Self::Free | Self::Used(_) => "word",
            Self::Environment => "environment",
            Self::AccessLevel => "access level",
            Self::Risk => "risk level",
            Self::SkillLevel => "skill level",
            Self::Phase => "phase",
            Self::Role => "role",
            Self::Tool => "tool",
            Self::Severity => "severity",
            Self::Auth => "way to sign in",
            Self::Persona => "persona",
            Self::Actor => "persona or person",
            Self::Party => "persona or team",
            Self::Process => "process",
            Self::Step => "step",
            Self::Component => "component",
            Self::Skill => "skill",
            Self::Team => "team",
        }
    }
}

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is written into the card.
    pub word: String,
    /// What it is: "agent of Engineering Team".
    pub about: String,
    /// Other words for it, to be found by.
    pub also: String,
}

/// What is around the field that is filled in.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// The component that the item is about.
    pub component: Option<String>,
    /// The process whose card it is.
    pub process: Option<String>,
}

/// What there is to choose from; nothing where words are free.
#[must_use]
pub fn choices(analysis: &Analysis, refers: Refers, around: &Around) -> Vec<Choice> {
    let catalog = &analysis.catalog;
    let settings = &catalog.settings;
    let words = |words: &[Name]| words.iter().map(|word| plain(word.written(), "")).collect::<Vec<_>>();
    let of = |entities: Vec<Entity>| entities.into_iter().map(|entity| of_entity(analysis, entity)).collect();
    let component = || {
        let name = around.component.as_deref().map(Name::new)?;
        catalog.find_component(&name).map(|id| &catalog.components[id.index()])
    };
    match refers {
        Refers::Free => Vec::new(),
        Refers::Environment => words(&settings.environments),
        Refers::AccessLevel => words(&settings.access_levels),
        Refers::Risk => words(&settings.risk_levels),
        Refers::SkillLevel => words(&settings.skill_levels),
        Refers::Phase => words(&phases(catalog)),
        Refers::Severity => {
            ["critical", "high", "medium", "low", "info", "off"].map(|word| plain(word, "")).to_vec()
        }
        Refers::Role => {
            let own = component().into_iter().flat_map(|component| &component.roles);
            let level = |level: Option<crate::catalog::Level>| {
                level.map_or("no level", |level| settings.level(level)).to_owned()
            };
            let mut found: Vec<Choice> = Vec::new();
            for role in own {
                let place = settings.environment_list(role.environments);
                let about = format!("{} in {place}", level(role.level));
                match found.iter_mut().find(|known| role.name.is(&fold(&known.word))) {
                    Some(known) => known.about = format!("{}, {about}", known.about),
                    None => found.push(plain(role.name.written(), &about)),
                }
            }
            for (name, of) in &settings.roles {
                if !found.iter().any(|known| name.is(&fold(&known.word))) {
                    found.push(plain(name.written(), &format!("{}, of every component", level(*of))));
                }
            }
            found
        }
        Refers::Tool => {
            let tools = component().into_iter().flat_map(|component| &component.tools);
            let mut found: Vec<Choice> = tools
                .map(|(tool, level)| plain(tool.written(), level.map_or("", |level| settings.level(level))))
                .collect();
            found.push(plain("*", "all of them"));
            found
        }
        Refers::Auth => [
            ("managed-identity", ""),
            ("workload-identity", ""),
            ("oauth2", ""),
            ("a2a", "agent to agent"),
            ("api-key", "a static credential"),
            ("password", "a static credential"),
            ("pat", "a static credential"),
            ("connection-string", "a static credential"),
        ]
        .map(|(word, about)| plain(word, about))
        .to_vec(),
        Refers::Persona => of(personas(analysis)),
        Refers::Actor => of(personas(analysis).into_iter().chain(people(analysis)).collect()),
        Refers::Party => of(personas(analysis).into_iter().chain(teams(analysis)).collect()),
        Refers::Process => {
            of((0..catalog.processes.len()).map(|index| ProcessId::from_index(index).into()).collect())
        }
        Refers::Step => {
            let process = around.process.as_deref().and_then(|name| catalog.find_process(&Name::new(name)));
            let steps = process.into_iter().flat_map(|id| &catalog.processes[id.index()].steps);
            steps
                .map(|step| {
                    let step = &catalog.steps[step.index()];
                    plain(step.id.written(), step.name.written())
                })
                .collect()
        }
        Refers::Component => {
            of((0..catalog.components.len()).map(|index| ComponentId::from_index(index).into()).collect())
        }
        Refers::Skill => {
            of((0..catalog.skills.len()).map(|index| SkillId::from_index(index).into()).collect())
        }
        Refers::Team => of(teams(analysis)),
        Refers::Used(field) => used(analysis, field),
    }
}

/// What is wrong with a word, as a sentence; `None` where it is right or free.
#[must_use]
pub fn complaint(analysis: &Analysis, refers: Refers, around: &Around, word: &str) -> Option<String> {
    if word.trim().is_empty()
        || !refers.is_closed() && refers.creates().is_none() && refers != Refers::SkillLevel
    {
        return None;
    }
    let catalog = &analysis.catalog;
    let name = Name::new(word);
    if let (Some(_), false) = (refers.creates(), refers.is_closed()) {
        let known = match refers {
            Refers::Persona => catalog.find_persona(&name).is_some(),
            Refers::Actor => matches!(catalog.find_actor(&name), Some(Actor::Persona(_) | Actor::Person(_))),
            Refers::Party => catalog.find_party(&name).is_some(),
            Refers::Process => {
                catalog.find_process(&name).is_some_and(|id| catalog.processes[id.index()].declared)
            }
            Refers::Component => {
                catalog.find_component(&name).is_some_and(|id| catalog.components[id.index()].declared)
            }
            Refers::Skill => catalog.find_skill(&name).is_some_and(|id| catalog.skills[id.index()].declared),
            Refers::Team => catalog.find_team(&name).is_some_and(|id| catalog.teams[id.index()].declared),
            _ => true,
        };
        return (!known).then(|| format!("There is no card of a {} called {word}.", refers.noun()));
    }
    let all = choices(analysis, refers, around);
    let number = refers == Refers::SkillLevel && word.trim().parse::<u8>().is_ok_and(|level| level > 0);
    if number || all.iter().any(|choice| fold(&choice.word) == fold(word)) {
        return None;
    }
    let near = nearest(word, all.iter().map(|choice| choice.word.as_str()));
    let guess = near.map_or(String::new(), |near| format!(" Did you mean {near}?"));
    Some(format!("There is no {} {word}.{guess}", refers.noun()))
}

fn plain(word: &str, about: &str) -> Choice {
    Choice { word: word.to_owned(), about: about.to_owned(), also: String::new() }
}

fn of_entity(analysis: &Analysis, entity: Entity) -> Choice {
    let catalog = &analysis.catalog;
    let (id, name) = (catalog.id(entity).into_owned(), catalog.name(entity).into_owned());
    let what = subtitle(catalog, entity);
    if id == name {
        Choice { word: id, about: what, also: String::new() }
    } else {
        Choice { word: id, about: format!("{name}, {what}"), also: name }
    }
}

fn personas(analysis: &Analysis) -> Vec<Entity> {
    (0..analysis.catalog.personas.len()).map(|index| PersonaId::from_index(index).into()).collect()
}

fn people(analysis: &Analysis) -> Vec<Entity> {
    (0..analysis.catalog.people.len()).map(|index| PersonId::from_index(index).into()).collect()
}

fn teams(analysis: &Analysis) -> Vec<Entity> {
    (0..analysis.catalog.teams.len()).map(|index| TeamId::from_index(index).into()).collect()
}

/// The words that cards use in a field, each once, in their order.
fn used(analysis: &Analysis, field: &str) -> Vec<Choice> {
    let catalog = &analysis.catalog;
    let words: Vec<&Name> = match field {
        "section" => catalog.personas.iter().filter_map(|persona| persona.section.as_ref()).collect(),
        "platform" => catalog.components.iter().filter_map(|component| component.platform.as_ref()).collect(),
        "layer" => catalog.components.iter().filter_map(|component| component.layer.as_ref()).collect(),
        "lane" => catalog.steps.iter().filter_map(|step| step.lane.as_ref()).collect(),
        "phase" => catalog.processes.iter().flat_map(|process| &process.phases).collect(),
        "protocol" => interactions(analysis).filter_map(|named| named.protocol.as_ref()).collect(),
        "cadence" => interactions(analysis).filter_map(|named| named.cadence.as_ref()).collect(),
        _ => Vec::new(),
    };
    let mut found: Vec<Choice> = Vec::new();
    for word in words {
        if !found.iter().any(|known| word.is(&fold(&known.word))) {
            found.push(plain(word.written(), ""));
        }
    }
    found
}

fn interactions(analysis: &Analysis) -> impl Iterator<Item = &crate::catalog::Interaction> {
    analysis.catalog.personas.iter().flat_map(|persona| &persona.interactions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::analysis;
    use crate::card::fields::{mapping_of, mappings};

    #[test]
    fn words_of_vocabularies_are_held_against_them() {
        let analysis = analysis("kind: Persona\nname: Bot\n");
        let around = Around::default();
        let said = |refers, word: &str| complaint(&analysis, refers, &around, word);
        assert_eq!(said(Refers::Environment, " PROD "), None);
        assert_eq!(
            said(Refers::Environment, "prdo").as_deref(),
            Some("There is no environment prdo. Did you mean prod?")
        );
        assert_eq!(said(Refers::SkillLevel, "3"), None);
        assert!(said(Refers::SkillLevel, "0").is_some());
        assert_eq!(said(Refers::Persona, "bot"), None);
        assert!(said(Refers::Persona, "Boat").is_some());
        assert_eq!(said(Refers::Auth, "anything"), None);
    }

    #[test]
    fn every_field_that_names_cards_is_known_to_do_so() {
        let persona = mapping_of(Kind::Persona);
        assert_eq!(refers(persona, "accountable"), Refers::Actor);
        let of = |id: &str, field| {
            let mapping = mappings().into_iter().find(|mapping| mapping.id == id).expect("a mapping");
            assert!(mapping.field(field).is_some(), "{id} has no {field}");
            refers(mapping, field)
        };
        assert_eq!(of("grant", "component"), Refers::Component);
        assert_eq!(of("skill-level", "level"), Refers::SkillLevel);
        assert_eq!(of("use", "level"), Refers::AccessLevel);
        assert_eq!(of("performer", "persona"), Refers::Persona);
        assert_eq!(of("catalog", "environments"), Refers::Free);
    }
}

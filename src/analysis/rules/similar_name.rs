//! `similar-name`: an undeclared name that is probably a misspelling of a declared one.

use crate::analysis::Context;
use crate::analysis::evidence::stated;
use crate::analysis::finding::{Severity, Sink};
use crate::card::words::Name;
use crate::catalog::{Catalog, ComponentId, Entity, ProcessId, SkillId, TeamId};

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "similar-name",
    category: Category::Structure,
    summary: "an undeclared name is nearly that of a declared entity",
    help: include_str!("../../../assets/rules/similar-name.md"),
    reads: Reads::Words,
    check: Check::Catalog(check),
};

/// Names shorter than this are too easily near each other.
const SHORTEST: usize = 6;
const FARTHEST: usize = 2;

fn check(context: &Context<'_>, sink: &mut Sink) {
    let catalog = context.catalog;
    for entity in super::undeclared::undeclared(context) {
        let Some(written) = words(catalog, entity).first().map(|name| Spelling::of(name)) else { continue };
        let nearest = declared_of_kind(catalog, entity)
            .filter_map(|(candidate, words)| {
                let distance = words.iter().filter_map(|word| written.distance(&Spelling::of(word))).min()?;
                Some((distance, candidate))
            })
            // Of equals the first in file order stays.
            .min_by_key(|(distance, _)| *distance);
        let Some((_, similar)) = nearest else { continue };
        let message = format!(
            "{} has no card: perhaps it is {}, spelt differently.",
            catalog.label(entity),
            catalog.label(similar)
        );
        let place = catalog.place(entity);
        let evidence =
            place.map(|place| stated(entity, "is nearly spelt as", similar, place)).into_iter().collect();
        sink.about(entity, Severity::Medium, message).object(similar).because(place, evidence);
    }
}

/// A name in the forms in which names are compared.
struct Spelling {
    folded: String,
    length: usize,
    bare: String,
    digits: String,
}

impl Spelling {
    fn of(name: &Name) -> Self {
        let folded = name.folded().to_owned();
        let bare = folded.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_' | '.')).collect();
        let digits = folded.chars().filter(char::is_ascii_digit).collect();
        Self { length: folded.chars().count(), folded, bare, digits }
    }

    fn distance(&self, other: &Self) -> Option<usize> {
        if self.bare == other.bare {
            return Some(0);
        }
        let comparable = self.length >= SHORTEST
            && other.length >= SHORTEST
            && self.digits == other.digits
            && self.length.abs_diff(other.length) <= FARTHEST;
        if !comparable {
            return None;
        }
        Some(strsim::levenshtein(&self.folded, &other.folded)).filter(|distance| *distance <= FARTHEST)
    }
}

fn words(catalog: &Catalog, entity: Entity) -> Vec<&Name> {
    fn all<'n>(name: &'n Name, aliases: &'n [Name]) -> Vec<&'n Name> {
        std::iter::once(name).chain(aliases).collect()
    }
    match entity {
        Entity::Team(id) => all(&catalog.teams[id.index()].name, &catalog.teams[id.index()].aliases),
        Entity::Process(id) => {
            all(&catalog.processes[id.index()].name, &catalog.processes[id.index()].aliases)
        }
        Entity::Component(id) => {
            all(&catalog.components[id.index()].name, &catalog.components[id.index()].aliases)
        }
        Entity::Skill(id) => all(&catalog.skills[id.index()].name, &catalog.skills[id.index()].aliases),
        Entity::Catalog
        | Entity::Persona(_)
        | Entity::Step(_)
        | Entity::Person(_)
        | Entity::Scenario(_)
        | Entity::Decision(_)
        | Entity::Ignore(_)
        | Entity::DutySet(_)
        | Entity::Duplicate(_)
        | Entity::Name(_) => Vec::new(),
    }
}

/// The declared entities of the kind of another, in file order, each with its words.
fn declared_of_kind(catalog: &Catalog, entity: Entity) -> impl Iterator<Item = (Entity, Vec<&Name>)> {
    let all: Vec<Entity> = match entity {
        Entity::Team(_) => (0..catalog.teams.len()).map(|index| TeamId::from_index(index).into()).collect(),
        Entity::Process(_) => {
            (0..catalog.processes.len()).map(|index| ProcessId::from_index(index).into()).collect()
        }
        Entity::Component(_) => {
            (0..catalog.components.len()).map(|index| ComponentId::from_index(index).into()).collect()
        }
        Entity::Skill(_) => {
            (0..catalog.skills.len()).map(|index| SkillId::from_index(index).into()).collect()
        }
        _ => Vec::new(),
    };
    all.into_iter()
        .filter(|candidate| catalog.is_declared(*candidate))
        .map(|candidate| (candidate, words(catalog, candidate)))
}

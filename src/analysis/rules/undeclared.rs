//! `undeclared`: a team, process, component or skill that is used and has no card.

use crate::analysis::Context;
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::{ComponentId, Entity, ProcessId, SkillId, TeamId};

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "undeclared",
    category: Category::Structure,
    summary: "a team, process, component or skill is used and has no card",
    help: include_str!("../../../assets/rules/undeclared.md"),
    reads: Reads::Words,
    check: Check::Catalog(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    for entity in undeclared(context) {
        let catalog = context.catalog;
        let message = format!(
            "The {} {} is used, and has no card.",
            catalog.kind(entity).word(),
            catalog.label(entity)
        );
        sink.about(entity, Severity::Info, message).because(catalog.place(entity), Vec::new());
    }
}

/// Everything that is used and has no card, kind by kind.
pub(super) fn undeclared(context: &Context<'_>) -> Vec<Entity> {
    let catalog = context.catalog;
    let teams = (0..catalog.teams.len()).map(|index| Entity::Team(TeamId::from_index(index)));
    let processes = (0..catalog.processes.len()).map(|index| Entity::Process(ProcessId::from_index(index)));
    let components =
        (0..catalog.components.len()).map(|index| Entity::Component(ComponentId::from_index(index)));
    let skills = (0..catalog.skills.len()).map(|index| Entity::Skill(SkillId::from_index(index)));
    teams
        .chain(processes)
        .chain(components)
        .chain(skills)
        .filter(|entity| !catalog.is_declared(*entity))
        .collect()
}

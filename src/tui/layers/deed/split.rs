//! A persona that gives processes to a new one, with the access and the skills that these need.

use super::{Plan, Question, Then, Wish, entity_choice};
use crate::analysis::{Analysis, reshape, tradeoff};
use crate::card::words::Name;
use crate::catalog::{Entity, EntityKind, PersonaId, ProcessId};
use crate::session::deeds::Deed;

pub(super) fn title(analysis: &Analysis, wish: &Wish) -> String {
    format!("Split {}", wish.label(analysis))
}

pub(super) fn ask(analysis: &Analysis, wish: &Wish) -> Vec<Question> {
    let catalog = &analysis.catalog;
    let Ok(Entity::Persona(own)) = wish.first(catalog) else { return Vec::new() };
    let listed = &catalog.personas[own.index()].processes;
    let choices = listed.iter().map(|part| entity_choice(catalog, part.process.into())).collect();
    let best = tradeoff::best_split_of(analysis, own);
    let best = best.into_iter().map(|process| catalog.id(process.into()).into_owned()).collect();
    vec![Question::several("processes", "gives away", choices, best)]
}

pub(super) fn plan(analysis: &Analysis, wish: &Wish) -> Result<Plan, String> {
    let catalog = &analysis.catalog;
    let own = persona(analysis, wish)?;
    let processes: Vec<ProcessId> =
        wish.words("processes").iter().filter_map(|word| catalog.find_process(&Name::new(word))).collect();
    if processes.is_empty() {
        return Err("Choose the processes that go to the new persona with the space bar.".to_owned());
    }
    let new = reshape::free_id(catalog);
    let edits = reshape::split(catalog, &analysis.facts, own, &processes)?;
    let name = format!(
        "split {}: {} go to {new}",
        catalog.personas[own.index()].id,
        wish.words("processes").join(", ")
    );
    Ok(Plan::of(Deed { name, edits }).then(Then::Edit((EntityKind::Persona, new))))
}

fn persona(analysis: &Analysis, wish: &Wish) -> Result<PersonaId, String> {
    match wish.first(&analysis.catalog)? {
        Entity::Persona(own) => Ok(own),
        _ => Err("only personas are split".to_owned()),
    }
}

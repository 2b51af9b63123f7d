//! Several personas that become one: it takes all that they have, and what named them names it.

use super::{Plan, Question, Then, Wish, entity_choice};
use crate::analysis::whatif::{Supposition, edits};
use crate::analysis::{Analysis, tradeoff};
use crate::catalog::{Entity, EntityKind, PersonaId};
use crate::session::deeds::Deed;

pub(super) fn title(analysis: &Analysis, wish: &Wish) -> String {
    match wish.about.as_slice() {
        [_] => format!("Merge {} with others", wish.label(analysis)),
        several => format!("Merge {} personas", several.len()),
    }
}

pub(super) fn ask(analysis: &Analysis, wish: &Wish) -> Vec<Question> {
    let catalog = &analysis.catalog;
    let about = wish.entities(catalog);
    let mut questions = Vec::new();
    let choices: Vec<_> = about.iter().map(|entity| entity_choice(catalog, *entity)).collect();
    let Some(first) = choices.first().map(|choice| choice.word.clone()) else { return questions };
    let into = if choices.len() > 1 && !wish.word("into").is_empty() {
        wish.word("into").to_owned()
    } else {
        first.clone()
    };
    if choices.len() > 1 {
        questions.push(Question::one("into", "keep", choices, &first));
    }
    let others: Vec<_> = (0..catalog.personas.len())
        .map(|place| Entity::Persona(PersonaId::from_index(place)))
        .filter(|entity| catalog.id(*entity) != into)
        .map(|entity| entity_choice(catalog, entity))
        .collect();
    let mut default: Vec<String> =
        about.iter().map(|entity| catalog.id(*entity).into_owned()).filter(|id| *id != into).collect();
    if let (true, [Entity::Persona(own)]) = (default.is_empty(), about.as_slice()) {
        let partner = tradeoff::partner_of(analysis, *own);
        default.extend(partner.map(|partner| catalog.id(partner.into()).into_owned()));
    }
    questions.push(Question::several("from", "takes over", others, default));
    questions
}

pub(super) fn plan(analysis: &Analysis, wish: &Wish) -> Result<Plan, String> {
    let catalog = &analysis.catalog;
    let first = catalog.id(wish.first(catalog)?).into_owned();
    let into = if wish.word("into").is_empty() { first } else { wish.word("into").to_owned() };
    let from: Vec<String> = wish.words("from").iter().filter(|id| **id != into).cloned().collect();
    if from.is_empty() {
        return Err("Choose what it takes over with the space bar.".to_owned());
    }
    let names: Vec<String> = std::iter::once(into.clone()).chain(from.iter().cloned()).collect();
    let edits = edits(catalog, &Supposition::Merge(names), analysis.day)?;
    let deed = Deed { name: format!("merge {} into {into}", from.join(", ")), edits };
    let mut plan = Plan::of(deed).then(Then::Show((EntityKind::Persona, into.clone())));
    let kind = |id: &str| {
        let persona = catalog.find_persona(&crate::card::words::Name::new(id))?;
        Some(catalog.personas[persona.index()].persona_type)
    };
    if from.iter().any(|id| kind(id) != kind(&into)) {
        plan.notes.push("Humans and agents become one here: whoever plays the part does so unattended, or the agent needs a human at hand.".to_owned());
    }
    Ok(plan)
}

//! A card like another, under words of its own.

use super::{Plan, Question, Then, Wish, trimmed};
use crate::analysis::{Analysis, reshape};
use crate::catalog::EntityKind;
use crate::session::deeds::duplicate;

pub(super) fn title(analysis: &Analysis, wish: &Wish) -> String {
    format!("Duplicate {}", wish.label(analysis))
}

pub(super) fn ask(analysis: &Analysis, wish: &Wish) -> Vec<Question> {
    let catalog = &analysis.catalog;
    let mut questions = Vec::new();
    let Ok(entity) = wish.first(catalog) else { return questions };
    if catalog.kind(entity) == EntityKind::Persona {
        questions.push(Question::line("id", "id", reshape::free_id(catalog)));
    }
    questions.push(Question::line("name", "name", free_name(analysis, &catalog.name(entity))));
    questions
}

pub(super) fn plan(analysis: &Analysis, wish: &Wish) -> Result<Plan, String> {
    let catalog = &analysis.catalog;
    let entity = wish.first(catalog)?;
    let (id, name) = (trimmed(wish.word("id")), trimmed(wish.word("name")));
    if name.is_empty() {
        return Err("Write a name for it.".to_owned());
    }
    let kind = catalog.kind(entity);
    let deed = duplicate(catalog, entity, &id, &name)?;
    let has_id = kind == EntityKind::Persona && catalog.id(entity) != catalog.name(entity);
    Ok(Plan::of(deed).then(Then::Edit((kind, if has_id { id } else { name }))))
}

/// "Ana (copy)", "Ana (copy 2)", and so on.
fn free_name(analysis: &Analysis, name: &str) -> String {
    let copy = |number: usize| match number {
        1 => format!("{name} (copy)"),
        _ => format!("{name} (copy {number})"),
    };
    let is_free = |word: &String| analysis.catalog.find(word).is_empty();
    (1..1_000).map(copy).find(is_free).unwrap_or_else(|| copy(1))
}

//! A new card from the template of its kind: what it is called, and where its file goes.

use super::{Named, Plan, Question, Then, Wish, choice, declared, trimmed};
use crate::analysis::fixes::known_of;
use crate::analysis::{Analysis, reshape};
use crate::card::kinds::Kind;
use crate::card::words::Name;
use crate::catalog::EntityKind;
use crate::session::deeds::{TEMPLATES, from_template, template};
use crate::tui::form::words::Choice;

/// The answer that a card gets a file of its own.
pub(super) const OWN_FILE: &str = "a file of its own";

pub(super) fn title(_: &Analysis, wish: &Wish) -> String {
    match wish.word("kind") {
        "" => "New card".to_owned(),
        kind => format!("New {kind}"),
    }
}

pub(super) fn ask(analysis: &Analysis, wish: &Wish) -> Vec<Question> {
    let kinds = TEMPLATES.iter().map(|template| choice(word(template.kind), about(template.kind))).collect();
    let mut questions = vec![Question::one("kind", "kind", kinds, "persona")];
    questions.extend(name_questions(analysis, wish, ""));
    questions
}

/// What a new card of a kind is called, and where it goes.
pub(super) fn name_questions(analysis: &Analysis, wish: &Wish, name: &str) -> Vec<Question> {
    let catalog = &analysis.catalog;
    let kind = kind_of(wish.word("kind")).unwrap_or(Kind::Persona);
    let mut questions = Vec::new();
    if kind == Kind::Persona {
        questions.push(Question::line("id", "id", reshape::free_id(catalog)));
    }
    questions.push(Question::line("name", "name", name));
    let Some(template) = template(kind) else { return questions };
    let path = match wish.word("name") {
        "" => String::new(),
        name => template.path(catalog, &trimmed(wish.word("id")), &trimmed(name)),
    };
    let lists: Vec<Choice> =
        template.lists(catalog).map(|path| choice(path, format!("a list of {}", plural(kind)))).collect();
    let default = lists.first().map_or(OWN_FILE.to_owned(), |list| list.word.clone());
    let mut choices = vec![choice(OWN_FILE, path)];
    choices.extend(lists);
    questions.push(Question::one("into", "file", choices, &default));
    questions
}

pub(super) fn plan(analysis: &Analysis, wish: &Wish) -> Result<Plan, String> {
    let kind = kind_of(wish.word("kind")).ok_or("choose a kind of card")?;
    let (id, name) = (trimmed(wish.word("id")), trimmed(wish.word("name")));
    if name.is_empty() {
        return Err("Write a name for it.".to_owned());
    }
    if kind == Kind::Persona && id.is_empty() {
        return Err("Write an id for it.".to_owned());
    }
    let into = Some(wish.word("into")).filter(|into| *into != OWN_FILE && !into.is_empty());
    // A name that cards use already, and that leads nowhere, is known by what they say of it.
    let is_named = kind == Kind::Persona && analysis.catalog.names.contains(&Name::new(&name));
    let fields = if is_named { known_of(analysis, &name, kind) } else { Vec::new() };
    let deed = from_template(&analysis.catalog, kind, (&id, &name), &fields, into)?;
    let mut plan = Plan::of(deed).then(Then::Edit(new(kind, &id, &name)));
    if !fields.is_empty() {
        plan.notes.push("Cards name it already; what they say of it is filled in.".to_owned());
    }
    Ok(plan)
}

/// What a new card is known by.
pub(super) fn new(kind: Kind, id: &str, name: &str) -> Named {
    let entity = EntityKind::ALL.into_iter().find(|own| super::card_kind(*own) == Some(kind));
    let id = if kind == Kind::Persona { id } else { name };
    (entity.unwrap_or(EntityKind::Persona), id.to_owned())
}

pub(super) fn kind_of(word: &str) -> Option<Kind> {
    Kind::ALL.into_iter().find(|kind| self::word(*kind) == word)
}

pub(super) fn word(kind: Kind) -> String {
    kind.word().to_lowercase()
}

fn plural(kind: Kind) -> &'static str {
    let entity = EntityKind::ALL.into_iter().find(|own| super::card_kind(*own) == Some(kind));
    entity.map_or("cards", EntityKind::plural)
}

fn about(kind: Kind) -> &'static str {
    match kind {
        Kind::Component => "a service, a tool server, anything that access is given to",
        Kind::Person => "somebody who plays the part of personas",
        Kind::Persona => "a part that people, or an agent, play in the team",
        Kind::Process => "work, with its steps and what these use",
        Kind::Skill => "something to know",
        Kind::Team => "a team that personas belong to",
        Kind::Catalog | Kind::Scenario | Kind::Decision => "",
    }
}

/// Everything of a kind that has a card, as choices.
pub(super) fn choices_of(analysis: &Analysis, kind: EntityKind) -> Vec<Choice> {
    let catalog = &analysis.catalog;
    declared(catalog, kind).into_iter().map(|entity| super::entity_choice(catalog, entity)).collect()
}

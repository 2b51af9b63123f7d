//! What is named and has no card: a card for it, or another name where it is named.

use super::create::{OWN_FILE, choices_of, kind_of, name_questions, new, word};
use super::{Plan, Question, Then, Wish, choice, found, trimmed};
use crate::analysis::{Analysis, fixes};
use crate::card::kinds::Kind;
use crate::card::words::nearest;
use crate::catalog::EntityKind;
use crate::session::deeds::{Deed, from_template};

/// The answer that it gets a card.
const CREATE: &str = "create its card";
/// The answer that something else is meant.
const MEAN: &str = "write another name instead";
/// The answer that the value itself is to be changed.
pub const EDIT: &str = "edit what is written here";

pub(super) fn title(_: &Analysis, wish: &Wish) -> String {
    format!("{} has no card", name_of(wish))
}

pub(super) fn ask(analysis: &Analysis, wish: &Wish) -> Vec<Question> {
    let kinds = kinds(wish);
    let kind = match wish.word("kind") {
        "" => kinds.first().copied(),
        word => kind_of(word),
    };
    let kind = kind.filter(|kind| kinds.contains(kind)).or(kinds.first().copied()).unwrap_or(Kind::Persona);
    let own = kinds_of_others(kind, &kinds);
    let others: Vec<_> = own.into_iter().flat_map(|kind| choices_of(analysis, kind)).collect();
    let mut ways = vec![choice(CREATE, "filled in as far as the catalog knows it")];
    if !others.is_empty() {
        ways.push(choice(MEAN, "wherever it is named"));
    }
    // The second that it is about is the card where it is named.
    if wish.about.len() > 1 {
        ways.push(choice(EDIT, "in the form of this card"));
    }
    let mut questions = vec![Question::one("do", "do", ways, CREATE)];
    match wish.word("do") {
        MEAN => {
            let words = others.iter().flat_map(|other| [other.word.as_str(), other.also.as_str()]);
            let near = nearest(name_of(wish), words).unwrap_or_default().to_owned();
            let near = others.iter().find(|other| other.word == near || other.also == near);
            let near = near.or(others.first()).map_or(String::new(), |other| other.word.clone());
            questions.push(Question::one("as", "meant is", others, &near));
        }
        EDIT => {}
        _ => {
            if kinds.len() > 1 {
                let words = kinds.iter().map(|kind| choice(word(*kind), "")).collect();
                questions.push(Question::one("kind", "kind", words, &word(kind)));
            }
            let wish = wish.clone().with("kind", word(kind));
            questions.extend(name_questions(analysis, &wish, name_of(&wish)));
        }
    }
    questions
}

pub(super) fn plan(analysis: &Analysis, wish: &Wish) -> Result<Plan, String> {
    let catalog = &analysis.catalog;
    let old = name_of(wish).to_owned();
    match wish.word("do") {
        MEAN => {
            let named = wish.about.first().ok_or("nothing is selected")?;
            let entity = found(catalog, named).ok_or_else(|| format!("{old} is gone"))?;
            let to = wish.word("as");
            let edits = catalog.mentions(entity).iter().map(|mention| mention.renamed(to)).collect();
            Ok(Plan::of(Deed { name: format!("write {to} instead of {old}"), edits }))
        }
        EDIT => Ok(Plan::of(Deed { name: String::new(), edits: Vec::new() })),
        _ => {
            let kinds = kinds(wish);
            let kind = kind_of(wish.word("kind")).or(kinds.first().copied()).unwrap_or(Kind::Persona);
            let (id, name) = (trimmed(wish.word("id")), trimmed(wish.word("name")));
            if name.is_empty() {
                return Err("Write a name for it.".to_owned());
            }
            let fields = fixes::known_of(analysis, &old, kind);
            let into = Some(wish.word("into")).filter(|into| *into != OWN_FILE && !into.is_empty());
            let deed = from_template(catalog, kind, (&id, &name), &fields, into)?;
            Ok(Plan::of(deed).then(Then::Edit(new(kind, &id, &name))))
        }
    }
}

fn name_of(wish: &Wish) -> &str {
    wish.about.first().map_or("", |(_, id)| id)
}

/// The kinds of card that it may have: of a name that leads nowhere several.
fn kinds(wish: &Wish) -> Vec<Kind> {
    match wish.about.first().map(|(kind, _)| *kind) {
        Some(EntityKind::Name) => vec![Kind::Persona, Kind::Team, Kind::Person],
        Some(kind) => super::card_kind(kind).into_iter().collect(),
        None => Vec::new(),
    }
}

/// The kinds among which another name may be meant.
fn kinds_of_others(kind: Kind, kinds: &[Kind]) -> Vec<EntityKind> {
    let wanted = if kinds.len() > 1 { kinds } else { std::slice::from_ref(&kind) };
    let is_one = |own: &EntityKind| super::card_kind(*own).is_some_and(|own| wanted.contains(&own));
    EntityKind::ALL.into_iter().filter(is_one).collect()
}

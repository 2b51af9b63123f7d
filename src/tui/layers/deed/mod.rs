//! What is done to the catalog as a whole, asked for in a few lines: a new card, another name, two in one.
//!
//! One file a deed, each with its questions and what the answers come to, registered in one table. A
//! sheet holds the answers and shows what they would come to before anything is done. It makes no edit
//! and computes no finding: a worker plans and tries what is wished for, and answers.

mod bulk;
mod cell;
mod create;
mod declare;
mod delete;
pub mod draw;
mod duplicate;
mod merge;
mod rename;
mod split;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::analysis::Analysis;
use crate::analysis::fixes::Outcome;
use crate::card::words::{Name, fold};
use crate::catalog::{CardEdit, Catalog, Entity, EntityKind, NameId};
use crate::session::deeds::Deed;
use crate::tui::form::input::{Accepted, Input, Said, Way};
use crate::tui::form::words::Choice;

pub use cell::{is_editable, one_less, one_more};
pub use declare::EDIT;

/// Everything that can be done so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Some cards get the same.
    Bulk,
    /// A cell of a matrix gets another value.
    Cell,
    /// A new card.
    Create,
    /// A card for what is named and has none, or another name for it.
    Declare,
    /// A card goes.
    Delete,
    /// A card like another.
    Duplicate,
    /// Several personas become one.
    Merge,
    /// Another id or name, followed everywhere.
    Rename,
    /// A persona becomes two.
    Split,
}

/// An entry of the table.
struct Entry {
    kind: Kind,
    /// What it says at the top.
    title: fn(&Analysis, &Wish) -> String,
    /// What it asks, in the light of what is answered already.
    ask: fn(&Analysis, &Wish) -> Vec<Question>,
    /// What the answers mean.
    plan: fn(&Analysis, &Wish) -> Result<Plan, String>,
}

/// Every deed, in alphabetical order.
static DEEDS: [Entry; 9] = [
    Entry { kind: Kind::Bulk, title: bulk::title, ask: bulk::ask, plan: bulk::plan },
    Entry { kind: Kind::Cell, title: cell::title, ask: cell::ask, plan: cell::plan },
    Entry { kind: Kind::Create, title: create::title, ask: create::ask, plan: create::plan },
    Entry { kind: Kind::Declare, title: declare::title, ask: declare::ask, plan: declare::plan },
    Entry { kind: Kind::Delete, title: delete::title, ask: delete::ask, plan: delete::plan },
    Entry { kind: Kind::Duplicate, title: duplicate::title, ask: duplicate::ask, plan: duplicate::plan },
    Entry { kind: Kind::Merge, title: merge::title, ask: merge::ask, plan: merge::plan },
    Entry { kind: Kind::Rename, title: rename::title, ask: rename::ask, plan: rename::plan },
    Entry { kind: Kind::Split, title: split::title, ask: split::ask, plan: split::plan },
];

/// Kind and id of an entity: good from one snapshot to the next.
pub type Named = (EntityKind, String);

/// What an entity is known by.
#[must_use]
pub fn named(catalog: &Catalog, entity: Entity) -> Named {
    (catalog.kind(entity), catalog.id(entity).into_owned())
}

/// The entity of a kind and an id, if it is there.
#[must_use]
pub fn found(catalog: &Catalog, (kind, id): &Named) -> Option<Entity> {
    if *kind == EntityKind::Name {
        let place = catalog.names.iter().position(|name| name.is(&fold(id)))?;
        return Some(Entity::Name(NameId::from_index(place)));
    }
    catalog.find(id).into_iter().find(|entity| catalog.kind(*entity) == *kind)
}

/// What is wished for: plain words, so that a worker can plan it on whatever the catalog is by then.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// What.
    pub kind: Kind,
    /// What it is about.
    pub about: Vec<Named>,
    /// The answers, by question.
    pub answers: BTreeMap<&'static str, Vec<String>>,
}

impl Wish {
    /// Of what there is no answer yet.
    #[must_use]
    pub fn new(kind: Kind, about: Vec<Named>) -> Self {
        Self { kind, about, answers: BTreeMap::new() }
    }

    /// With an answer.
    #[must_use]
    pub fn with(mut self, question: &'static str, answer: impl Into<String>) -> Self {
        self.answers.insert(question, vec![answer.into()]);
        self
    }

    /// The answer to a question, where it is one word.
    #[must_use]
    pub fn word(&self, question: &str) -> &str {
        self.answers.get(question).and_then(|words| words.first()).map_or("", String::as_str)
    }

    /// The answer to a question, where it is several words.
    #[must_use]
    pub fn words(&self, question: &str) -> &[String] {
        self.answers.get(question).map_or(&[], Vec::as_slice)
    }

    /// What it comes to on a catalog.
    ///
    /// # Errors
    /// A sentence where the answers do not make sense, or an edit cannot be made.
    pub fn tried(&self, analysis: &Analysis) -> Result<Tried, String> {
        let plan = (entry(self.kind).plan)(analysis, self)?;
        let outcome = analysis.outcome(&plan.deed.edits).map_err(|refusal| refusal.to_string())?;
        Ok(Tried { name: plan.deed.name, outcome, notes: plan.notes, then: plan.then })
    }

    /// What it is about, as far as it is still there.
    fn entities(&self, catalog: &Catalog) -> Vec<Entity> {
        self.about.iter().filter_map(|named| found(catalog, named)).collect()
    }

    /// The first that it is about.
    fn first(&self, catalog: &Catalog) -> Result<Entity, String> {
        let named = self.about.first().ok_or("nothing is selected")?;
        found(catalog, named).ok_or_else(|| format!("{} is gone", named.1))
    }

    /// The first that it is about, as people call it.
    fn label(&self, analysis: &Analysis) -> String {
        match (self.first(&analysis.catalog), self.about.first()) {
            (Ok(entity), _) => analysis.catalog.label(entity),
            (Err(_), Some((_, id))) => id.clone(),
            (Err(_), None) => String::new(),
        }
    }
}

/// What answers mean.
struct Plan {
    deed: Deed,
    /// What else is to be said.
    notes: Vec<String>,
    then: Then,
}

impl Plan {
    fn of(deed: Deed) -> Self {
        Self { deed, notes: Vec::new(), then: Then::Stay }
    }

    fn then(self, then: Then) -> Self {
        Self { then, ..self }
    }
}

/// Where one is afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Then {
    /// Where one was.
    Stay,
    /// At a card.
    Show(Named),
    /// At a card, in its form.
    Edit(Named),
}

/// What a wish would come to.
#[derive(Debug)]
pub struct Tried {
    /// What it is called in the history.
    pub name: String,
    /// What becomes of files and findings.
    pub outcome: Outcome,
    /// What else is to be said.
    pub notes: Vec<String>,
    /// Where one is afterwards.
    pub then: Then,
}

/// Something that is asked.
#[derive(Clone, Debug, PartialEq)]
struct Question {
    id: &'static str,
    label: &'static str,
    takes: Takes,
    /// What is answered unless somebody says otherwise.
    default: Vec<String>,
}

/// What an answer may be.
#[derive(Clone, Debug, PartialEq)]
enum Takes {
    /// A line of text.
    Line,
    /// One of these; where it is open also another word.
    One { choices: Vec<Choice>, open: bool },
    /// Some of these.
    Several(Vec<Choice>),
}

impl Question {
    fn line(id: &'static str, label: &'static str, default: impl Into<String>) -> Self {
        Self { id, label, takes: Takes::Line, default: vec![default.into()] }
    }

    fn one(id: &'static str, label: &'static str, choices: Vec<Choice>, default: &str) -> Self {
        Self { id, label, takes: Takes::One { choices, open: false }, default: vec![default.to_owned()] }
    }

    fn open(id: &'static str, label: &'static str, choices: Vec<Choice>) -> Self {
        // Words that nobody has written yet are typed.
        let takes = if choices.is_empty() { Takes::Line } else { Takes::One { choices, open: true } };
        Self { id, label, takes, default: vec![String::new()] }
    }

    fn several(id: &'static str, label: &'static str, choices: Vec<Choice>, default: Vec<String>) -> Self {
        Self { id, label, takes: Takes::Several(choices), default }
    }

    fn input(&self, answer: &[String]) -> Input {
        let first = answer.first().map_or("", String::as_str);
        match &self.takes {
            Takes::Line => Input::line(first),
            Takes::One { choices, open } => Input::pick(choices.clone(), first, *open),
            Takes::Several(choices) => Input::ticks(choices.clone(), answer.to_vec()),
        }
    }

    /// Whether an answer may be kept.
    fn allows(&self, answer: &[String]) -> bool {
        let is_choice = |choices: &[Choice], word: &str| choices.iter().any(|choice| choice.word == word);
        match &self.takes {
            Takes::Line => true,
            Takes::One { choices, open } => {
                answer.first().is_some_and(|word| is_choice(choices, word) || (*open && !word.is_empty()))
            }
            Takes::Several(choices) => answer.iter().all(|word| is_choice(choices, word)),
        }
    }
}

fn choice(word: impl Into<String>, about: impl Into<String>) -> Choice {
    Choice { word: word.into(), about: about.into(), also: String::new() }
}

/// An entity as a choice: its id, and what it is.
fn entity_choice(catalog: &Catalog, entity: Entity) -> Choice {
    let (id, name) = (catalog.id(entity).into_owned(), catalog.name(entity).into_owned());
    let about = crate::analysis::view::subtitle(catalog, entity);
    if id == name {
        return choice(id, about);
    }
    Choice { word: id, about: format!("{name}, {about}"), also: name }
}

/// The edits of one deed after another on the same catalog, each made on what those before left.
fn one_by_one(
    catalog: &Catalog,
    about: &[Named],
    mut deed: impl FnMut(&Catalog, Entity) -> Result<Option<Deed>, String>,
) -> Result<Vec<CardEdit>, String> {
    let mut after: Option<Catalog> = None;
    for named in about {
        let now = after.as_ref().unwrap_or(catalog);
        let Some(entity) = found(now, named) else { continue };
        if let Some(deed) = deed(now, entity)? {
            after = Some(now.after(&deed.edits).map_err(|refusal| refusal.to_string())?);
        }
    }
    Ok(after.map_or_else(Vec::new, |after| catalog.rewritten(&after)))
}

fn entry(kind: Kind) -> &'static Entry {
    // A test holds that every kind has one.
    DEEDS.iter().find(|entry| entry.kind == kind).unwrap_or(&DEEDS[0])
}

/// What a key came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Did {
    /// It was the sheet's own affair.
    Nothing,
    /// Something else is wished for.
    Changed,
    /// It is left.
    Leaves,
    /// It is to be done.
    Keeps,
}

/// The sheet: questions, answers, and what they would come to.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// What is wished for as it stands.
    pub wish: Wish,
    /// What it says at the top.
    title: String,
    questions: Vec<(Question, Input)>,
    /// The questions that somebody answered; the others follow what is sensible.
    answered: BTreeSet<&'static str>,
    row: usize,
    /// What it would come to, once that is known.
    pub tried: Option<Result<Arc<Tried>, String>>,
    /// The number of the question to the worker that is not answered yet.
    pub waiting: Option<u64>,
    /// Whether something else is wished for since the worker was asked.
    pub again: bool,
    /// Whether it is to be done as soon as it is known what it comes to.
    pub keep: bool,
    /// The first line of what it comes to that is shown.
    pub offset: usize,
}

impl Sheet {
    /// With the answers of a wish, and what is sensible for the rest. The first that is open is asked.
    #[must_use]
    pub fn new(analysis: &Analysis, wish: Wish) -> Self {
        let answered = wish.answers.keys().copied().collect();
        let mut sheet = Self {
            wish,
            title: String::new(),
            questions: Vec::new(),
            answered,
            row: 0,
            tried: None,
            waiting: None,
            again: false,
            keep: false,
            offset: 0,
        };
        sheet.refresh(analysis);
        let open = sheet.questions.iter().position(|(question, _)| {
            let words = sheet.wish.words(question.id);
            matches!(question.takes, Takes::Line | Takes::One { open: true, .. })
                && words.iter().all(|word| word.is_empty())
        });
        let asked = sheet.questions.iter().position(|(question, _)| !sheet.answered.contains(question.id));
        sheet.row = match sheet.wish.kind {
            // What is meant is chosen first; what is typed is a part of it.
            Kind::Create => open.or(asked).unwrap_or(0),
            // Where is often known from what is looked at; what is wanted never is.
            Kind::Cell => asked.unwrap_or(0),
            _ => 0,
        };
        sheet
    }

    /// Asks anew, in the light of what is answered and of what the catalog is now.
    pub fn refresh(&mut self, analysis: &Analysis) {
        let entry = entry(self.wish.kind);
        self.title = (entry.title)(analysis, &self.wish);
        // A question may depend on the one before it, which may only now have an answer.
        for _ in 0..4 {
            let before = self.wish.answers.clone();
            let questions = (entry.ask)(analysis, &self.wish);
            for question in &questions {
                let kept =
                    self.answered.contains(question.id) && question.allows(self.wish.words(question.id));
                if !kept {
                    self.answered.remove(question.id);
                    self.wish.answers.insert(question.id, question.default.clone());
                }
            }
            self.wish.answers.retain(|id, _| questions.iter().any(|question| question.id == *id));
            let mut old = std::mem::take(&mut self.questions);
            for question in questions {
                let place = old.iter().position(|(known, _)| known.id == question.id);
                let kept = place.map(|place| old.swap_remove(place)).filter(|(known, input)| {
                    known.takes == question.takes && answer(input) == self.wish.words(question.id)
                });
                let input =
                    kept.map_or_else(|| question.input(self.wish.words(question.id)), |(_, input)| input);
                self.questions.push((question, input));
            }
            if before == self.wish.answers {
                break;
            }
        }
        self.row = self.row.min(self.questions.len().saturating_sub(1));
    }

    /// A key.
    pub fn press(&mut self, analysis: &Analysis, event: KeyEvent) -> Did {
        let control = event.modifiers.contains(KeyModifiers::CONTROL);
        let count = self.questions.len();
        let picks = self.questions.get(self.row).is_some_and(|(_, input)| matches!(input.way, Way::Pick(_)));
        match event.code {
            KeyCode::Esc => return Did::Leaves,
            KeyCode::Tab => self.row = (self.row + 1) % count.max(1),
            KeyCode::BackTab => self.row = (self.row + count.max(1) - 1) % count.max(1),
            KeyCode::Down if !picks => self.row = (self.row + 1).min(count.saturating_sub(1)),
            KeyCode::Up if !picks => self.row = self.row.saturating_sub(1),
            KeyCode::PageDown => self.offset = self.offset.saturating_add(5),
            KeyCode::PageUp => self.offset = self.offset.saturating_sub(5),
            KeyCode::Enter => {
                // What is typed to find a word among several is meant to be that word.
                if let Some((_, Input { way: Way::Pick(pick), .. })) = self.questions.get_mut(self.row)
                    && pick.takes_word()
                {
                    return self.answered_here(analysis);
                }
                return Did::Keeps;
            }
            _ => {
                let Some((_, input)) = self.questions.get_mut(self.row) else { return Did::Nothing };
                let event = match (&input.way, event.code) {
                    // No word is found by its blanks alone, so a blank always chooses.
                    (Way::Pick(pick), KeyCode::Char(' ')) if pick.chosen.is_some() => {
                        KeyEvent::new(KeyCode::Tab, KeyModifiers::NONE)
                    }
                    (_, KeyCode::Char('c')) if control => return Did::Nothing,
                    _ => event,
                };
                if input.press(event) == Accepted::Changed {
                    return self.answered_here(analysis);
                }
            }
        }
        Did::Nothing
    }

    /// Pasted text goes where one types.
    pub fn paste(&mut self, analysis: &Analysis, text: &str) -> Did {
        let Some((_, input)) = self.questions.get_mut(self.row) else { return Did::Nothing };
        input.paste(text);
        self.answered_here(analysis)
    }

    /// A click on a line of the questions: one of them, or one of the choices below it.
    pub fn click(&mut self, analysis: &Analysis, line: usize, most: usize) -> Did {
        let (choices, offset) = match self.questions.get(self.row) {
            Some((_, Input { way: Way::Pick(pick), .. })) => {
                let shown = pick.shown.len().min(most);
                (shown, crate::tui::form::draw::first_choice(pick, most))
            }
            _ => (0, 0),
        };
        if line <= self.row {
            self.row = line;
        } else if line <= self.row + choices {
            let place = offset + line - self.row - 1;
            if let Some((_, Input { way: Way::Pick(pick), .. })) = self.questions.get_mut(self.row) {
                pick.choose(place);
            }
            return self.answered_here(analysis);
        } else if line - choices < self.questions.len() {
            self.row = line - choices;
        }
        Did::Nothing
    }

    /// Scrolls what it comes to.
    pub fn scroll(&mut self, delta: isize) {
        self.offset = self.offset.saturating_add_signed(delta);
    }

    fn answered_here(&mut self, analysis: &Analysis) -> Did {
        let Some((question, input)) = self.questions.get(self.row) else { return Did::Nothing };
        let (id, words) = (question.id, answer(input));
        if self.wish.words(id) == words {
            return Did::Nothing;
        }
        self.answered.insert(id);
        self.wish.answers.insert(id, words);
        self.refresh(analysis);
        self.offset = 0;
        Did::Changed
    }
}

/// What is answered.
fn answer(input: &Input) -> Vec<String> {
    match input.value() {
        Said::Words(words) => words,
        Said::Text(text) => vec![text],
    }
}

/// The personas and all else of a kind that have a card, each as a choice.
fn declared(catalog: &Catalog, kind: EntityKind) -> Vec<Entity> {
    use crate::catalog::{ComponentId, PersonId, PersonaId, ProcessId, ScenarioId, SkillId, TeamId};
    let all: Vec<Entity> = match kind {
        EntityKind::Persona => {
            (0..catalog.personas.len()).map(|place| PersonaId::from_index(place).into()).collect()
        }
        EntityKind::Process => {
            (0..catalog.processes.len()).map(|place| ProcessId::from_index(place).into()).collect()
        }
        EntityKind::Component => {
            (0..catalog.components.len()).map(|place| ComponentId::from_index(place).into()).collect()
        }
        EntityKind::Skill => {
            (0..catalog.skills.len()).map(|place| SkillId::from_index(place).into()).collect()
        }
        EntityKind::Team => (0..catalog.teams.len()).map(|place| TeamId::from_index(place).into()).collect(),
        EntityKind::Person => {
            (0..catalog.people.len()).map(|place| PersonId::from_index(place).into()).collect()
        }
        EntityKind::Scenario => {
            (0..catalog.scenarios.len()).map(|place| ScenarioId::from_index(place).into()).collect()
        }
        EntityKind::Catalog
        | EntityKind::Step
        | EntityKind::Decision
        | EntityKind::DutySet
        | EntityKind::Name => Vec::new(),
    };
    all.into_iter().filter(|entity| catalog.is_declared(*entity)).collect()
}

/// The kind of card that an entity of a kind has.
#[must_use]
pub fn card_kind(kind: EntityKind) -> Option<crate::card::kinds::Kind> {
    use crate::card::kinds::Kind as Card;
    Some(match kind {
        EntityKind::Persona => Card::Persona,
        EntityKind::Process => Card::Process,
        EntityKind::Component => Card::Component,
        EntityKind::Skill => Card::Skill,
        EntityKind::Team => Card::Team,
        EntityKind::Person => Card::Person,
        EntityKind::Scenario => Card::Scenario,
        EntityKind::Catalog
        | EntityKind::Step
        | EntityKind::Decision
        | EntityKind::DutySet
        | EntityKind::Name => return None,
    })
}

/// A word as it is typed, without what stands around it.
fn trimmed(word: &str) -> String {
    Name::new(word).written().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_deed_is_in_the_table_once_and_in_order() {
        let names: Vec<String> = DEEDS.iter().map(|entry| format!("{:?}", entry.kind)).collect();
        assert!(names.is_sorted());
        for entry in &DEEDS {
            assert_eq!(super::entry(entry.kind).kind, entry.kind);
        }
    }
}

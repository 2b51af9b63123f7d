//! What one types into: a line, a text of several lines, or words to choose from.
//!
//! It knows keys and what was typed; what that means for a card is the form's affair.

use std::collections::BTreeSet;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui_textarea::{CursorMove, TextArea};

use crate::analysis::Analysis;
use crate::card::fields::Takes;
use crate::card::kinds::Kind;
use crate::card::node::Node;
use crate::card::words::fold;
use crate::tui::model::Cursor;
use crate::tui::text::Fuzzy;

use super::page::{Row, What, short};
use super::words::{Around, Choice, Refers, choices};

/// How many choices are shown.
pub const SHOWN: usize = 8;

/// What a key came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// It was moved about in.
    No,
    /// Something else is typed or chosen.
    Changed,
    /// It is left without being kept.
    Leaves,
    /// It is kept; `onward` goes to the next field.
    Yes {
        /// Whether the next field is wanted.
        onward: bool,
    },
}

/// What is typed or chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// A text.
    Text(String),
    /// Words.
    Words(Vec<String>),
}

/// What one types into.
#[derive(Clone, Debug)]
pub struct Input {
    /// Whether a new item is typed, rather than a value changed.
    pub adding: bool,
    /// How it is typed.
    pub way: Way,
}

/// How it is typed.
#[derive(Clone, Debug)]
pub enum Way {
    /// On one line.
    Line(TextArea<'static>),
    /// On several lines.
    Text(TextArea<'static>),
    /// By choosing.
    Pick(Box<Pick>),
}

/// Words to choose from.
#[derive(Clone, Debug)]
pub struct Pick {
    /// What is typed to find one.
    pub query: String,
    /// Everything there is.
    pub all: Vec<Choice>,
    /// What is found.
    pub shown: Vec<Offer>,
    /// Which of it is selected.
    pub cursor: Cursor,
    /// Of several words: those that are chosen, in their order.
    pub chosen: Option<Vec<String>>,
    creates: Option<Kind>,
    typed: bool,
}

/// A line of what is found.
#[derive(Clone, Debug)]
pub enum Offer {
    /// A choice, and which letters of what it says matched.
    Known(usize, Vec<usize>),
    /// The word as it is typed.
    AsTyped,
    /// The word as it is typed, with a card of its own.
    Create(Kind),
}

impl Input {
    /// For a value of a row, or for a new item of its list.
    #[must_use]
    pub fn new(analysis: &Analysis, row: &Row, around: &Around, adding: bool, draft: Option<String>) -> Self {
        let now = if adding { String::new() } else { row.text.clone() };
        let several = matches!(row.what, What::Words) && !adding;
        let mut all = match row.field.takes {
            Takes::Choice(words) => words
                .iter()
                .map(|word| Choice { word: (*word).to_owned(), about: String::new(), also: String::new() })
                .collect(),
            Takes::Flag => ["true", "false"]
                .map(|word| Choice { word: word.to_owned(), about: String::new(), also: String::new() })
                .to_vec(),
            _ => choices(analysis, row.refers, around),
        };
        if matches!(row.what, What::Entry(_)) {
            all = choices(
                analysis,
                if row.field.name == "rules" { Refers::Severity } else { Refers::AccessLevel },
                around,
            );
        }
        if matches!(row.what, What::Text) {
            let text = draft.unwrap_or_else(|| match &row.node {
                Some(Node::Text(text)) => text.trim_end().to_owned(),
                Some(other) => short(other),
                None => String::new(),
            });
            let mut area = TextArea::new(text.lines().map(str::to_owned).collect());
            area.move_cursor(CursorMove::Bottom);
            area.move_cursor(CursorMove::End);
            return Self { adding, way: Way::Text(area) };
        }
        let free = adding && matches!(row.what, What::Entry(_) | What::NoEntry);
        let picks = !all.is_empty() && !free;
        if !picks && !several {
            let value = if matches!(row.what, What::Entry(_)) && !adding {
                row.detail.clone()
            } else {
                draft.unwrap_or(now)
            };
            let mut area = TextArea::from([value]);
            area.move_cursor(CursorMove::End);
            return Self { adding, way: Way::Line(area) };
        }
        let chosen = several.then(|| match &row.node {
            Some(Node::List(items)) => items.iter().map(short).collect(),
            Some(Node::Null) | None => Vec::new(),
            Some(one) => vec![short(one)],
        });
        // Words on the card that are not among the choices can be kept, and taken away.
        for word in chosen.iter().flatten() {
            if !all.iter().any(|choice| is_choice(choice, word)) {
                all.push(Choice { word: word.clone(), about: "not known".to_owned(), also: String::new() });
            }
        }
        let current = if matches!(row.what, What::Entry(_)) { row.detail.clone() } else { now };
        let mut pick = Pick {
            query: draft.unwrap_or_default(),
            all,
            shown: Vec::new(),
            cursor: Cursor::default(),
            chosen,
            creates: row.refers.creates(),
            typed: matches!(row.field.takes, Takes::Choice(_) | Takes::Flag),
        };
        pick.find();
        if !several {
            let at = pick.shown.iter().position(
                |offer| matches!(offer, Offer::Known(place, _) if is_choice(&pick.all[*place], &current)),
            );
            pick.cursor.to(at.unwrap_or(0), pick.shown.len(), SHOWN);
        }
        Self { adding, way: Way::Pick(Box::new(pick)) }
    }

    /// For a line of text.
    #[must_use]
    pub fn line(now: &str) -> Self {
        let mut area = TextArea::from([now]);
        area.move_cursor(CursorMove::End);
        Self { adding: false, way: Way::Line(area) }
    }

    /// For one of some words; where it is open also for another.
    #[must_use]
    pub fn pick(all: Vec<Choice>, now: &str, open: bool) -> Self {
        let mut pick = Pick::of(all, None, !open);
        let known = pick.all.iter().position(|choice| is_choice(choice, now));
        if known.is_none() && open {
            now.clone_into(&mut pick.query);
        }
        pick.find();
        if let Some(known) = known {
            pick.go_to(known);
        }
        Self { adding: false, way: Way::Pick(Box::new(pick)) }
    }

    /// For some of some words.
    #[must_use]
    pub fn ticks(all: Vec<Choice>, now: Vec<String>) -> Self {
        let mut pick = Pick::of(all, Some(now), true);
        pick.find();
        Self { adding: false, way: Way::Pick(Box::new(pick)) }
    }

    /// What is typed, as a text.
    #[must_use]
    pub fn text(&self) -> String {
        match &self.way {
            Way::Line(area) => area.lines().first().cloned().unwrap_or_default(),
            Way::Text(area) => area.lines().join("\n"),
            Way::Pick(pick) => pick.query.clone(),
        }
    }

    /// What it means.
    #[must_use]
    pub fn value(&self) -> Said {
        match &self.way {
            Way::Line(_) | Way::Text(_) => Said::Text(self.text()),
            Way::Pick(pick) => match &pick.chosen {
                Some(chosen) => Said::Words(chosen.clone()),
                None => Said::Text(pick.word().unwrap_or_default()),
            },
        }
    }

    /// The kind and name of the card that is to be created with it.
    #[must_use]
    pub fn creates(&self) -> Option<(Kind, String)> {
        let Way::Pick(pick) = &self.way else { return None };
        match pick.shown.get(pick.cursor.row)? {
            Offer::Create(kind) => Some((*kind, pick.query.trim().to_owned())),
            Offer::Known(..) | Offer::AsTyped => None,
        }
    }

    /// Pasted text; where there is one line only its lines come one after the other.
    pub fn paste(&mut self, text: &str) {
        let text: String = text.replace("\r\n", "\n").replace('\r', "\n");
        let line =
            || text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
        match &mut self.way {
            Way::Line(area) => {
                area.insert_str(line());
            }
            Way::Text(area) => {
                area.insert_str(text);
            }
            Way::Pick(pick) => {
                pick.query.push_str(&line());
                pick.find();
            }
        }
    }

    /// Moves among choices, as the wheel does.
    pub fn scroll(&mut self, delta: isize) {
        if let Way::Pick(pick) = &mut self.way {
            let _ = pick.step(delta);
        }
    }

    /// A key.
    pub fn press(&mut self, event: KeyEvent) -> Accepted {
        let control = event.modifiers.contains(KeyModifiers::CONTROL);
        if event.code == KeyCode::Esc {
            return Accepted::Leaves;
        }
        match &mut self.way {
            Way::Line(area) => match event.code {
                KeyCode::Enter => Accepted::Yes { onward: false },
                KeyCode::Tab => Accepted::Yes { onward: true },
                KeyCode::Char('u') if control => {
                    *area = TextArea::from([String::new()]);
                    Accepted::Changed
                }
                _ => {
                    if area.input(event) {
                        Accepted::Changed
                    } else {
                        Accepted::No
                    }
                }
            },
            Way::Text(area) => match event.code {
                KeyCode::Char('s') if control => Accepted::Yes { onward: false },
                KeyCode::Tab => Accepted::Yes { onward: true },
                KeyCode::Enter if event.modifiers.contains(KeyModifiers::ALT) => {
                    Accepted::Yes { onward: false }
                }
                _ => {
                    if area.input(event) {
                        Accepted::Changed
                    } else {
                        Accepted::No
                    }
                }
            },
            Way::Pick(pick) => pick.press(event, control),
        }
    }
}

impl Pick {
    fn of(all: Vec<Choice>, chosen: Option<Vec<String>>, typed: bool) -> Self {
        Self {
            query: String::new(),
            all,
            shown: Vec::new(),
            cursor: Cursor::default(),
            chosen,
            creates: None,
            typed,
        }
    }

    /// Selects what is found at a place.
    pub fn go_to(&mut self, place: usize) {
        self.cursor.to(place, self.shown.len(), SHOWN);
    }

    /// Chooses what is found at a place, as a click does; of several words it may take it back.
    pub fn choose(&mut self, place: usize) {
        self.go_to(place);
        if self.chosen.is_some() {
            self.toggle_kept();
        }
    }

    /// Of several words: takes the one that is typed in order to be found. Whether one was typed.
    pub fn takes_word(&mut self) -> bool {
        if self.chosen.is_none() || self.query.trim().is_empty() {
            return false;
        }
        self.toggle();
        true
    }

    fn press(&mut self, event: KeyEvent, control: bool) -> Accepted {
        match event.code {
            KeyCode::Down => self.step(1),
            KeyCode::Up | KeyCode::BackTab => self.step(-1),
            KeyCode::Char('n') if control => self.step(1),
            KeyCode::Char('p') if control => self.step(-1),
            KeyCode::PageDown => self.step(isize::try_from(SHOWN).unwrap_or(8)),
            KeyCode::PageUp => self.step(-isize::try_from(SHOWN).unwrap_or(8)),
            KeyCode::Tab if self.chosen.is_some() => self.toggle(),
            KeyCode::Char(' ') if self.chosen.is_some() && self.query.is_empty() => self.toggle(),
            KeyCode::Tab => Accepted::Yes { onward: true },
            KeyCode::Enter => {
                // What is typed to find a word is meant to be that word.
                if self.chosen.is_some() && !self.query.trim().is_empty() {
                    let create = matches!(self.shown.get(self.cursor.row), Some(Offer::Create(_)));
                    if !self.has_selected() {
                        self.toggle_kept();
                    }
                    if create {
                        return Accepted::Yes { onward: false };
                    }
                    self.query.clear();
                    self.find();
                }
                Accepted::Yes { onward: false }
            }
            KeyCode::Backspace if self.query.is_empty() && self.chosen.is_none() => Accepted::No,
            KeyCode::Backspace if control => {
                self.query.clear();
                self.find();
                Accepted::Changed
            }
            KeyCode::Backspace => {
                self.query.pop();
                self.find();
                Accepted::Changed
            }
            KeyCode::Char('u') if control => {
                self.query.clear();
                self.find();
                Accepted::Changed
            }
            KeyCode::Char(letter) if !control => {
                self.query.push(letter);
                self.find();
                Accepted::Changed
            }
            _ => Accepted::No,
        }
    }

    fn step(&mut self, delta: isize) -> Accepted {
        self.cursor.by(delta, self.shown.len(), SHOWN);
        if self.chosen.is_some() { Accepted::No } else { Accepted::Changed }
    }

    fn toggle(&mut self) -> Accepted {
        self.toggle_kept();
        self.query.clear();
        let at = self.cursor;
        self.find();
        self.cursor.to(at.row, self.shown.len(), SHOWN);
        Accepted::Changed
    }

    fn toggle_kept(&mut self) {
        let (Some(word), known) = (self.word(), self.known()) else { return };
        let Some(chosen) = &mut self.chosen else { return };
        let same = |own: &String| match &known {
            Some(choice) => is_choice(choice, own),
            None => fold(own) == fold(&word),
        };
        match chosen.iter().position(same) {
            Some(place) => {
                chosen.remove(place);
            }
            None => chosen.push(word),
        }
    }

    /// Whether the selected word is among the chosen.
    #[must_use]
    fn has_selected(&self) -> bool {
        let (Some(word), Some(chosen)) = (self.word(), &self.chosen) else { return false };
        chosen.iter().any(|own| match self.known() {
            Some(choice) => is_choice(&choice, own),
            None => fold(own) == fold(&word),
        })
    }

    /// Whether a choice is among the chosen.
    #[must_use]
    pub fn is_chosen(&self, choice: &Choice) -> bool {
        self.chosen.iter().flatten().any(|word| is_choice(choice, word))
    }

    fn known(&self) -> Option<Choice> {
        match self.shown.get(self.cursor.row)? {
            Offer::Known(place, _) => self.all.get(*place).cloned(),
            Offer::AsTyped | Offer::Create(_) => None,
        }
    }

    /// The selected word.
    #[must_use]
    fn word(&self) -> Option<String> {
        match self.shown.get(self.cursor.row) {
            Some(Offer::Known(place, _)) => self.all.get(*place).map(|choice| choice.word.clone()),
            Some(Offer::AsTyped | Offer::Create(_)) => Some(self.query.trim().to_owned()),
            None => None,
        }
    }

    fn find(&mut self) {
        let fuzzy = Fuzzy::new(self.query.trim());
        let mut found: Vec<(i64, usize, Vec<usize>)> = self
            .all
            .iter()
            .enumerate()
            .filter_map(|(place, choice)| {
                let (score, letters) = fuzzy.find(&line(choice))?;
                Some((score, place, letters))
            })
            .collect();
        // Of equals the earlier comes first.
        found.sort_by_key(|(score, place, _)| (std::cmp::Reverse(*score), *place));
        self.shown = found.into_iter().map(|(_, place, letters)| Offer::Known(place, letters)).collect();
        let word = self.query.trim();
        let exact: BTreeSet<String> =
            self.all.iter().flat_map(|choice| [fold(&choice.word), fold(&choice.also)]).collect();
        if !word.is_empty() && !exact.contains(&fold(word)) && !self.typed {
            self.shown.push(Offer::AsTyped);
            self.shown.extend(self.creates.map(Offer::Create));
        }
        self.cursor = Cursor::default();
    }
}

/// What a choice says on its line, as it is searched.
#[must_use]
pub fn line(choice: &Choice) -> String {
    if choice.also.is_empty() { choice.word.clone() } else { format!("{}  {}", choice.word, choice.also) }
}

fn is_choice(choice: &Choice, word: &str) -> bool {
    fold(&choice.word) == fold(word) || (!choice.also.is_empty() && fold(&choice.also) == fold(word))
}

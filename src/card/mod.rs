//! One file's text <-> typed cards.
//!
//! [`parse()`] turns the bytes of a file into its cards *and* its problems. A card says what the
//! file says: what its words refer to is for [`crate::catalog`] to find out. Nothing here reads a
//! file, and nothing here knows of a second one.

use std::sync::{Arc, OnceLock};

pub mod edit;
pub mod fields;
pub mod format;
pub mod kinds;
pub mod node;
mod parse;
pub mod path;
pub mod problem;
mod reader;
mod said;
pub mod schema;
pub mod source;
pub mod visible;
pub mod words;

pub use parse::{LARGEST_FILE, parse, parse_text, parse_with};
pub use said::Said;

use kinds::Card;
use path::Item;
use problem::Problem;

/// What becomes of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// Relative to the catalog's root, with `/` between folders.
    pub path: Arc<str>,
    /// Its text now, without a byte-order mark; none where it is new.
    pub before: Option<Arc<str>>,
    /// Its text then; none where it goes.
    pub after: Option<Arc<str>>,
}

/// A file, read: its text, its cards in order, and what is wrong with it.
#[derive(Clone, Debug)]
pub struct CardFile {
    /// Relative to the catalog's root, with `/` between folders.
    pub path: Arc<str>,
    /// The text, without a byte-order mark. Empty where the file could not be read.
    pub text: Arc<str>,
    /// The cards, in the order of the file.
    pub cards: Vec<PlacedCard>,
    /// The problems, in the order of the file.
    pub problems: Vec<Problem>,
    /// Whether text and cards are of an earlier version than the problems.
    kept: bool,
    /// The words of the text, once somebody asked.
    said: OnceLock<Said>,
}

impl CardFile {
    /// A file of which nothing could be read.
    #[must_use]
    pub fn failed(problem: Problem) -> Self {
        Self {
            path: problem.file.as_str().into(),
            text: "".into(),
            cards: Vec::new(),
            problems: vec![problem],
            kept: false,
            said: OnceLock::new(),
        }
    }

    /// Whether nothing of it could be read.
    #[must_use]
    pub fn is_unreadable(&self) -> bool {
        self.cards.is_empty() && self.problems.iter().any(|problem| problem.level == problem::Level::Error)
    }

    /// Which words it says.
    #[must_use]
    pub fn said(&self) -> &Said {
        self.said.get_or_init(|| Said::of(&self.text))
    }

    /// Whether its cards are of an earlier version.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.kept
    }

    /// The problems of this version with the cards of an earlier one, so that a file that is broken
    /// for a moment does not take its cards from the screen.
    #[must_use]
    pub fn with_cards_of(&self, good: &Self) -> Self {
        let mut problems = self.problems.clone();
        for problem in &mut problems {
            problem.hint.push_str(" Until then the cards are shown as they were before.");
        }
        Self {
            text: good.text.clone(),
            cards: good.cards.clone(),
            problems,
            path: self.path.clone(),
            kept: true,
            said: OnceLock::new(),
        }
    }
}

/// A card and where in its file it stands.
#[derive(Clone, Debug)]
pub struct PlacedCard {
    /// Where it stands.
    pub spot: Spot,
    /// The card.
    pub card: Card,
}

/// Where in a file a card stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Spot {
    /// The document, from 0.
    pub document: u32,
    /// In a `...List`, the item.
    pub item: Option<Item>,
}
